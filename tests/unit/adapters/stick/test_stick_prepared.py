"""Whatever becomes of the stick, the station goes on: it says where the reports are."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from threading import Thread

import pytest

from reprise.adapters.stick import disk, keeper
from reprise.adapters.stick.keeper import StickKeeper, read_state
from reprise.adapters.storage.files import locked
from reprise.domain.station.stick import StickReason, StickState, StickStatus
from reprise.errors import ToolError
from reprise.ports import CommandResult
from unit.adapters.hardware.made_tree import USB, MadeTree


class Pc:
    """A stick with a partition for reports. `ends`: how each command does."""

    def __init__(self, tree: MadeTree, patch: pytest.MonkeyPatch, **facts: str) -> None:
        self.run_folder, self.calls = tree.root / "run", list[str]()
        self.ends: Exception | None = None
        tree.disk("sdzy", USB, removable="1", **facts)
        patch.setattr(disk, "_BLOCK", tree.root / "sys/class/block")
        patch.setattr(disk, "read_at", lambda _node, _at, _size: b"")
        patch.setattr(disk, "_data_partition", lambda name: f"/dev/{name}3")

    def run(
        self, argv: Sequence[str], timeout_s: float = 30.0, stdin: bytes | None = None
    ) -> CommandResult:
        self.calls.append(" ".join(argv))
        if self.ends is not None:
            raise self.ends
        return CommandResult(tuple(argv), 0, b"", b"", 0.0, timed_out=False)

    def prepare(self) -> StickState:
        return StickKeeper(self, self.run_folder).prepare()


@pytest.mark.parametrize("error", [ToolError("mount: no answer"), OSError(5, "no answer")])
def test_a_stick_that_fails_is_a_reason_and_no_end(
    tree: MadeTree, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    pc = Pc(tree, monkeypatch)
    pc.ends = error
    state = pc.prepare()
    assert (state.state, state.reason) == (StickStatus.MEMORY, StickReason.MOUNT_FAILED)
    assert "no answer" in state.detail
    assert read_state(pc.run_folder) == state, "the screen says it"


@pytest.mark.parametrize(("protected", "access"), [("1", "ro,"), ("0", "rw,")])
def test_a_write_protected_stick_is_only_read(
    tree: MadeTree, monkeypatch: pytest.MonkeyPatch, protected: str, access: str
) -> None:
    pc = Pc(tree, monkeypatch, ro=protected)
    pc.prepare()
    assert pc.calls[0].startswith(f"mount -t vfat -o {access}")


def test_two_processes_never_make_it_at_the_same_time(
    tree: MadeTree, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The engine and the service that sends both look after it."""
    pc = Pc(tree, monkeypatch)
    pc.run_folder.mkdir()
    one = Thread(target=pc.prepare, daemon=True)
    with locked(pc.run_folder / ".stick-lock"):
        one.start()
        one.join(0.3)
        assert one.is_alive()
        assert pc.calls == []
    one.join(20)
    assert pc.calls[0].startswith("mount")


@pytest.mark.parametrize("good", [1, 2, 3, None])
def test_what_may_pass_is_tried_again_and_not_for_ever(
    tree: MadeTree, monkeypatch: pytest.MonkeyPatch, good: int | None
) -> None:
    """`good`: which try to mount it goes well; each try is one before a repair, and one after."""
    pc = Pc(tree, monkeypatch)
    mounts: list[int] = []

    def run(argv: Sequence[str], timeout_s: float = 30.0) -> CommandResult:
        if argv[0] == "mount":
            mounts.append(len(mounts) // 2 + 1)
        bad = not mounts or mounts[-1] != good
        return CommandResult(tuple(argv), int(bad), b"", b"busy", 0.0, timed_out=False)

    monkeypatch.setattr(pc, "run", run)
    monkeypatch.setattr(keeper, "mounted_stick", lambda root: root if good in mounts else None)
    made = StickKeeper(pc, pc.run_folder)
    states = [made.prepare().state for _look in range(6)]
    failed = 3 if good is None else good - 1
    assert states == [StickStatus.MEMORY] * failed + [
        StickStatus.MEMORY if good is None else StickStatus.READY
    ] * (6 - failed)
    assert set(mounts) == set(range(1, min(good or 3, 3) + 1))


@pytest.mark.parametrize("left", [b"", b"{", b'{"state": "lost"}', b"\xff"])
def test_a_note_that_cannot_be_read_is_no_stick(tmp_path: Path, left: bytes) -> None:
    (tmp_path / "stick.json").write_bytes(left)
    assert read_state(tmp_path) == StickState(StickStatus.MEMORY, StickReason.NO_STICK)


def test_a_partition_that_comes_after_its_disk_is_found(
    tree: MadeTree, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However many looks there were before: a slow stick."""
    pc = Pc(tree, monkeypatch)
    monkeypatch.setattr(
        disk, "_data_partition", lambda name: next(iter(disk._partitions(name)), None)
    )
    monkeypatch.setattr(keeper, "mounted_stick", lambda root: root if pc.calls else None)
    made = StickKeeper(pc, pc.run_folder)
    for _look in range(5):
        assert made.prepare().state is StickStatus.MEMORY
    assert pc.calls == []
    tree.write("sys/class/block/sdzy/sdzy1/partition", "1\n")
    assert made.prepare().state is StickStatus.READY
