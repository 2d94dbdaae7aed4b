"""What becomes of a report on its way to the server."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


@dataclass(frozen=True, slots=True)
class Receipt:
    """The server's word that it has stored exactly these bytes."""

    report_id: str
    sha256: str  # hex, of the JWS bytes
    received_at: str  # ISO 8601, the server's clock


class Outcome(StrEnum):
    ACCEPTED = "accepted"  # with a receipt for our very bytes
    REFUSED = "refused"  # the server understood and will not have it
    RETRY = "retry"  # the server's health, or an answer that proves nothing
    OFFLINE = "offline"  # no server was reached: no use in trying other reports now


@dataclass(frozen=True, slots=True)
class Delivery:
    """One try at sending one report. `detail` is the server's or the network's own word."""

    outcome: Outcome
    detail: str = ""
    receipt: bytes = b""  # the receipt's exact bytes, kept as they came


@dataclass(frozen=True, slots=True)
class KnownReport:
    """One report as the station knows it. `state`: see ports.OutboxItem."""

    report_id: str
    state: str
    said: str = ""  # the server's last word, or the last error, as ports.OutboxItem.detail
    since: str = ""  # ISO 8601: of that word, by the server's clock where it has the report
    pc: str = ""  # asset tag, make, model and serial number of the PC that it is about


@dataclass(frozen=True, slots=True)
class Holdings:
    """All reports, and where they lie. `problem`: why the stick does not take what is written, in
    words; `free_bytes` None: no stick."""

    reports: tuple[KnownReport, ...]
    server: str  # "" where none is set
    where: str  # "stick", "memory" or "folder"
    problem: str = ""
    free_bytes: int | None = None
