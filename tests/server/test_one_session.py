"""One session, one truth: a stick that was pulled during the erase, the report sent by network, and
the next start with that stick."""

from __future__ import annotations

import time
import uuid
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from reprise import codec
from reprise.adapters.delivery.outbox import StoreOutbox
from reprise.adapters.delivery.uplink import HttpUplink
from reprise.adapters.pc.clock import SystemClock
from reprise.adapters.signing.jws import Ed25519Signer, split_jws
from reprise.adapters.signing.station_key import station_signer
from reprise.adapters.storage.journal import StoreJournal
from reprise.adapters.storage.store import MirroredStore
from reprise.bootstrap.past import seal_left
from reprise.domain.erasure.lifecycle import DriveState
from reprise.domain.pc.hardware import Machine
from reprise.domain.report import events as ev
from reprise.domain.report.report import Report
from reprise.settings import ServerSettings
from reprise.workflow.delivery.deliver import deliver
from reprise.workflow.delivery.submit import seal
from server.kit import Running, fresh, refused, reprise, signed
from unit.adapters.delivery.delivery_samples import DRIVE, attempt, checkpoint, ended, started
from unit.domain.drives.drives import pc

pytestmark = pytest.mark.whole


@dataclass
class Bench:
    """One PC and one stick. `start` begins with an empty memory, as a PC does."""

    base: Path
    server: Running
    machine: Machine
    starts: int = 0
    plugged: bool = True

    @property
    def stick(self) -> Path:
        return self.base / "stick"

    def start(self) -> MirroredStore:
        self.starts += 1
        memory = self.base / f"memory-{self.starts}"
        return MirroredStore(memory, lambda: self.stick if self.plugged else None)

    def send(self, store: MirroredStore) -> int:
        """How many reports the server took."""
        uplink = HttpUplink(ServerSettings(url=self.server.url), None, SystemClock())
        return len(deliver(StoreOutbox(store), uplink).sent)

    def at_next_start(self) -> tuple[str, ...]:
        store = self.start()
        today = pc(DRIVE, machine=self.machine)
        made = seal_left(store, station_signer(store), today, "today")
        self.send(store)
        return made

    def session(self, *, pull_after: int) -> str:
        """Erase one drive, the stick being pulled after so many events; seal; send. Its number."""
        store = self.start()
        signer = station_signer(store)
        report_id, session_id = str(uuid.uuid4()), str(uuid.uuid4())
        begin = started(session_id=session_id, report_id=report_id)
        taken = ev.InventoryTaken(pc(DRIVE, machine=self.machine))
        journal = StoreJournal(store, session_id, SystemClock())
        events: tuple[ev.Event, ...] = (begin, taken, attempt())
        events += (checkpoint(100), checkpoint(200), *ended())
        for number, event in enumerate(events):
            self.plugged = self.plugged and number != pull_after
            journal.append(event)
        seal(journal, store, signer, StoreOutbox(store))
        self.send(store)
        return report_id

    def report(self, report_id: str) -> Report:
        body = self.server.get(f"/api/v1/reports/{report_id}").content
        return codec.from_json(split_jws(body)[1], Report)

    def listed(self) -> list[str]:
        """The reports that the server shows of this PC."""
        page = self.server.get(f"/?q={self.machine.serial}&lang=en").text
        return [part.split('"')[0].split("?")[0] for part in page.split('href="/reports/')[1:]]


@pytest.fixture
def bench(tmp_path: Path, server: Running) -> Bench:
    made = Bench(tmp_path, server, Machine(serial=uuid.uuid4().hex[:12], uuid=str(uuid.uuid4())))
    made.stick.mkdir()
    _enrol(made)
    return made


def _enrol(made: Bench) -> None:
    station_signer(made.start())
    key, database = str(made.stick / "station.pub.pem"), str(made.server.database)
    done = reprise("enroll", "--name", made.base.name, "--key", key, "--database", database)
    assert done.returncode == 0, done.stderr


def test_a_stick_that_was_pulled_makes_no_second_truth(bench: Bench) -> None:
    own = bench.session(pull_after=4)
    bench.plugged = True
    (left,) = bench.at_next_start()
    assert bench.report(own).drives[0].state is DriveState.SANITIZED
    assert bench.report(left).drives[0].state is DriveState.INTERRUPTED
    assert bench.report(left).left_of == own
    assert bench.listed() == [own]
    page = bench.server.get(f"/reports/{left}?lang=en").text
    assert "does not count" in page and f"/reports/{own}" in page
    assert f"/reports/{left}" in bench.server.get(f"/reports/{own}?lang=en").text
    assert bench.at_next_start() == ()


