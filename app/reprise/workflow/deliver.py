"""Sends what waits in the outbox: once, or for ever with back-off."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from threading import Lock
from typing import Protocol

from reprise.domain.delivery import Delivery, Outcome, SendRound
from reprise.errors import RefusedError
from reprise.i18n import _
from reprise.ports import OutboxItem, StopFlag

_FIRST_S = 5.0
_LONGEST_S = 300.0  # a technician who fixes the network at the bench must not wait longer


class Uplink(Protocol):
    @property
    def server(self) -> str: ...

    def send(self, report_id: str, jws: bytes) -> Delivery: ...


class Queue(Protocol):
    """ports.Outbox as the sender needs it."""

    def items(self) -> Sequence[OutboxItem]: ...

    def read(self, report_id: str) -> bytes | None: ...

    def mark_sent(self, report_id: str, receipt: bytes) -> None: ...

    def mark_refused(self, report_id: str, detail: str) -> None: ...

    def mark_waiting(self, report_id: str, detail: str) -> None: ...


class Watch(Protocol):
    def wait(self, timeout_s: float, known: frozenset[str]) -> bool:
        """True early where the network changed or a report not in `known` was queued."""
        ...


@dataclass(frozen=True, slots=True)
class Summary:
    """What one round did. `known`: every report that was looked at."""

    sent: tuple[str, ...] = ()
    refused: tuple[str, ...] = ()
    waiting: tuple[str, ...] = ()
    known: frozenset[str] = frozenset()


def deliver(queue: Queue, uplink: Uplink, *, refused_too: bool = False) -> Summary:
    """One round over the outbox. `refused_too` tries again what the server refused before: a
    station may have been enrolled since. Once the server is out of reach the rest just waits."""
    sent: list[str] = []
    refused: list[str] = []
    waiting: list[str] = []
    items = [item for item in queue.items() if item.state != "sent"]
    offline = False
    for item in items:
        jws = None if offline else queue.read(item.report_id)
        if item.state == "refused" and not refused_too:
            refused.append(item.report_id)
        elif jws is None:
            waiting.append(item.report_id)
        else:
            outcome = _deliver_one(queue, uplink, item.report_id, jws)
            offline = outcome is Outcome.OFFLINE
            {Outcome.ACCEPTED: sent, Outcome.REFUSED: refused}.get(outcome, waiting).append(
                item.report_id
            )
    known = frozenset(item.report_id for item in items)
    return Summary(tuple(sent), tuple(refused), tuple(waiting), known)


def _deliver_one(queue: Queue, uplink: Uplink, report_id: str, jws: bytes) -> Outcome:
    delivery = uplink.send(report_id, jws)
    if delivery.outcome is Outcome.ACCEPTED:
        queue.mark_sent(report_id, delivery.receipt)
    elif delivery.outcome is Outcome.REFUSED:
        queue.mark_refused(report_id, delivery.detail)
    else:
        queue.mark_waiting(report_id, delivery.detail)
    return delivery.outcome


class Resend:
    """tool_ports.reports.ReportSender: what a person asks for, beside the service that sends by
    itself. Both may send the same report: the server files it once. `uplink` raises InputError
    where no server is set."""

    def __init__(self, queue: Queue, uplink: Callable[[], Uplink]) -> None:
        self._queue, self._uplink = queue, uplink
        self._sending = Lock()

    def send_now(self) -> SendRound:
        if not self._sending.acquire(blocking=False):
            raise RefusedError(_("The reports are being sent already."))
        try:
            done = deliver(self._queue, self._uplink(), refused_too=True)
        finally:
            self._sending.release()
        return SendRound(len(done.sent), len(done.refused), len(done.waiting))


def backoff_s(failures: int, jitter: float) -> float:
    """Seconds until the next try after `failures` rounds in a row; `jitter` 0…1 spreads a room
    full of stations over the second half of each pause."""
    pause = min(_LONGEST_S, _FIRST_S * 2.0 ** min(failures - 1, 10))
    return pause * (0.5 + jitter / 2)


def deliver_for_ever(
    queue: Queue,
    uplink: Callable[[], Uplink | None],
    watch: Watch,
    stop: StopFlag,
    jitter: Callable[[], float],
) -> None:
    """Until `stop`. `uplink` is asked every round, as the settings on a stick may have changed;
    None: no server is set. What was refused is tried again once per start of this service."""
    failures = 0
    refused_too = True
    while not stop.is_set():
        link = uplink()
        if link is None:
            known = frozenset(item.report_id for item in queue.items())
            watch.wait(_LONGEST_S, known)
            continue
        summary = deliver(queue, link, refused_too=refused_too)
        refused_too = refused_too and bool(summary.waiting)
        failures = failures + 1 if summary.waiting else 0
        pause = backoff_s(failures, jitter()) if failures else _LONGEST_S
        if watch.wait(pause, summary.known):
            failures = 0
