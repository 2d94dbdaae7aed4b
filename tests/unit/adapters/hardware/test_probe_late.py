"""Drives that come up while others are being asked: each is in the list or is told as storage that
nobody reached, whatever the moment."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from threading import Event

import pytest

from reprise.adapters.hardware import glimpse
from reprise.domain.drives.unreached import UnreachedKind
from reprise.domain.pc.hardware import Inventory, Transport
from reprise.errors import ToolError
from reprise.ports import CommandResult
from unit.adapters.hardware import made_links
from unit.adapters.hardware.made_tree import (
    ATA,
    NVME,
    USB,
    VIRTUAL,
    MadeTree,
    answer,
    nothing_found,
)

LATE = "pci0000:00/0000:00:1f.2/ata{n}/host{n}/target{n}:0:0/{n}:0:0:0"


@pytest.fixture
def tree(tmp_path: Path) -> MadeTree:
    made = MadeTree(tmp_path)
    nothing_found(made)
    made.answers["smartctl"] = answer(code=2)
    made.disk("sda", ATA)
    return made


def _look(tree: MadeTree, wakes: Sequence[str]) -> Inventory:
    """Each time that smartctl asks a drive, the next one of `wakes` comes up."""
    waiting = list(wakes)

    def asked(argv: Sequence[str]) -> CommandResult:
        if waiting and argv[-1].startswith("/dev/"):
            tree.disk(waiting.pop(0), LATE)
        return answer(code=2)(argv)

    tree.answers["smartctl"] = asked
    return tree.probe().probe_inventory()


def test_a_drive_that_comes_up_while_another_is_asked_is_in_the_list(tree: MadeTree) -> None:
    made_links.link(tree, "link3", made_links.UP, "unknown")
    found = _look(tree, ["sdb"])
    assert [one.node for one in found.drives] == ["/dev/sda", "/dev/sdb"]


def test_drives_that_keep_coming_are_told_and_not_waited_for(tree: MadeTree) -> None:
    late = [f"sd{letter}" for letter in "bcdefghij"]
    found = _look(tree, late)
    listed = {one.node.removeprefix("/dev/") for one in found.drives}
    told = {one.where for one in found.unreached if one.kind is UnreachedKind.STARTING}
    there = {one.name for one in (tree.root / "sys/block").iterdir()}
    assert listed | told == there
    assert told
    assert not listed & told


def test_a_quiet_pc_is_read_once(tree: MadeTree) -> None:
    found = tree.probe().probe_inventory()
    assert [one.node for one in found.drives] == ["/dev/sda"]
    assert found.unreached == ()
    asked = [argv for argv in tree.asked if "/dev/sda" in argv]
    assert len(asked) == len(set(asked))


def test_the_last_look_asks_no_drive(tree: MadeTree) -> None:
    tree.disk("nvme0n1", NVME, device__serial="S1", size="0")
    tree.disk("sdu", USB)
    tree.disk("loop0", VIRTUAL)
    tree.disk("dm-0", VIRTUAL)
    tree.part("sda", "sda1", 1)
    made_links.link(tree, "link3", made_links.UP, "unknown")
    asked = list(tree.asked)
    found = tree.probe().probe_storage()
    assert tree.asked == asked
    told = {one.node: (one.transport, one.identity.serial) for one in found.drives}
    assert told == {
        "/dev/nvme0n1": (Transport.NVME, "S1"),
        "/dev/sda": (Transport.ATA, None),
        "/dev/sdu": (Transport.USB, None),
    }
    assert [one.where for one in found.unreached if not one.statable] == ["link3"]


def test_a_last_look_that_hangs_or_fails_says_so_in_a_moment(tree: MadeTree) -> None:
    tied = Event()

    def hangs(_path: Path) -> dict[str, str]:
        tied.wait(60)
        return {}

    def fails(_path: Path) -> dict[str, str]:
        raise OSError

    with pytest.raises(ToolError):
        glimpse.look(tree.roots, hangs, 0.05)
    tied.set()
    with pytest.raises(ToolError):
        glimpse.look(tree.roots, fails)


def test_a_drive_that_is_renamed_while_it_is_asked_is_one_drive(tree: MadeTree) -> None:
    tree.disk("nvme0n1", NVME, device__serial="S1")

    def asked(argv: Sequence[str]) -> CommandResult:
        if argv[-1] == "/dev/nvme0n1":
            (tree.root / "sys/block/nvme0n1").unlink()
            tree.disk("nvme1n1", NVME.replace("nvme0", "nvme1"), device__serial="S1")
        return answer(code=2)(argv)

    tree.answers["smartctl"] = asked
    found = tree.probe().probe_inventory()
    assert [one.node for one in found.drives] == ["/dev/nvme1n1", "/dev/sda"]


def test_a_stick_with_a_bad_contact_is_no_drive_that_starts(tree: MadeTree) -> None:
    waiting = [f"sd{letter}" for letter in "bcdefghij"]

    def asked(argv: Sequence[str]) -> CommandResult:
        if waiting and argv[-1].startswith("/dev/"):
            tree.disk(waiting.pop(0), USB)
        return answer(code=2)(argv)

    tree.answers["smartctl"] = asked
    found = tree.probe().probe_inventory()
    assert len(found.drives) < 10
    assert found.unreached == ()
