"""The store: nothing is lost, whatever the stick does."""

from __future__ import annotations

import errno
import os
import threading
import time
from pathlib import Path

import pytest

from reprise.adapters.delivery.outbox import StoreOutbox
from reprise.adapters.storage import files
from reprise.adapters.storage.store import FolderStore, MirroredStore
from reprise.codec import sha256_hex
from reprise.errors import InputError, StorageError

ID = "3f0c7b52-9d1e-4b7a-8a59-6f1f0a8f2c11"


class Rig:
    def __init__(self, base: Path) -> None:
        self.memory, self.stick = base / "memory", base / "stick"
        self.other = base / "other"
        self.stick.mkdir(parents=True)
        self.other.mkdir()
        self.plugged: Path | None = self.stick
        self.store = MirroredStore(self.memory, lambda: self.plugged)


@pytest.fixture
def rig(tmp_path: Path) -> Rig:
    return Rig(tmp_path)


def _tree(root: Path) -> dict[str, bytes]:
    return {
        str(p.relative_to(root)): p.read_bytes()
        for p in root.rglob("*")
        if p.is_file() and p.name != ".lock"
    }


def test_both_sides_hold_the_same(rig: Rig) -> None:
    rig.store.write("reports/a.jws", b"a")
    rig.store.append("journal/s.jsonl", b"1\n")
    rig.store.append("journal/s.jsonl", b"2\n")
    assert _tree(rig.memory) == _tree(rig.stick)
    assert rig.store.where() == "stick"


def test_pulled_and_another_stick_gets_everything(rig: Rig) -> None:
    rig.store.append("journal/s.jsonl", b"1\n")
    rig.plugged = None
    assert rig.store.where() == "memory"
    assert rig.store.sync() is False
    rig.store.append("journal/s.jsonl", b"2\n")
    rig.store.write("reports/a.jws", b"a")
    rig.plugged = rig.other
    assert rig.store.where() == "memory"  # not yet: the truth
    assert rig.store.sync() is True
    assert rig.store.where() == "stick"
    assert _tree(rig.other) == {"journal/s.jsonl": b"1\n2\n", "reports/a.jws": b"a"}
    before = {p: p.stat().st_mtime_ns for p in rig.other.rglob("*") if p.is_file()}
    assert rig.store.sync() is True  # idempotent: nothing is written again
    assert before == {p: p.stat().st_mtime_ns for p in rig.other.rglob("*") if p.is_file()}
    rig.plugged = rig.stick
    rig.store.append("journal/s.jsonl", b"3\n")  # the first stick is behind: caught up at once
    assert _tree(rig.stick) == {"journal/s.jsonl": b"1\n2\n3\n", "reports/a.jws": b"a"}


def test_another_process_may_bring_the_stick_up_to_date(rig: Rig) -> None:
    rig.plugged = None
    rig.store.append("journal/s.jsonl", b"1\n")
    rig.plugged = rig.stick
    service = MirroredStore(rig.memory, lambda: rig.stick)
    assert service.sync() is True
    assert rig.store.where() == "stick"
    rig.store.append("journal/s.jsonl", b"2\n")
    assert (rig.stick / "journal/s.jsonl").read_bytes() == b"1\n2\n"


def test_a_stick_that_fails_costs_only_the_copy(rig: Rig, monkeypatch: pytest.MonkeyPatch) -> None:
    rig.store.append("journal/s.jsonl", b"1\n")
    real = os.write

    def failing(handle: int, data: bytes) -> int:
        if str(rig.stick) in str(Path(f"/proc/self/fd/{handle}").readlink()):
            real(handle, bytes(data)[:1])  # a part arrives, then the stick is full
            raise OSError(28, "No space left on device")
        return real(handle, data)

    monkeypatch.setattr(os, "write", failing)
    rig.store.append("journal/s.jsonl", b"2\n")
    rig.store.write("reports/a.jws", b"abc")
    assert rig.store.where() == "memory"
    assert str(rig.stick) in rig.store.problem()
    assert rig.store.sync() is False
    assert rig.store.read("journal/s.jsonl") == b"1\n2\n"
    monkeypatch.undo()
    assert rig.store.sync() is True
    assert rig.store.problem() == ""
    assert _tree(rig.stick) == _tree(rig.memory)


def test_a_torn_copy_on_the_stick_is_made_good(rig: Rig) -> None:
    rig.store.append("journal/s.jsonl", b"11\n")
    (rig.stick / "journal/s.jsonl").write_bytes(b"1X\n")
    rig.store.append("journal/s.jsonl", b"22\n")
    rig.store.sync()
    assert (rig.stick / "journal/s.jsonl").read_bytes() == b"11\n22\n"


def test_reads_what_only_the_stick_has(rig: Rig) -> None:
    (rig.stick / "reports").mkdir()
    (rig.stick / "reports/old.jws").write_bytes(b"old")
    (rig.stick / "reports/.tmp-1").write_bytes(b"half")
    rig.store.write("reports/new.jws", b"new")
    assert rig.store.names("reports") == ("new.jws", "old.jws")
    assert rig.store.read("reports/old.jws") == b"old"
    assert rig.store.read("reports/none.jws") is None
    rig.store.write("reprise.toml", b"m")
    (rig.stick / "reprise.toml").write_bytes(b"s")
    assert rig.store.read("reprise.toml", stick_first=True) == b"s"


@pytest.mark.parametrize("name", ["../x", "/etc/x", "a/../../x", "", "a//b", "a/\0"])
def test_names_stay_inside(rig: Rig, name: str) -> None:
    with pytest.raises(InputError):
        rig.store.write(name, b"")
    with pytest.raises(InputError):
        rig.store.read(name)


