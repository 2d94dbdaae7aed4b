"""Sends what waits in the outbox: once, or for ever with back-off."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from threading import Lock
from typing import Protocol, TypeVar

from reprise.domain.station.connectivity import Reach
from reprise.domain.station.delivery import Delivery, DeliveryResult, SendRound
from reprise.errors import RefusedError, foreseen
from reprise.i18n import _
from reprise.ports import OutboxItem, StopFlag

_logger = logging.getLogger(__name__)
_FIRST_S = 5.0
_LONGEST_S = 300.0  # a technician who fixes the network at the bench must not wait longer


class Uplink(Protocol):
    @property
    def server(self) -> str: ...

    def send(self, report_id: str, jws: bytes) -> Delivery: ...


LinkT = TypeVar("LinkT", bound=Uplink)


class Queue(Protocol):
    """ports.Outbox as the sender needs it."""

    def items(self) -> Sequence[OutboxItem]: ...

    def read(self, report_id: str) -> bytes | None: ...

    def mark_sent(self, report_id: str, receipt: bytes) -> None: ...

    def mark_refused(self, report_id: str, delivery: Delivery) -> None: ...

    def mark_waiting(self, report_id: str, delivery: Delivery) -> None: ...


class Watch(Protocol):
    def wait(self, timeout_s: float, known: frozenset[str]) -> bool:
        """True early where the network changed or a report not in `known` was queued."""
        ...


@dataclass(frozen=True, slots=True)
class Summary:
    """What one round did. `known`: every report that was looked at. `unread`: of those that wait,
    what nobody can send, as its file cannot be read."""

    sent: tuple[str, ...] = ()
    refused: tuple[str, ...] = ()
    waiting: tuple[str, ...] = ()
    unread: tuple[str, ...] = ()
    known: frozenset[str] = frozenset()
    offline: bool = False  # the server was out of reach

    @property
    def goes_on(self) -> bool:
        """Whether another round could do better."""
        return set(self.waiting) > set(self.unread)


@dataclass(slots=True)
class Rotation:
    """Whose it is in the next of several rounds: it begins behind the report that was tried last.
    One that is always met with silence ends each round, and must not keep the others waiting."""

    last: str = ""

    def order(self, items: Sequence[OutboxItem]) -> Sequence[OutboxItem]:
        return sorted(items, key=lambda item: (item.report_id <= self.last, item.report_id))


def deliver(
    queue: Queue, uplink: Uplink, *, refused_too: bool = False, turn: Rotation | None = None
) -> Summary:
    """One round over the outbox. `refused_too` tries again what the server refused before: a
    station may have been enrolled since. Once the server is out of reach the rest just waits."""
    turn = turn or Rotation()
    became: dict[str, DeliveryResult] = {}
    offline = False
    left = [item for item in queue.items() if item.state != "sent"]
    unread = tuple(item.report_id for item in left if item.reason is Reach.UNREAD)
    for item in turn.order(left):
        if item.report_id in unread:
            outcome = DeliveryResult.RETRY
        elif item.state == "refused" and not refused_too:
            outcome = DeliveryResult.REFUSED
        elif offline:
            outcome = DeliveryResult.OFFLINE
        else:
            turn.last = item.report_id
            outcome = _deliver_one(queue, uplink, item.report_id)
            offline = outcome is DeliveryResult.OFFLINE
        became[item.report_id] = outcome

    def those(*outcomes: DeliveryResult) -> tuple[str, ...]:
        return tuple(report_id for report_id, outcome in became.items() if outcome in outcomes)

    waiting = those(DeliveryResult.RETRY, DeliveryResult.OFFLINE)
    return Summary(
        those(DeliveryResult.ACCEPTED),
        those(DeliveryResult.REFUSED),
        waiting,
        unread,
        frozenset(became),
        offline,
    )


def _deliver_one(queue: Queue, uplink: Uplink, report_id: str) -> DeliveryResult:
    jws = queue.read(report_id)
    if jws is None:
        return DeliveryResult.RETRY
    delivery = uplink.send(report_id, jws)
    if delivery.outcome is DeliveryResult.ACCEPTED:
        queue.mark_sent(report_id, delivery.receipt)
    elif delivery.outcome is DeliveryResult.REFUSED:
        queue.mark_refused(report_id, delivery)
    else:
        queue.mark_waiting(report_id, delivery)
    return delivery.outcome


class Resend:
    """ports.sheets.reports.ReportSender: what a person asks for, beside the service that sends by
    itself. Both may send the same report: the server files it once. `uplink` raises InputError
    where no server is set."""

    def __init__(self, queue: Queue, uplink: Callable[[], Uplink]) -> None:
        self._queue, self._uplink = queue, uplink
        self._sending, self._turn = Lock(), Rotation()

    def send_now(self) -> SendRound:
        if not self._sending.acquire(blocking=False):
            raise RefusedError(_("The reports are being sent already."))
        try:
            with foreseen():
                done = deliver(self._queue, self._uplink(), refused_too=True, turn=self._turn)
        finally:
            self._sending.release()
        return SendRound(len(done.sent), len(done.refused), len(done.waiting))


def backoff_s(failures: int, jitter: float) -> float:
    """Seconds until the next try after `failures` rounds in a row; `jitter` 0…1 spreads a room
    full of stations over the second half of each pause."""
    pause = min(_LONGEST_S, _FIRST_S * 2.0 ** min(failures - 1, 10))
    return pause * (0.5 + jitter / 2)


def _known(queue: Queue) -> frozenset[str]:
    return frozenset(item.report_id for item in queue.items())


def _known_if_listed(queue: Queue) -> frozenset[str]:
    """What was there when a round failed must not wake the next at once."""
    try:
        return _known(queue)
    except Exception:  # the watch sees them once they can be listed
        _logger.exception("the reports cannot be listed")
        return frozenset()


def _greet(greet: Callable[[LinkT, Summary], None], link: LinkT, summary: Summary) -> None:
    """Of no weight: whatever goes wrong with it, the round was as it was."""
    if summary.offline:
        return
    try:
        greet(link, summary)
    except Exception:
        _logger.exception("the server was not told how this station is")


def deliver_for_ever(
    queue: Queue,
    uplink: Callable[[], LinkT | None],
    watch: Watch,
    stop: StopFlag,
    jitter: Callable[[], float],
    *,
    greet: Callable[[LinkT, Summary], None] = lambda _link, _summary: None,
) -> None:
    """Until `stop`. `uplink` is asked every round, as the settings on a stick may have changed;
    None: no server is set. What was refused is tried again once per start of this service. `greet`
    tells a server that is in reach how this station is."""
    failures = 0
    refused_too = True
    turn = Rotation()
    while not stop.is_set():
        link: LinkT | None = None
        try:
            link = uplink()
            if link is None:
                summary = Summary(known=_known(queue))
            else:
                summary = deliver(queue, link, refused_too=refused_too, turn=turn)
                _greet(greet, link, summary)
        except Exception:  # the next round may do better
            _logger.exception("this round failed")
            summary = Summary(waiting=("",), known=_known_if_listed(queue))
        if link is not None:
            refused_too = refused_too and summary.goes_on
        failures = failures + 1 if summary.goes_on else 0
        pause = backoff_s(failures, jitter()) if failures else _LONGEST_S
        if watch.wait(pause, summary.known):
            failures = 0
