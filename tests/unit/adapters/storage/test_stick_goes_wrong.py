"""What lies on a stick ends nothing, whatever it makes go wrong."""

from __future__ import annotations

import errno
import os
from pathlib import Path

import pytest

from reprise.adapters.pc.clock import SystemClock
from reprise.adapters.storage import files, mirror
from reprise.adapters.storage import store as store_module
from reprise.adapters.storage.journal import StoreJournal, read_journal
from reprise.adapters.storage.limits import KEY, PUBLIC_KEY
from reprise.adapters.storage.store import MirroredStore
from reprise.domain.pc.assessment import ImageMeasured
from unit.adapters.delivery.delivery_samples import started
from unit.adapters.delivery.report_server import ID


def test_no_file_of_a_stick_breaks_a_journal_or_ends_a_session(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever they make go wrong here: memory has the line by then."""

    def broken(*_given: object) -> None:
        raise ZeroDivisionError

    stick, plugged = tmp_path / "stick", list[Path]()
    stick.mkdir()
    store = MirroredStore(tmp_path / "memory", lambda: plugged[0] if plugged else None)
    journal = StoreJournal(store, "5e0f0d4e-2c3b-4a49-8f2f-77f6a0a2c001", SystemClock())
    journal.append(started(report_id=ID))
    plugged.append(stick)
    monkeypatch.setattr(store_module, "settle", broken)
    for _line in range(2):
        journal.append(ImageMeasured("ab" * 32))
        assert "ZeroDivisionError" in store.problem()
    monkeypatch.undo()
    assert store.sync()
    assert (store.problem(), store.where()) == ("", "stick")
    for side in (store.memory, stick):
        (written,) = side.glob("journal/*.jsonl")
        assert len(read_journal(written.read_bytes()).sound) == 3


@pytest.mark.parametrize("place", ["reports/station-x.pub.pem", "receipts/a.json", "journal"])
def test_a_folder_in_the_place_of_one_file_keeps_no_other_away(tmp_path: Path, place: str) -> None:
    stick, plugged = tmp_path / "stick", list[Path]()
    store = MirroredStore(tmp_path / "memory", lambda: plugged[0] if plugged else None)
    others = ("reports/a.jws", "receipts/b.json", "journal/c.jsonl", "outbox/a.jws", KEY)
    for relative in (*others, place if "." in place else f"{place}/d.jsonl"):
        store.write(relative, b"ours")
    if "." in place:
        (stick / place).mkdir(parents=True)
    else:
        stick.mkdir()
        (stick / place).write_bytes(b"a file in the place of a folder")
    plugged.append(stick)
    assert not store.sync()
    assert store.where() == "memory"
    assert store.problem()
    came = [relative for relative in others if (stick / relative).is_file()]
    assert came == [relative for relative in others if not relative.startswith(f"{place}/")]


def test_a_bad_block_under_one_report_keeps_no_other_file_away(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stick = tmp_path / "stick"
    store = MirroredStore(tmp_path / "memory", lambda: stick if stick.is_dir() else None)
    for relative in ("reports/a.jws", "journal/c.jsonl", KEY):
        store.write(relative, b"ours")
    (stick / "reports").mkdir(parents=True)
    (stick / "reports/a.jws").write_bytes(b"bad.")
    real = files.head_or_none

    def head_or_none(path: Path, most: int) -> bytes | None:
        if path == stick / "reports/a.jws":
            raise OSError(errno.EIO, os.strerror(errno.EIO))
        return real(path, most)

    monkeypatch.setattr(mirror, "head_or_none", head_or_none)
    assert store.sync()
    assert (stick / "reports/a.jws").read_bytes() == b"ours"  # in blocks that are whole
    assert (stick / "journal/c.jsonl").is_file()
    assert (stick / KEY).is_file()


def test_bad_blocks_that_answer_slowly_end_one_go(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It stands between two lines of a journal; the next go brings the others."""
    stick = tmp_path / "stick"
    plugged: list[Path] = []
    store = MirroredStore(tmp_path / "memory", lambda: plugged[0] if plugged else None)
    names = [f"reports/{number}.jws" for number in range(6)]
    for name in names:
        store.write(name, b"ours")
    (stick / "reports").mkdir(parents=True)
    for name in names:
        (stick / name).write_bytes(b"bad.")
    real, clock = files.head_or_none, [0.0]

    def head_or_none(path: Path, most: int) -> bytes | None:
        if path.exists() and path.read_bytes() == b"bad.":
            clock[0] += 1.5
            raise OSError(errno.EIO, os.strerror(errno.EIO))
        return real(path, most)

    monkeypatch.setattr(mirror, "head_or_none", head_or_none)
    monkeypatch.setattr("reprise.adapters.storage.mirror.time.monotonic", lambda: clock[0])
    plugged.append(stick)
    written = []
    for _go in range(3):
        store.sync()
        written.append(sum((stick / name).read_bytes() == b"ours" for name in names))
    assert written == [2, 4, 6]
    assert store.sync()


@pytest.mark.parametrize("ours", [True, False])
def test_a_bad_block_under_the_public_half_of_our_key_is_written_anew(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, ours: bool
) -> None:
    """Of another key than ours it is not: a server may know that one."""
    stick = tmp_path / "stick"
    store = MirroredStore(tmp_path / "memory", lambda: stick)
    stick.mkdir()
    store.write(KEY, b"private")
    store.write(PUBLIC_KEY, b"public")
    if not ours:
        (stick / KEY).write_bytes(b"another")
    (stick / PUBLIC_KEY).write_bytes(b"bad.")
    real, bad = files.head_or_none, stick / PUBLIC_KEY

    def head_or_none(path: Path, most: int) -> bytes | None:
        if path == bad and path.read_bytes() == b"bad.":
            raise OSError(errno.EIO, os.strerror(errno.EIO))
        return real(path, most)

    def read_or_none(path: Path, most: int = -1) -> bytes | None:
        return head_or_none(path, 1 << 20)

    monkeypatch.setattr(mirror, "head_or_none", head_or_none)
    monkeypatch.setattr(mirror, "read_or_none", read_or_none)
    store.write("reports/a.jws", b"report")
    store.sync()
    assert ((stick / PUBLIC_KEY).read_bytes() == b"public") is ours
    assert (stick / "reports/a.jws").is_file()
