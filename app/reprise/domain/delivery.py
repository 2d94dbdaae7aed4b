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
class SendRound:
    """How many reports one round over the outbox left in each state."""

    sent: int = 0
    refused: int = 0
    waiting: int = 0
