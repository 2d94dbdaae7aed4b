"""What the sending service waits for, and how long: no server, no reports, a refused one."""

from __future__ import annotations

import threading
from collections.abc import Sequence

from reprise.domain.delivery import Delivery, Outcome
from reprise.ports import OutboxItem
from reprise.workflow.deliver import Summary, deliver, deliver_for_ever


class Queue:
    def __init__(self, *states: str) -> None:
        self.kept = [
            OutboxItem(f"r{n}", f"outbox/r{n}.jws", 1, state) for n, state in enumerate(states)
        ]
        self.said: list[tuple[str, str]] = []

    def items(self) -> Sequence[OutboxItem]:
        return self.kept

    def read(self, report_id: str) -> bytes | None:
        return None if report_id == "r9" else report_id.encode()

    def mark_sent(self, report_id: str, receipt: bytes) -> None:
        self.said.append((report_id, f"sent {receipt.decode()}"))

    def mark_refused(self, report_id: str, detail: str) -> None:
        self.said.append((report_id, f"refused {detail}"))

    def mark_waiting(self, report_id: str, detail: str) -> None:
        self.said.append((report_id, f"waiting {detail}"))


class Server:
    server = "https://reprise.example"

    def __init__(self, **outcomes: Outcome) -> None:
        self.outcomes, self.asked = outcomes, list[str]()

    def send(self, report_id: str, jws: bytes) -> Delivery:
        assert jws == report_id.encode()
        self.asked.append(report_id)
        return Delivery(self.outcomes.get(report_id, Outcome.ACCEPTED), "why", b"receipt")


class Watch:
    """Stops the service at its last wait."""

    def __init__(self, stop: threading.Event, *woken: bool) -> None:
        self.stop, self.woken = stop, list(woken)
        self.waits: list[tuple[float, frozenset[str]]] = []

    def wait(self, timeout_s: float, known: frozenset[str]) -> bool:
        self.waits.append((timeout_s, known))
        if not self.woken:
            self.stop.set()
            return False
        return self.woken.pop(0)


def waits(queue: Queue, server: Server | None, *woken: bool) -> list[tuple[float, frozenset[str]]]:
    stop = threading.Event()
    watch = Watch(stop, *woken)
    deliver_for_ever(queue, lambda: server, watch, stop, lambda: 1.0)
    return watch.waits


EVERY = frozenset({"r0", "r1"})


def test_without_a_server_a_new_report_wakes_nobody_who_knows_it() -> None:
    assert waits(Queue("waiting", "sent"), None) == [(300.0, EVERY)]


def test_one_round_says_of_each_report_what_became_of_it() -> None:
    queue = Queue("waiting", "sent", "refused", "waiting", "waiting")
    server = Server(r3=Outcome.REFUSED, r4=Outcome.OFFLINE)
    found = deliver(queue, server)
    assert found == Summary(("r0",), ("r2", "r3"), ("r4",), frozenset({"r0", "r2", "r3", "r4"}))
    assert queue.said == [("r0", "sent receipt"), ("r3", "refused why"), ("r4", "waiting why")]


def test_behind_a_server_out_of_reach_the_rest_waits_unasked() -> None:
    queue, server = Queue("waiting", "waiting"), Server(r0=Outcome.OFFLINE)
    assert deliver(queue, server).waiting == ("r0", "r1")
    assert server.asked == ["r0"]
    later = Server(r0=Outcome.RETRY)
    assert deliver(queue, later).waiting == ("r0",)
    assert later.asked == ["r0", "r1"], "it is there, and only wants one of them later"


def test_what_was_refused_is_tried_once_more_in_this_service_and_not_again() -> None:
    queue, server = Queue("refused"), Server(r0=Outcome.REFUSED)
    assert waits(queue, server, False) == [(300.0, frozenset({"r0"}))] * 2
    assert server.asked == ["r0"]
