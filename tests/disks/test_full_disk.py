"""A full stick and a full folder, for real (a small tmpfs)."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from reprise import i18n
from reprise.__main__ import main
from reprise.adapters.delivery.outbox import StoreOutbox
from reprise.adapters.pc.clock import SystemClock
from reprise.adapters.signing.station_key import station_signer
from reprise.adapters.storage.journal import StoreJournal, read_journal
from reprise.adapters.storage.store import FolderStore, MirroredStore
from reprise.errors import StorageError
from reprise.workflow.delivery.submit import seal
from unit.adapters.delivery.delivery_samples import (
    REPORT,
    SESSION,
    attempt,
    checkpoint,
    finished,
    inventory,
    started,
)


@pytest.fixture
def small(tmp_path: Path) -> Iterator[Path]:
    """256 KiB."""
    i18n.set_language("en")
    root = tmp_path / "small"
    root.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=256k", "tmpfs", str(root)], check=True)
    try:
        yield root
    finally:
        # lazy: a failed test may still hold a file there
        subprocess.run(["umount", "--lazy", str(root)], check=True)


def test_the_session_goes_on_in_memory_and_is_written_once_there_is_room(
    small: Path, tmp_path: Path
) -> None:
    store = MirroredStore(tmp_path / "memory", lambda: small)
    signer = station_signer(store)
    journal = StoreJournal(store, SESSION, SystemClock())
    for event in (started(), inventory(), attempt()):
        journal.append(event)
    assert store.where() == "stick"
    filler = small / "filler"
    with pytest.raises(OSError, match="No space"):
        filler.write_bytes(bytes(1024 * 1024))
    for number in range(100):
        journal.append(checkpoint(number))
    journal.append(finished())
    sealed = seal(journal, store, signer, StoreOutbox(store))
    assert sealed.stored == "memory"
    assert "no room left" in store.problem()
    assert store.read(f"reports/{REPORT}.jws") is not None
    on_stick = read_journal((small / "journal" / f"{SESSION}.jsonl").read_bytes())
    assert len(on_stick.events) < len(journal.events())
    assert store.sync() is False
    filler.unlink()
    assert store.sync() is True
    assert store.where() == "stick"
    for relative in (f"journal/{SESSION}.jsonl", f"reports/{REPORT}.jws", f"outbox/{REPORT}.jws"):
        assert (small / relative).read_bytes() == (tmp_path / "memory" / relative).read_bytes()


def test_a_full_folder_is_told_and_what_was_there_stays(
    small: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    store = FolderStore(small)
    journal = StoreJournal(store, SESSION, SystemClock())
    journal.append(started())
    with pytest.raises(OSError, match="No space"):
        (small / "filler").write_bytes(bytes(1024 * 1024))
    with pytest.raises(StorageError, match="no room left") as caught:
        for number in range(1000):
            journal.append(checkpoint(number))
    assert caught.value.exit_code == 4
    with pytest.raises(StorageError, match="no room left"):
        StoreOutbox(store).put(REPORT, b"x" * 100_000)
    assert not list(small.rglob("*.jws"))
    assert not list(small.rglob(".tmp-*"))
    reading = read_journal((small / "journal" / f"{SESSION}.jsonl").read_bytes())
    assert reading.events == tuple(journal.events())
    assert reading.problems == ()
    assert main(["--lang", "en", "--data", str(small), "outbox", "status"]) == 0
    assert "Waiting: 0" in capsys.readouterr().out