def test_a_pc_s_other_reports_are_those_that_count(bench: Bench) -> None:
    own = bench.session(pull_after=4)
    bench.plugged = True
    (left,) = bench.at_next_start()
    later = bench.session(pull_after=99)
    page = bench.server.get(f"/reports/{later}?lang=en").text
    assert f"/reports/{own}" in page
    assert f"/reports/{left}" not in page


def test_the_own_report_counts_also_where_it_comes_later(bench: Bench) -> None:
    up = bench.server.url
    bench.server = replace(bench.server, url="http://127.0.0.1:1")
    own = bench.session(pull_after=3)
    waiting = bench.base / f"memory-{bench.starts}"
    bench.server = replace(bench.server, url=up)
    bench.plugged = True
    (left,) = bench.at_next_start()
    assert bench.listed() == [left]
    page = bench.server.get(f"/reports/{left}?lang=en").text
    assert "from an interrupted journal" in page
    bench.send(MirroredStore(waiting, lambda: None))
    assert bench.listed() == [own]


def test_of_two_sticks_the_one_that_goes_further_counts(bench: Bench) -> None:
    """Nobody ever sealed: the power went. Each stick has a beginning of the same journal."""
    store = bench.start()
    session_id = str(uuid.uuid4())
    begin = started(session_id=session_id, report_id=str(uuid.uuid4()))
    taken = ev.InventoryTaken(pc(DRIVE, machine=bench.machine))
    journal = StoreJournal(store, session_id, SystemClock())
    for begun in (begin, taken, attempt()):
        journal.append(begun)
    short = (bench.stick / f"journal/{session_id}.jsonl").read_bytes()
    time.sleep(0.002)  # a report tells how long it lasted in milliseconds
    for after in (checkpoint(100), *ended()):
        journal.append(after)
    file = bench.stick / f"journal/{session_id}.jsonl"
    whole = file.read_bytes()
    file.write_bytes(short)
    (first,) = bench.at_next_start()
    assert bench.listed() == [first]
    file.write_bytes(whole)
    (second,) = bench.at_next_start()
    assert second != first
    assert bench.listed() == [second]
    assert bench.report(second).drives[0].state is DriveState.SANITIZED


def test_a_session_makes_one_report_of_its_own(server: Running, station: Ed25519Signer) -> None:
    report = fresh()
    assert server.put(report.report_id, signed(station, report)).status_code == 201
    other = replace(report, report_id=str(uuid.uuid4()))
    refused(server.put(other.report_id, signed(station, other)), 409, "second-report")
    assert server.get(f"/api/v1/reports/{other.report_id}").status_code == 404


@pytest.mark.parametrize("version", ["this", "older"])
@pytest.mark.parametrize("turned", [False, True])
def test_the_cut_off_one_never_counts_beside_the_own(
    server: Running, station: Ed25519Signer, version: str, turned: bool
) -> None:
    """Older versions gave it a number that follows from the session's, and no other mark."""
    serial = uuid.uuid4().hex
    own = fresh(serial=serial)
    older = str(uuid.uuid5(uuid.NAMESPACE_OID, f"reprise-left:{own.session_id}"))
    clock = replace(own.clock, session_s=own.clock.session_s + 5)
    if version == "this":
        left = replace(own, report_id=str(uuid.uuid4()), left_of=own.report_id, clock=clock)
    else:
        left = replace(own, report_id=older, clock=clock)
    for report in (left, own) if turned else (own, left):
        assert server.put(report.report_id, signed(station, report)).status_code == 201
    page = server.get(f"/?q={serial}&lang=en").text
    assert f"/reports/{own.report_id}" in page and f"/reports/{left.report_id}" not in page


def test_a_pc_that_nothing_tells_apart_is_one_pc_in_the_reports_of_one_session(
    server: Running, station: Ed25519Signer
) -> None:
    lot = uuid.uuid4().hex
    nameless = fresh(serial=None, uuid=None)
    own = replace(nameless, operator=replace(nameless.operator, lot=lot))
    left = replace(own, report_id=str(uuid.uuid4()), left_of=own.report_id)
    for report in (left, own):
        server.put(report.report_id, signed(station, report))
    page = server.get(f"/?q={lot}&lang=en").text
    assert page.count('href="/reports/') == 1
