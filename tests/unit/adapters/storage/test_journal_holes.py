"""A journal that lost a line proves nothing from there on."""

from __future__ import annotations

from pathlib import Path

import pytest

from reprise.adapters.storage.journal import StoreJournal, read_journal
from reprise.adapters.storage.store import FolderStore
from reprise.bootstrap.past import earlier
from reprise.bootstrap.storage import clock
from reprise.bootstrap.storage import store as store_of
from reprise.domain.erasure.lifecycle import DriveState
from reprise.domain.planning.techniques import Method, Verdict
from reprise.domain.report import events as ev
from reprise.domain.report.fold import fold
from unit.adapters.delivery.delivery_samples import (
    KEY,
    SESSION,
    attempt,
    finished,
    inventory,
    stamped,
    started,
)


def _journal(folder: Path) -> Path:
    store = FolderStore(folder)
    journal = StoreJournal(store, SESSION, clock())
    lost = ev.Observation(KEY, ev.ObservationKind.WRITE_ERRORS)
    for event in (started(), inventory(), attempt(), lost, finished(verdict=Verdict.VERIFIED)):
        journal.append(event)
    return folder / f"journal/{SESSION}.jsonl"


@pytest.fixture
def lines(tmp_path: Path) -> list[bytes]:
    return _journal(tmp_path).read_bytes().splitlines(keepends=True)


@pytest.mark.parametrize("instead", [b"", b'{"seq":4,garbled\n'])
def test_nothing_counts_behind_a_lost_line(lines: list[bytes], instead: bytes) -> None:
    lines[3] = instead
    reading = read_journal(b"".join(lines))
    assert len(reading.events) == 4 and len(reading.sound) == 3


def test_a_repeated_line_is_a_hole(lines: list[bytes]) -> None:
    reading = read_journal(b"".join([*lines[:4], *lines[3:]]))
    assert len(reading.sound) == 4


def test_a_torn_line_that_was_written_again_is_no_hole(lines: list[bytes]) -> None:
    torn = b"".join([*lines[:3], lines[3][:20] + b"\n", *lines[3:]])
    assert len(read_journal(torn).sound) == 5


def test_a_drive_behind_a_hole_is_interrupted_not_erased(tmp_path: Path) -> None:
    """Its last word was VERIFIED, but a line before that is gone: it might have been anything."""
    path = _journal(tmp_path)
    store = store_of(str(tmp_path))
    assert earlier(store).interrupted == ()
    lines = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(b"".join([*lines[:3], *lines[4:]]))
    (found,) = earlier(store).interrupted
    assert found.identity.key == KEY


def test_an_interrupted_drive_has_achieved_nothing() -> None:
    """Also where the verdict was journalled and the session broke just then."""
    broke = ev.DriveInterrupted(KEY, "j1", "crash", 10)
    (record,) = fold(stamped(started(), inventory(), attempt(), finished(), broke)).drives
    assert (record.state, record.achieved) == (DriveState.INTERRUPTED, Method.NONE)
