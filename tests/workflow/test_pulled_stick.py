"""The stick is pulled during the erase, as it may be; the PC gets its new system; the next start
with that stick has only the beginning of the journal."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from reprise import i18n
from reprise.adapters.pc.clock import SystemClock
from reprise.adapters.storage.journal import StoreJournal
from reprise.adapters.storage.store import MirroredStore
from reprise.bootstrap.past import earlier
from reprise.bootstrap.station import session_started
from reprise.domain.install.events import InstallFinished, InstallStarted
from reprise.domain.pc.hardware import Drive
from reprise.domain.planning.plan import Attempt, ConfirmedBy
from reprise.domain.planning.techniques import Method, Technique, Verdict, VerifyDepth
from reprise.domain.report import events as ev
from reprise.domain.station.unattended import Unattended
from reprise.errors import RefusedError
from reprise.sentences.drives import before_text
from reprise.workflow.session.session import Session
from station_kit.machines import hdd, laptop, ssd, stick
from station_kit.ports import Kit

pytestmark = pytest.mark.processes

BLANK = replace(hdd(), partitions=(), partition_table=None)
ATTEMPT = Attempt(Technique.OVERWRITE, Method.CLEAR, VerifyDepth.FULL)


@pytest.fixture(autouse=True)
def _english() -> None:
    i18n.set_language("en")


def told(store: MirroredStore) -> Iterator[ev.Event]:
    """What an unattended session of this PC does, without its report."""
    yield session_started("s", "kid", SystemClock(), store)
    yield ev.InventoryTaken(laptop(hdd(), ssd(), stick()))
    for drive in (hdd(), ssd()):
        key = drive.identity.key
        yield ev.AttemptStarted(key, drive.identity, drive.node, ATTEMPT, key, "00" * 32)
    for drive in (hdd(), ssd()):
        key, done = drive.identity.key, (drive.identity.size_bytes,) * 2
        verdict = Verdict.VERIFIED if drive == hdd() else Verdict.FAILED
        yield ev.AttemptFinished(
            key, key, ATTEMPT.technique, verdict, Method.CLEAR, (), *done, 1.0, 1.0
        )
    yield InstallStarted(hdd().identity.key, "/dev/sda", "debian", "13.2", "0" * 64)
    yield InstallFinished(hdd().identity.key, ok=True, duration_s=1.0, detail="")
    yield ev.ReportSealed("r-1", "0" * 64, "memory")


EVENTS = 9


def next_start(base: Path, pulled_after: int, *drives: Drive) -> Session:
    """With the stick back in, and nothing in memory."""
    plugged: list[Path] = [base / "stick"]
    plugged[0].mkdir()
    store = MirroredStore(base / "memory", lambda: plugged[0] if plugged else None)
    journal: StoreJournal | None = None
    for number, event in enumerate(told(store)):
        if number == pulled_after:
            plugged.clear()
        if journal is None:
            assert isinstance(event, ev.SessionStarted)
            journal = StoreJournal(store, event.session_id, SystemClock())
        journal.append(event)
    kit = Kit(laptop(*drives, ssd(), stick()))
    kit.unattended = Unattended(erase=True)
    after = MirroredStore(base / "next", lambda: base / "stick")
    session = Session(replace(kit.services(), earlier=lambda: earlier(after)), lambda _state: None)
    session.start()
    session.look()
    return session


def begin(session: Session) -> None:
    session.confirm(session.state.digest, ConfirmedBy.UNATTENDED)


@pytest.mark.parametrize("pulled_after", range(2, EVENTS + 1))
def test_its_new_system_is_not_erased_without_a_person(tmp_path: Path, pulled_after: int) -> None:
    """Wherever the journal breaks off, once it told of this PC; and where it does not."""
    session = next_start(tmp_path, pulled_after, hdd())
    with pytest.raises(RefusedError):
        begin(session)
    session.confirm(session.state.digest)  # a person may


@pytest.mark.parametrize(
    ("drive", "words"),
    [(hdd(), "INTERRUPTED, or ended without the stick"), (BLANK, "INTERRUPTED – not erased")],
)
def test_a_person_is_told_that_it_may_have_ended(tmp_path: Path, drive: Drive, words: str) -> None:
    view = next_start(tmp_path, 4, drive).state.drive(hdd().identity.key)
    assert view is not None
    assert before_text(view) == words


@pytest.mark.parametrize("pulled_after", [4, 5])
def test_after_a_power_cut_in_the_middle_it_goes_on_by_itself(
    tmp_path: Path, pulled_after: int
) -> None:
    """The journal looks the same; the drives are empty."""
    session = next_start(tmp_path, pulled_after, BLANK)
    begin(session)
    assert session.state.confirmed
