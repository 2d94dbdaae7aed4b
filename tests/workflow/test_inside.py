"""What is read inside of drives: beside the plan, over before the erasure, in no journal."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from threading import Event as Flag
from threading import Thread

import pytest

from reprise.codec import from_builtins, to_builtins, to_json
from reprise.domain.drives.volumes import Volume, VolumeKind
from reprise.domain.pc.hardware import Drive, Health, Inventory, SmartFacts
from reprise.ports import StopFlag
from reprise.workflow.engine.port import SessionMemory, memory_of, with_memory
from reprise.workflow.session import volumes
from reprise.workflow.session.session import Session
from station_kit.interrupted import interrupted
from station_kit.machines import hdd, laptop, ssd, stick
from station_kit.ports import Kit

WINDOWS = Volume("/dev/sda2", VolumeKind.WINDOWS, "Windows 10", 87 * 10**9)


@dataclass
class FakeReader:
    """`waits`: between its two partitions, until it is stopped; `hangs`: then for longer."""

    waits: bool = False
    hangs: float = 0.0
    asked: list[str] = field(default_factory=list)
    reading: Flag = field(default_factory=Flag)
    closed: Flag = field(default_factory=Flag)

    def read(self, drive: Drive, stop: StopFlag) -> Iterator[Volume]:
        self.asked.append(drive.node)
        yield replace(WINDOWS, node=f"{drive.node}2")
        self.reading.set()
        while self.waits and not stop.is_set():
            time.sleep(0.002)
        time.sleep(self.hangs)
        self.closed.set()
        yield Volume(f"{drive.node}3", VolumeKind.LINUX_DATA, "", 5)


def session_of(inventory: Inventory, reader: FakeReader, kit: Kit | None = None) -> Session:
    services = (kit or Kit(inventory)).services()
    session = Session(replace(services, inside=reader), lambda _state: None)
    session.start()
    session.look()
    return session


def until(true: Callable[[], bool]) -> None:
    end = time.monotonic() + 10
    while not true():
        assert time.monotonic() < end
        time.sleep(0.002)


def words(session: Session) -> dict[str, tuple[Volume, ...]]:
    return {view.drive.node: view.volumes for view in session.state.drives}


def test_the_plan_does_not_wait_and_words_come_as_they_are_read() -> None:
    reader = FakeReader(waits=True)
    session = session_of(laptop(hdd()), reader)
    assert session.state.plan is not None
    until(lambda: words(session) == {"/dev/sda": (WINDOWS,)})
    assert not reader.closed.is_set()


def test_nothing_is_open_any_more_when_the_erasure_begins() -> None:
    reader, kit = FakeReader(waits=True), Kit(laptop(hdd()))
    session = session_of(laptop(hdd()), reader, kit)
    until(reader.reading.is_set)
    closed: list[bool] = []
    run = kit.sanitizer.run

    def watching(*args: object) -> object:
        closed.append(reader.closed.is_set())
        return run(*args)  # type: ignore[arg-type]

    kit.sanitizer.run = watching  # type: ignore[assignment, method-assign]
    session.confirm(session.state.digest)
    session.run(None, kit.services().install_defaults, Flag())
    assert closed == [True]


def test_a_drive_that_hangs_does_not_hold_the_erasure_up() -> None:
    reader, kit = FakeReader(hangs=20.0), Kit(laptop(hdd(), ssd()))
    session = session_of(laptop(hdd(), ssd()), reader, kit)
    until(reader.reading.is_set)
    session.confirm(session.state.digest)
    began = time.monotonic()
    session.run(None, kit.services().install_defaults, Flag())
    assert time.monotonic() - began < 8
    assert len(kit.sanitizer.jobs) == 2


def test_what_comes_after_the_end_is_not_told() -> None:
    reader = FakeReader(waits=True)
    session = session_of(laptop(hdd()), reader)
    until(reader.reading.is_set)
    session.confirm(session.state.digest)
    session._inside.end()
    assert reader.closed.is_set()
    assert words(session) == {"/dev/sda": (WINDOWS,)}


def test_neither_journal_nor_report_holds_it_and_the_confirmed_plan_is_the_same() -> None:
    inventory, reader = laptop(hdd()), FakeReader()
    kit = Kit(inventory)
    session = session_of(inventory, reader, kit)
    session._inside._round.join()
    assert words(session)["/dev/sda"]
    without = session_of(inventory, FakeReader(), Kit(inventory))
    assert session.state.digest == without.state.digest
    session.confirm(session.state.digest)
    session.run(None, kit.services().install_defaults, Flag())
    written = [to_json(to_builtins(line.event)) for line in kit.journal.lines]
    assert not [line for line in (*written, *kit.store.files.values()) if b"Windows 10" in line]


@pytest.mark.parametrize("failing", [True, False])
def test_only_sound_drives_are_looked_into(failing: bool) -> None:
    health = Health.FAILING if failing else Health.PASSED
    bad = replace(hdd(), smart=SmartFacts(health=health))
    reader = FakeReader()
    session = session_of(laptop(bad, ssd(), stick()), reader)
    session._inside._round.join()
    assert sorted(reader.asked) == ["/dev/nvme0n1", *([] if failing else ["/dev/sda"])]


def test_drives_that_cannot_be_told_apart_get_no_words() -> None:
    reader = FakeReader()
    session = session_of(laptop(hdd(), hdd("/dev/sdb"), ssd()), reader)
    session._inside._round.join()
    assert reader.asked == ["/dev/nvme0n1"]


def test_a_new_look_forgets_and_reads_anew() -> None:
    reader = FakeReader()
    session = session_of(laptop(hdd()), reader)
    session._inside._round.join()
    session.look()
    session._inside._round.join()
    assert reader.asked == ["/dev/sda", "/dev/sda"]
    assert len(words(session)["/dev/sda"]) == 2


def test_other_screens_are_told() -> None:
    inventory, reader = laptop(hdd()), FakeReader()
    session = session_of(inventory, reader, Kit(inventory, [interrupted(hdd(), 4096)]))
    session._inside._round.join()
    told = from_builtins(to_builtins(memory_of(session.state)), SessionMemory)
    bare = replace(
        session.state, drives=tuple(replace(one, volumes=()) for one in session.state.drives)
    )
    assert with_memory(bare, told) == session.state != bare


def test_whoever_waits_while_a_look_begins_waits_for_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """The moment between a thread's making and its start: to join it then is an error."""
    raised: list[BaseException] = []

    class Slow(Thread):
        def start(self) -> None:
            if self.name == "inside":
                waiter = Thread(target=wait)
                waiter.start()
                waiter.join(0.1)
            super().start()

    def wait() -> None:
        try:
            looks._round.join()
        except RuntimeError as error:
            raised.append(error)

    session = session_of(laptop(hdd()), FakeReader())
    looks = volumes.Inside(FakeReader(), session._recorder)
    monkeypatch.setattr(volumes, "Thread", Slow)
    looks.begin(session.state.drives)
    looks._round.join()
    assert raised == []
