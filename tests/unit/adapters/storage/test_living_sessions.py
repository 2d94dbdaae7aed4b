"""A session that another process is still at work on is not taken for one that was cut off: two
signed reports of one erasure would disagree."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from reprise.adapters.pc.clock import SystemClock
from reprise.adapters.signing.station_key import station_signer
from reprise.adapters.storage.journal import StoreJournal, living
from reprise.adapters.storage.store import FolderStore, MirroredStore
from reprise.bootstrap.past import seal_left
from reprise.domain.pc.hardware import Machine
from unit.adapters.delivery.delivery_samples import DRIVE, SESSION, started
from unit.domain.drives.drives import pc

pytestmark = pytest.mark.processes

TODAY = pc(DRIVE, machine=Machine(uuid="u-1"))

_ERASING = """
import sys
from dataclasses import replace
from pathlib import Path
from reprise.adapters.pc.clock import SystemClock
from reprise.adapters.storage.journal import StoreJournal
from reprise.adapters.storage.store import FolderStore, MirroredStore
from reprise.domain.report.events import InventoryTaken
from reprise.domain.pc.hardware import Machine
from unit.adapters.delivery.delivery_samples import DRIVE, SESSION, attempt, started
from unit.domain.drives.drives import pc
base, kind = Path(sys.argv[1]), sys.argv[2]
if kind == "mirrored":
    store = MirroredStore(base / "memory", lambda: base / "stick")
else:
    store = FolderStore(base / kind)
journal = StoreJournal(store, SESSION, SystemClock())
taken = InventoryTaken(pc(DRIVE, machine=Machine(uuid="u-1")))
for event in (started(), taken, attempt()):
    journal.append(event)
print("erasing", flush=True)
sys.stdin.read()
"""


@contextmanager
def _erasing(base: Path, kind: str) -> Iterator[subprocess.Popen[str]]:
    """`reprise erase` in a shell, as far as its journal goes."""
    argv = [sys.executable, "-c", _ERASING, str(base), kind]
    pipe, env = subprocess.PIPE, os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)}
    with subprocess.Popen(argv, env=env, stdin=pipe, stdout=pipe, text=True) as child:
        try:
            assert child.stdout is not None
            assert child.stdout.readline() == "erasing\n"
            yield child
        finally:
            child.kill()


@pytest.mark.parametrize("kind", ["mirrored", "memory", "stick"])
def test_a_session_is_left_to_the_process_that_holds_it(tmp_path: Path, kind: str) -> None:
    """Until that process is gone, however it went."""
    (tmp_path / "stick").mkdir()
    store = MirroredStore(tmp_path / "memory", lambda: tmp_path / "stick")
    signer = station_signer(store)
    with _erasing(tmp_path, kind) as child:
        assert living(store) == {SESSION}
        assert seal_left(store, signer, TODAY, "mine") == ()
        store.sync()
        assert seal_left(store, signer, TODAY, "mine") == ()
        child.kill()
        child.wait(10)
        assert living(store) == frozenset()
        (report_id,) = seal_left(store, signer, TODAY, "mine")
    assert store.read(f"reports/{report_id}.jws") is not None


def test_a_look_at_it_does_not_take_it_away(tmp_path: Path) -> None:
    store = FolderStore(tmp_path)
    journal = StoreJournal(store, SESSION, SystemClock())
    journal.append(started())
    assert living(store) == living(store) == {SESSION}
    journal.append(replace(started(), station="again"))
    assert living(store) == {SESSION}
    del journal
    assert living(store) == frozenset()


def test_no_file_stands_beside_the_journals(tmp_path: Path) -> None:
    store = FolderStore(tmp_path)
    StoreJournal(store, SESSION, SystemClock()).append(started())
    living(store)
    assert [path.name for path in (tmp_path / "journal").iterdir()] == [f"{SESSION}.jsonl"]
