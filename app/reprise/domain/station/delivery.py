"""What becomes of a report on its way to the server."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from reprise.domain.station.connectivity import Reach

SLOWEST = 4096  # bytes/s at which a report must get from a station to a server
LARGEST = 4 << 20  # bytes of a report that a server takes unless told otherwise; ours: a few 100 KB
# Of those the JSON itself: signed, it is written in base64url, with a header and a signature.
LARGEST_PAYLOAD = (LARGEST - 4096) // 4 * 3


@dataclass(frozen=True, slots=True)
class Receipt:
    """The server's word that it has stored exactly these bytes."""

    report_id: str
    sha256: str  # hex, of the JWS bytes
    received_at: str  # ISO 8601, the server's clock


class DeliveryResult(StrEnum):
    ACCEPTED = "accepted"  # with a receipt for our very bytes
    REFUSED = "refused"  # the server understood and will not have it
    RETRY = "retry"  # the server's health, or an answer that proves nothing
    OFFLINE = "offline"  # no server was reached: no use in trying other reports now


@dataclass(frozen=True, slots=True)
class Delivery:
    """One try at sending one report. `detail` is the server's or the network's own word."""

    outcome: DeliveryResult
    detail: str = ""
    receipt: bytes = b""  # the receipt's exact bytes, kept as they came
    reason: Reach | None = None  # why not; None: the server's own word says it
    about: str = ""  # an address, a name, a date, for the reason's sentence


@dataclass(frozen=True, slots=True)
class SendRound:
    """How many reports one round over the outbox left in each state."""

    sent: int = 0
    refused: int = 0
    waiting: int = 0
