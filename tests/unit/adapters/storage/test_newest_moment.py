"""The latest moment that is surely past, from journals that anyone may have written."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from reprise.adapters.storage.journal import FOLDER, StoreJournal
from reprise.adapters.storage.store import MirroredStore
from reprise.bootstrap.past import newest_moment_s
from reprise.domain.report.events import SessionStarted
from station_kit.held_clock import HeldClock

ID = "3f0c7b52-9d1e-4b7a-8a59-6f1f0a8f2c11"


def journal(tmp_path: Path, at: str, *, trusted: bool = True) -> MirroredStore:
    where = MirroredStore(tmp_path / "memory", lambda: None)
    clock = HeldClock()
    event = SessionStarted(ID, ID, "station-1", "kid", "0.1", "0.1", trusted, "")
    stamped = StoreJournal(where, ID, clock).append(event)
    data = where.read(f"{FOLDER}/{ID}.jsonl")
    assert data is not None
    assert stamped.at.encode() in data
    where.write(f"{FOLDER}/{ID}.jsonl", data.replace(stamped.at.encode(), at.encode()))
    return where


def test_the_last_word_of_a_session_whose_clock_was_set_counts(tmp_path: Path) -> None:
    at = "2026-11-24T15:00:00Z"
    moment = int(datetime(2026, 11, 24, 15, tzinfo=UTC).timestamp())
    assert newest_moment_s(journal(tmp_path, at), tmp_path / "none") == moment


def test_one_whose_clock_nobody_set_does_not(tmp_path: Path) -> None:
    where = journal(tmp_path, "2026-11-24T15:00:00Z", trusted=False)
    assert newest_moment_s(where, tmp_path / "none") == 0


@pytest.mark.parametrize(
    "at", ["garbage", "", "0001-01-01T00:00:00", "9999-12-31T23:59:59Z", "2100-01-01T00:00:00Z"]
)
def test_what_is_no_moment_of_a_pc_is_none(tmp_path: Path, at: str) -> None:
    assert newest_moment_s(journal(tmp_path, at), tmp_path / "none") == 0
