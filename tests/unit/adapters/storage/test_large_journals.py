"""Journals of a stranger's stick that are too large to be ours, or full of what is none: they are
not taken into memory, and never for sessions that did nothing."""

from __future__ import annotations

import os
from pathlib import Path
from uuid import uuid4

import pytest

from reprise.adapters.drives.surface.checkpoints import MOST as MOST_CHECKPOINTS
from reprise.adapters.pc.clock import SystemClock
from reprise.adapters.storage import journal
from reprise.adapters.storage.journal import FOLDER, MOST, StoreJournal, _encode, read_journal
from reprise.adapters.storage.store import FolderStore, MirroredStore
from reprise.bootstrap import past
from reprise.domain.pc.hardware import Partition
from reprise.domain.planning.policy import Policy
from reprise.domain.planning.techniques import VerifyDepth
from reprise.domain.report.events import (
    AttemptStarted,
    Checkpoint,
    Event,
    InventoryTaken,
    MediumErrorFound,
    Stamped,
    VerifyStarted,
)
from reprise.domain.report.fold import fold
from reprise.errors import StorageError
from reprise.workflow.past.sessions import find_earlier
from station_kit.memory import peak
from unit.adapters.delivery.delivery_samples import ATTEMPT, JOB_KEY, stamped, started
from unit.domain.drives.drives import hdd, pc

HUGE = 400 << 20


@pytest.fixture
def store(tmp_path: Path) -> FolderStore:
    found = FolderStore(tmp_path)
    StoreJournal(found, "ours", SystemClock()).append(started(session_id="ours", after=()))
    return found


def huge(folder: Path, begin: bytes = b"") -> Path:
    path = folder / FOLDER / "huge.jsonl"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(begin)
    os.truncate(path, HUGE)
    return path


@pytest.mark.parametrize("whole", [False, True])
def test_a_session_whose_journal_is_too_large_cannot_be_read_and_that_is_said(
    store: FolderStore, tmp_path: Path, whole: bool
) -> None:
    """Also where it begins like one of ours: what follows may be anything."""
    path = huge(tmp_path, (tmp_path / FOLDER / "ours.jsonl").read_bytes() if whole else b"")
    assert peak(lambda: past.earlier(store)) < 200 << 20
    earlier = past.earlier(store)
    assert earlier.unread == ("huge",)
    (problem,) = earlier.problems
    assert "huge" in str(problem)
    assert path.stat().st_size == HUGE


def test_what_a_start_reads_of_other_sessions_is_limited(
    store: FolderStore, tmp_path: Path
) -> None:
    huge(tmp_path)
    assert peak(lambda: past.newest_sessions(store)) < 200 << 20
    assert past.newest_sessions(store) == ("huge", "ours")
    image = tmp_path / "image"
    assert peak(lambda: past.newest_moment_s(store, image)) < 200 << 20
    assert [known for known, _events, _digest in past._sessions(store, ())] == ["ours"]


def test_where_there_is_one_too_large_nobody_is_sure_that_there_is_none(tmp_path: Path) -> None:
    huge(tmp_path / "stick")
    mirrored = MirroredStore(tmp_path / "memory", lambda: tmp_path / "stick")
    name = f"{FOLDER}/huge.jsonl"
    assert mirrored.read(name, most=9) is None
    with pytest.raises(StorageError, match="huge"):
        mirrored.read(name, sure=True, most=9)
    assert mirrored.read(f"{FOLDER}/none.jsonl", sure=True, most=9) is None


def test_a_journal_of_lines_that_are_none_fills_no_memory() -> None:
    junk, blank = b"x\n" * (1 << 18), b"\n" * (4 << 20)
    assert peak(lambda: read_journal(junk)) < 4 << 20
    assert peak(lambda: read_journal(blank)) < 8 << 20
    assert read_journal(junk).tells_nothing


def test_a_line_too_long_to_be_ours_is_not_taken_apart() -> None:
    line = b"[" + b"{}," * (8 << 20) + b"{}]\n"
    assert peak(lambda: read_journal(line)) < 64 << 20
    assert read_journal(line).tells_nothing


