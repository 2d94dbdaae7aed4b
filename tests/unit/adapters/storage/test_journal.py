"""The journal: torn ends, gaps, real power cuts (kill -9)."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from reprise.adapters.pc.clock import SystemClock
from reprise.adapters.storage.journal import StoreJournal, read_journal
from reprise.adapters.storage.store import FolderStore
from reprise.codec import sha256_hex
from unit.adapters.delivery.delivery_samples import (
    SESSION,
    attempt,
    checkpoint,
    finished,
    inventory,
    started,
)

pytestmark = pytest.mark.processes


def _journal(folder: Path) -> StoreJournal:
    return StoreJournal(FolderStore(folder), SESSION, SystemClock())


def _path(folder: Path) -> Path:
    return folder / "journal" / f"{SESSION}.jsonl"


def test_events_come_back_equal(tmp_path: Path) -> None:
    journal = _journal(tmp_path)
    events = (started(), inventory(), attempt(), checkpoint(5), finished())
    for event in events:
        journal.append(event)
    data = _path(tmp_path).read_bytes()
    reading = read_journal(data)
    assert tuple(s.event for s in reading.events) == events
    assert reading.problems == ()
    assert [s.seq for s in reading.events] == [1, 2, 3, 4, 5]
    assert journal.digest() == sha256_hex(data)
    assert set(json.loads(data.splitlines()[0])) == {"seq", "at", "monotonic_s", "event", "data"}
    assert tuple(journal.events()) == reading.events
    assert tuple(_journal(tmp_path).events()) == reading.events


@pytest.mark.parametrize("cut", [1, 5, 40])
def test_a_torn_last_line_is_told_kept_and_hides_nothing(tmp_path: Path, cut: int) -> None:
    journal = _journal(tmp_path)
    for event in (started(), checkpoint(1), checkpoint(2)):
        journal.append(event)
    whole = _path(tmp_path).read_bytes()
    _path(tmp_path).write_bytes(whole[:-cut])
    again = _journal(tmp_path)
    readable = 3 if cut == 1 else 2  # only the newline is missing: nothing is lost
    assert len(again.events()) == readable
    assert [p.code for p in again.problems] == ([] if cut == 1 else ["torn"])
    again.append(finished())
    reading = read_journal(_path(tmp_path).read_bytes())
    assert reading.events[-1].event == finished()
    assert [s.seq for s in reading.events] == list(range(1, readable + 2))
    assert _path(tmp_path).read_bytes().startswith(whole[:-cut])


def test_gaps_repeats_and_strangers_are_told(tmp_path: Path) -> None:
    journal = _journal(tmp_path)
    for number in range(4):
        journal.append(checkpoint(number))
    lines = _path(tmp_path).read_bytes().splitlines()
    strange = b'{"seq":9,"at":"x","monotonic_s":1,"event":"Nonsense","data":{}}'
    bad = b'{"seq":"x","at":"x","monotonic_s":1,"event":"Checkpoint","data":{}}'
    data = b"\n".join([lines[0], lines[2], lines[2], strange, b"\xff\x00", bad, lines[3], b""])
    reading = read_journal(data)
    assert [s.seq for s in reading.events] == [1, 3, 3, 4]
    assert [(p.line, p.code) for p in reading.problems] == [
        (2, "gap"),
        (3, "repeated"),
        (4, "unreadable"),
        (5, "unreadable"),
        (6, "unreadable"),
    ]


def test_threads_share_one_sequence(tmp_path: Path) -> None:
    journal = _journal(tmp_path)
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda n: journal.append(checkpoint(n)), range(80)))
    reading = read_journal(_path(tmp_path).read_bytes())
    assert reading.problems == ()
    assert [s.seq for s in reading.events] == list(range(1, 81))


_CHILD = """
import sys
from pathlib import Path
from reprise.adapters.pc.clock import SystemClock
from reprise.adapters.storage.journal import StoreJournal
from reprise.adapters.delivery.outbox import StoreOutbox
from reprise.adapters.storage.store import MirroredStore
from reprise.domain.report.events import Checkpoint
base = Path(sys.argv[1])
store = MirroredStore(base / "memory", lambda: base / "stick")
journal = StoreJournal(store, sys.argv[2], SystemClock())
box = StoreOutbox(store)
n = 0
while True:
    n += 1
    journal.append(Checkpoint("d", "j", "write", n))
    box.put(f"{n:08x}-0000-4000-8000-000000000000", b"x" * 20000)
    print(n, flush=True)
"""


def test_kill_in_the_middle_loses_nothing_that_was_done(tmp_path: Path) -> None:
    (tmp_path / "stick").mkdir()
    with subprocess.Popen(
        [sys.executable, "-c", _CHILD, str(tmp_path), SESSION], stdout=subprocess.PIPE, text=True
    ) as child:
        assert child.stdout is not None
        done = 0
        try:
            while done < 20:
                done = int(child.stdout.readline())
            time.sleep(0.013)
        finally:
            with contextlib.suppress(ProcessLookupError):
                os.kill(child.pid, signal.SIGKILL)
        done = max([done, *(int(line) for line in child.stdout)])
    for side in ("memory", "stick"):
        reading = read_journal((tmp_path / side / "journal" / f"{SESSION}.jsonl").read_bytes())
        assert [s.seq for s in reading.events][:done] == list(range(1, done + 1))
        assert all(p.code == "torn" for p in reading.problems)
        kept = sorted((tmp_path / side / "outbox").glob("*.jws"))
        assert len(kept) >= done
        assert all(path.stat().st_size == 20000 for path in kept)
