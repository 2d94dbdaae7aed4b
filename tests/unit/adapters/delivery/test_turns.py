"""A report that is always met with silence keeps no other from being sent."""

from __future__ import annotations

import argparse
import threading
from collections.abc import Iterable
from pathlib import Path

import pytest

from reprise.adapters.delivery.outbox import StoreOutbox
from reprise.adapters.storage.store import FolderStore
from reprise.bootstrap import storage
from reprise.cli.commands.outbox import run_send
from reprise.codec import sha256_hex, to_json
from reprise.domain.station.delivery import Delivery, DeliveryResult, Receipt
from reprise.errors import StorageError
from reprise.workflow.delivery.deliver import Resend, Rotation, deliver, deliver_for_ever
from unit.adapters.delivery.report_server import Server, running, uplink_to

IDS = [f"{n}0000000-0000-4000-8000-000000000000" for n in range(6)]


class Silent:
    """A server, or what stands before it, that never answers for some."""

    server = "reprise.example.org"

    def __init__(self, *silent: str) -> None:
        self.silent, self.asked = silent, list[str]()

    def send(self, report_id: str, jws: bytes) -> Delivery:
        self.asked.append(report_id)
        if report_id in self.silent:
            return Delivery(DeliveryResult.OFFLINE)
        receipt = Receipt(report_id, sha256_hex(jws), "2026-11-24T16:05:00Z")
        return Delivery(DeliveryResult.ACCEPTED, "201", to_json(receipt))


def box_of(folder: Path, ids: Iterable[str] = IDS) -> StoreOutbox:
    box = StoreOutbox(FolderStore(folder))
    for one in ids:
        box.put(one, b"a.b.c")
    return box


def waiting(box: StoreOutbox) -> set[str]:
    return {item.report_id for item in box.items() if item.state != "sent"}


@pytest.mark.parametrize("silent", [IDS[:1], IDS[2:3], IDS[5:], IDS[:5:2], IDS[1:4]])
def test_there_are_at_most_as_many_rounds_more_as_reports_without_an_answer(
    tmp_path: Path, silent: list[str]
) -> None:
    box, turn = box_of(tmp_path), Rotation()
    for _round in range(len(silent) + 1):
        server = Silent(*silent)
        deliver(box, server, turn=turn)
        assert len(set(server.asked) & set(silent)) == 1, "silence ends the round"
    assert waiting(box) == set(silent)


def test_the_service_sends_all_others_and_one_that_comes_later(tmp_path: Path) -> None:
    box, stop, server = box_of(tmp_path, IDS[:2]), threading.Event(), Silent(IDS[0])
    later = list(IDS[2:4])

    class Watch:
        rounds = 0

        def wait(self, _timeout_s: float, _known: frozenset[str]) -> bool:
            self.rounds += 1
            if self.rounds == 6:
                stop.set()
            if self.rounds % 2 or not later:
                return False
            box.put(later.pop(0), b"a.b.c")
            return True

    deliver_for_ever(box, lambda: server, Watch(), stop, lambda: 1.0)
    assert waiting(box) == {IDS[0]}
    assert len(server.asked) == len(set(server.asked)) + server.asked.count(IDS[0]) - 1


def test_who_asks_again_gets_the_others_sent(tmp_path: Path) -> None:
    box = box_of(tmp_path)
    resend = Resend(box, lambda: Silent(IDS[0]))
    assert resend.send_now().sent == 0
    assert resend.send_now().sent == 5


def test_one_that_cannot_be_marked_keeps_no_other_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    box, turn, real = box_of(tmp_path), Rotation(), StoreOutbox.mark_sent

    def mark_sent(self: StoreOutbox, report_id: str, receipt: bytes) -> None:
        if report_id == IDS[0]:
            raise StorageError("no room left")
        real(self, report_id, receipt)

    monkeypatch.setattr(StoreOutbox, "mark_sent", mark_sent)
    for _round in range(2):
        with pytest.raises(StorageError):
            deliver(box, Silent(), turn=turn)
    assert waiting(box) == {IDS[0]}


def test_the_command_begins_anywhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    server = Silent(*IDS)
    monkeypatch.setattr(storage, "uplink", lambda _settings, _store: server)
    box_of(tmp_path)
    for _command in range(60):  # all of them begin at one report once in 10^9 suites or less
        run_send(argparse.Namespace(config=None, data=str(tmp_path)))
    assert len(set(server.asked)) > 1


def test_silence_on_a_real_line(tmp_path: Path) -> None:
    class Dropping(Server):
        """As a firewall does that takes the line and drops what one report says."""

        @property
        def pause_s(self) -> float:
            return 60.0 if self.seen[-1][0].endswith(IDS[0]) else 0.0

        @pause_s.setter
        def pause_s(self, _seconds: float) -> None: ...

    box, turn = box_of(tmp_path, IDS[:3]), Rotation()
    with running(Dropping()) as server:
        link = uplink_to(server.url, read_timeout_s=0.5)
        assert deliver(box, link, turn=turn).sent == ()
        assert deliver(box, link, turn=turn).sent == (IDS[1], IDS[2])