def test_a_line_that_is_not_taken_apart_is_far_longer_than_any_of_ours() -> None:
    full = ("/dev/sda128", 1 << 40, "crypto_LUKS", "n" * 36, str(uuid4()), str(uuid4()), "n" * 36)
    drives = tuple(hdd(n, partitions=(Partition(*full),) * 128) for n in range(24))
    (line,) = map(_encode, stamped(InventoryTaken(pc(*drives))))
    assert 1 << 19 < len(line) < 1 << 20
    assert not read_journal(line).problems
    assert not read_journal(line[:-1] + b" " * (3 << 20) + b"\n").problems
    long = b"[" + b"[]," * (6 << 18) + b"[]]\n"  # 100 MB as lists
    assert peak(lambda: read_journal(long)) < 8 << 20


def erasing(drives: int, checkpoints: int) -> tuple[bytes, tuple[Event, ...]]:
    """The journal of a session that the power cut off, and its events."""
    begun = [hdd(n) for n in range(1, drives + 1)]
    keys = [one.identity.key for one in begun]
    events: tuple[Event, ...] = (
        started(session_id="ours", after=()),
        InventoryTaken(pc(*begun)),
        *(AttemptStarted(d.identity.key, d.identity, d.node, ATTEMPT, "j", JOB_KEY) for d in begun),
        *(Checkpoint(key, "j", "write", n) for n in range(checkpoints) for key in keys),
        MediumErrorFound(keys[0], "write", 7, 1, 5),
        *(Checkpoint(key, "j", "write", n + checkpoints) for n in range(2) for key in keys[1:]),
        VerifyStarted(keys[-1], "j", VerifyDepth.FULL),
    )
    return b"".join(map(_encode, stamped(*events))), events


def test_of_a_long_journal_only_the_newest_checkpoints_are_kept() -> None:
    """And whoever asks what was done, or reports it, gets the same word."""
    data, events = erasing(3, 50)
    whole, brief = read_journal(data), read_journal(data, brief=True)
    assert whole.sound == whole.events == stamped(*events)
    assert len(brief.sound) == len(events) - 3 * 49 - 2
    assert brief.sound[-1] == whole.sound[-1]
    assert fold(brief.sound) == fold(whole.sound)
    found = [find_earlier([("ours", one.sound)]) for one in (brief, whole)]
    assert found[0].interrupted == found[1].interrupted
    assert [one.done_bytes for one in found[0].interrupted] == [49, 51, 51]


def test_a_hole_takes_no_checkpoint_before_it() -> None:
    lines = erasing(2, 50)[0].splitlines(keepends=True)
    del lines[60]
    data = b"".join(lines)
    whole, brief = read_journal(data), read_journal(data, brief=True)
    assert len(whole.sound) == 60 and brief.problems == whole.problems
    assert fold(brief.sound) == fold(whole.sound)
    assert len(brief.sound) == 6


def test_long_journals_are_read_one_at_a_time_and_little_of_them_is_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    data, _events = erasing(4, 2500)
    monkeypatch.setattr(journal, "MOST", len(data))
    store = FolderStore(tmp_path)
    for number in range(4):
        store.write(f"{FOLDER}/s{number}.jsonl", data)
    room = 2 * len(data)
    assert peak(lambda: past.earlier(store)) < room
    assert peak(lambda: past.newest_moment_s(store, tmp_path / "image")) < room
    assert len(past.earlier(store).interrupted) == 4


def test_the_longest_session_of_ours_can_be_read_again() -> None:
    """24 drives of any size, each with every checkpoint that there may be, and with as many bad
    sectors in both passes as the policy has."""
    key = hdd(1, node="/dev/sda").identity.key
    lines = [
        len(_encode(Stamped(10**6, "2026-11-24T16:00:00.000Z", 10**6 + 0.123, event)))
        for event in (
            Checkpoint(f"{key:>80}", "j" * 36, "write", 24 * 10**12),
            MediumErrorFound(f"{key:>80}", "write", 10**11, 8, 5),
        )
    ]
    both = MOST_CHECKPOINTS * lines[0] + 2 * Policy().max_bad_sectors * lines[1]
    assert 24 * both < MOST / 1.5
