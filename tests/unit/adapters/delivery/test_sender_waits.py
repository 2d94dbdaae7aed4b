"""What the sending service waits for, and how long: no server, no reports, a refused one."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import replace

import pytest

from reprise.adapters.delivery import watch as watching
from reprise.domain.station.connectivity import Reach
from reprise.domain.station.delivery import Delivery, DeliveryResult
from reprise.errors import StorageError
from reprise.ports import OutboxItem
from reprise.workflow.delivery.deliver import Summary, deliver, deliver_for_ever


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

    def mark_refused(self, report_id: str, delivery: Delivery) -> None:
        self.said.append((report_id, f"refused {delivery.detail}"))

    def mark_waiting(self, report_id: str, delivery: Delivery) -> None:
        self.said.append((report_id, f"waiting {delivery.detail}"))


class Server:
    server = "https://reprise.example"

    def __init__(self, **outcomes: DeliveryResult) -> None:
        self.outcomes, self.asked = outcomes, list[str]()

    def send(self, report_id: str, jws: bytes) -> Delivery:
        assert jws == report_id.encode()
        self.asked.append(report_id)
        return Delivery(self.outcomes.get(report_id, DeliveryResult.ACCEPTED), "why", b"receipt")


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
    server = Server(r3=DeliveryResult.REFUSED, r4=DeliveryResult.OFFLINE)
    found = deliver(queue, server)
    assert found == Summary(
        ("r0",), ("r2", "r3"), ("r4",), known=frozenset({"r0", "r2", "r3", "r4"}), offline=True
    )
    assert queue.said == [("r0", "sent receipt"), ("r3", "refused why"), ("r4", "waiting why")]


def test_behind_a_server_out_of_reach_the_rest_waits_unasked() -> None:
    queue, server = Queue("waiting", "waiting"), Server(r0=DeliveryResult.OFFLINE)
    assert deliver(queue, server).waiting == ("r0", "r1")
    assert server.asked == ["r0"]
    later = Server(r0=DeliveryResult.RETRY)
    assert deliver(queue, later).waiting == ("r0",)
    assert later.asked == ["r0", "r1"], "it is there, and only wants one of them later"


def test_what_was_refused_is_tried_once_more_in_this_service_and_not_again() -> None:
    queue, server = Queue("refused"), Server(r0=DeliveryResult.REFUSED)
    assert waits(queue, server, False) == [(300.0, frozenset({"r0"}))] * 2
    assert server.asked == ["r0"]


class Unlisted(Queue):
    """Its first `fails` listings end in an error."""

    def __init__(self, fails: int, *states: str) -> None:
        super().__init__(*states)
        self.fails = fails

    def items(self) -> Sequence[OutboxItem]:
        if self.fails > 0:
            self.fails -= 1
            raise StorageError("memory cannot be used")
        return super().items()


NOBODY = frozenset[str]()


@pytest.mark.parametrize("fails", [2, 4])
def test_reports_that_cannot_be_listed_end_no_service(fails: int) -> None:
    queue, server = Unlisted(fails, "waiting"), Server()
    pauses = [5.0, 10.0][: fails // 2]  # each round lists twice: also for the watch
    found = waits(queue, server, *(False for _pause in pauses))
    assert found == [*((pause, NOBODY) for pause in pauses), (300.0, frozenset({"r0"}))]
    assert queue.said == [("r0", "sent receipt")]


def test_nor_without_a_server() -> None:
    assert waits(Unlisted(2, "waiting"), None, False) == [(5.0, NOBODY), (300.0, {"r0"})]


def test_a_round_that_fails_is_not_woken_at_once_by_what_it_knew() -> None:
    class Full(Server):
        def send(self, report_id: str, jws: bytes) -> Delivery:
            raise StorageError("no room left")

    every = frozenset({"r0"})
    assert waits(Queue("waiting"), Full(), False) == [(5.0, every), (10.0, every)]


def test_a_watch_that_cannot_list_waits_says_it_once_and_sees_what_comes(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(watching, "_POLL_S", 0.01)
    monkeypatch.setattr(watching, "network_state", lambda: ())
    queue = Unlisted(10**9, "waiting")

    def queued() -> frozenset[str]:
        return frozenset(item.report_id for item in queue.items())

    watch = watching.PollingWatch(queued, threading.Event())
    assert not watch.wait(0.1, NOBODY)
    assert not watch.wait(0.1, NOBODY)
    assert [record.message for record in caplog.records] == ["StorageError: memory cannot be used"]
    queue.fails = 2
    assert watch.wait(60.0, NOBODY)


def test_what_cannot_be_read_makes_no_other_round() -> None:
    """Nor is the refused one sent again and again beside it."""
    queue = Queue("waiting", "refused")
    queue.kept[0] = replace(queue.kept[0], reason=Reach.UNREAD)
    server = Server(r1=DeliveryResult.REFUSED)
    assert waits(queue, server, True, True) == [(300.0, EVERY)] * 3
    assert server.asked == ["r1"]
    assert deliver(queue, server).waiting == ("r0",)


def test_a_server_in_reach_is_told_how_the_station_is() -> None:
    """After what waits was sent; whatever goes wrong with it, the round was as it was."""
    told: list[tuple[int, int]] = []

    def greet(_link: Server, summary: Summary) -> None:
        told.append((len(summary.waiting), len(summary.refused)))
        raise RuntimeError("an error of the program")

    def rounds(queue: Queue, server: Server | None, *woken: bool) -> int:
        told.clear()
        stop = threading.Event()
        watch = Watch(stop, *woken)
        deliver_for_ever(queue, lambda: server, watch, stop, lambda: 1.0, greet=greet)
        return len(watch.waits)

    refusing = Server(r1=DeliveryResult.REFUSED, r2=DeliveryResult.RETRY)
    assert rounds(Queue("waiting", "waiting", "waiting"), refusing, True) == 2
    assert told == [(1, 1), (1, 1)]
    assert rounds(Queue(), Server()) == 1  # nothing to send: it is there all the same
    assert told == [(0, 0)]
    assert rounds(Queue("waiting"), Server(r0=DeliveryResult.OFFLINE)) == 1
    assert told == []
    assert rounds(Queue("waiting"), None) == 1
    assert told == []