def test_what_was_sent_elsewhere_is_not_sent_again(rig: Rig) -> None:
    """PC A keeps a report in memory; its stick goes to PC B, which sends it, and comes back."""
    StoreOutbox(rig.store).put(ID, b"jws")
    there = StoreOutbox(MirroredStore(rig.memory.with_name("memory-b"), lambda: rig.stick))
    receipt = f'{{"report_id":"{ID}","sha256":"{sha256_hex(b"jws")}","received_at":"t"}}'
    there.mark_sent(ID, receipt.encode())
    assert rig.store.sync() is True
    here = StoreOutbox(rig.store)
    assert [item.state for item in here.items()] == ["sent"]
    assert not (rig.memory / "outbox" / f"{ID}.jws").exists()
    assert not (rig.stick / "outbox" / f"{ID}.jws").exists()
    assert (rig.memory / "reports" / f"{ID}.jws").read_bytes() == b"jws"


def test_sent_while_the_stick_was_away(rig: Rig) -> None:
    box = StoreOutbox(rig.store)
    box.put(ID, b"jws")
    rig.plugged = None
    receipt = f'{{"report_id":"{ID}","sha256":"{sha256_hex(b"jws")}","received_at":"t"}}'
    box.mark_sent(ID, receipt.encode())
    rig.plugged = rig.stick
    assert [i.state for i in box.items()] == ["sent"]
    assert rig.store.sync() is True
    assert sorted(_tree(rig.stick)) == [f"receipts/{ID}.json", f"reports/{ID}.jws"]


def test_a_false_receipt_on_a_stick_takes_nothing_away(rig: Rig) -> None:
    StoreOutbox(rig.store).put(ID, b"jws")
    (rig.stick / "receipts").mkdir()
    false = f'{{"report_id":"{ID}","sha256":"{sha256_hex(b"other")}","received_at":"t"}}'
    (rig.stick / "receipts" / f"{ID}.json").write_text(false)
    rig.store.sync()
    assert [item.state for item in StoreOutbox(rig.store).items()] == ["waiting"]
    assert (rig.stick / "outbox" / f"{ID}.jws").exists()


def test_a_report_waits_also_where_a_full_stick_did_not_take_its_place_in_the_queue(
    rig: Rig, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = os.write

    def full(handle: int, data: bytes) -> int:
        if str(rig.stick / "outbox") in str(Path(f"/proc/self/fd/{handle}").readlink()):
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        return real(handle, data)

    monkeypatch.setattr(os, "write", full)
    StoreOutbox(rig.store).put(ID, b"jws")
    assert not (rig.stick / "outbox" / f"{ID}.jws").exists()
    monkeypatch.undo()
    later = MirroredStore(rig.stick.parent / "next", lambda: rig.stick)  # memory is gone
    box = StoreOutbox(later)
    (item,) = box.items()
    assert (item.state, item.path) == ("waiting", str(rig.stick / "reports" / f"{ID}.jws"))
    receipt = f'{{"report_id":"{ID}","sha256":"{sha256_hex(b"jws")}","received_at":"t"}}'
    box.mark_sent(ID, receipt.encode())
    assert [one.state for one in box.items()] == ["sent"]


def test_folder_store(tmp_path: Path) -> None:
    store = FolderStore(tmp_path / "data")
    assert store.names("outbox") == ()
    assert not (tmp_path / "data").exists()
    store.write("reports/a.jws", b"a")
    assert (store.where(), store.sync(), store.problem()) == ("folder", True, "")
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(StorageError):
        FolderStore(tmp_path / "file").write("reports/a", b"")


def test_an_empty_file_is_no_file(tmp_path: Path) -> None:
    """FAT may keep a name of size 0 where a power cut fell into a rename: it proves nothing."""
    (tmp_path / "empty").touch()
    assert files.read_or_none(tmp_path / "empty") is None


def test_a_write_is_synced_again_after_its_rename(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On FAT only this writes the file's size into its new directory entry."""
    order: list[str] = []
    real_fsync, real_replace = os.fsync, Path.replace

    def fsync(handle: int) -> None:
        order.append("fsync " + Path(f"/proc/self/fd/{handle}").readlink().name)
        real_fsync(handle)

    def replace(self: Path, target: Path) -> Path:
        order.append("rename")
        return real_replace(self, target)

    monkeypatch.setattr(os, "fsync", fsync)
    monkeypatch.setattr(Path, "replace", replace)
    files.write_durably(tmp_path / "r.jws", b"proof")
    assert order[0].startswith("fsync .tmp-")
    assert order[1:] == ["rename", "fsync r.jws", f"fsync {tmp_path.name}"]


def test_what_is_just_being_written_is_not_called_lost(tmp_path: Path) -> None:
    """The screen asks where reports are while a slow stick still takes the second copy."""
    memory, stick, slow = tmp_path / "memory", tmp_path / "stick", threading.Event()
    stick.mkdir()

    def plugged() -> Path:
        if threading.current_thread().name == "writer":
            slow.wait(60)
        return stick

    store = MirroredStore(memory, plugged)
    answers: list[str] = []
    writer = threading.Thread(target=store.write, args=("reports/a.jws", b"a"), name="writer")
    asker = threading.Thread(target=lambda: answers.append(store.where()))
    writer.start()
    while not (memory / "reports/a.jws").exists():
        time.sleep(0.01)
    asker.start()
    asker.join(0.2)
    assert answers == []
    slow.set()
    asker.join(60)
    writer.join(60)
    assert answers == ["stick"]
