"""The partition for reports is entered into a table that is still as it was read, or not at all.
The stick is a file of the test's own."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from disks.stick_image import make_stick
from reprise.adapters.stick import disk, partition
from reprise.adapters.stick.disk import StickDisk
from reprise.adapters.stick.partition import Made, make_data_partition
from reprise.domain.station.stick import StickReason
from reprise.ports import CommandResult
from reprise.tools.mbr import MBR_BYTES, PVD_BYTES, PVD_OFFSET_BYTES, parse_iso, parse_mbr
from unit.adapters.hardware.made_tree import USB, MadeTree

MIB = 200
SECTORS = MIB * 2048
FILE_SYSTEM = b"a file system".ljust(71) + b"REPRISE    FAT32   ".ljust(439) + b"\x55\xaa"


class Stick:
    """`meanwhile`: what happens to it while its file system is made."""

    def __init__(self, tree: MadeTree, patch: pytest.MonkeyPatch) -> None:
        self.tree, self.file, self.scratch = tree, tree.root / "stick.img", tree.root / "run"
        make_stick(self.file, MIB)
        tree.disk("sdzy", USB, size=str(SECTORS), removable="1")
        patch.setattr(disk, "_BLOCK", tree.root / "sys/class/block")
        patch.setattr(StickDisk, "node", property(lambda _disk: str(self.file)))
        patch.setattr(partition, "_NODE_WAIT_S", 0.0)
        self.meanwhile: Callable[[], object] = lambda: None
        self.calls: list[str] = []

    @property
    def table(self) -> bytes:
        with self.file.open("rb") as file:
            return file.read(MBR_BYTES)

    def write(self, at: int, data: bytes) -> None:
        with self.file.open("r+b") as file:
            file.seek(at)
            file.write(data)

    def run(
        self, argv: Sequence[str], timeout_s: float = 30.0, stdin: bytes | None = None
    ) -> CommandResult:
        self.calls.append(argv[0])
        if argv[0] == "mkfs.vfat":
            with Path(argv[-1]).open("r+b") as image:
                image.write(FILE_SYSTEM)
            self.meanwhile()
        return CommandResult(tuple(argv), 0, b"", b"", 0.0, timed_out=False)

    def made(self) -> Made:
        with self.file.open("rb") as file:
            file.seek(PVD_OFFSET_BYTES)
            iso = parse_iso(file.read(PVD_BYTES))
        found = StickDisk("sdzy", "1", SECTORS, read_only=False, iso=iso, data_partition=None)
        return make_data_partition(found, self, self.scratch)


@pytest.fixture
def stick(tree: MadeTree, monkeypatch: pytest.MonkeyPatch) -> Stick:
    return Stick(tree, monkeypatch)


def test_it_becomes_the_third_entry_and_the_file_system_lies_there(stick: Stick) -> None:
    before = parse_mbr(stick.table)
    assert stick.made().detail == "/dev/sdzy3", "which no kernel makes of a file"
    after = parse_mbr(stick.table)
    assert before is not None
    assert after is not None
    assert (after[:2], after[3]) == (before[:2], before[3])
    with stick.file.open("rb") as file:
        file.seek(after[2].start * 512)
        assert file.read(len(FILE_SYSTEM)) == FILE_SYSTEM
    assert stick.calls == ["mkfs.vfat", "udevadm", "partx"]


def test_a_table_that_somebody_changed_meanwhile_is_left_to_them(stick: Stick) -> None:
    """A partition of somebody else's: with the old table its data would be lost."""
    theirs = stick.table[:478] + b"\x00\xfe\xff\xff\x83\xfe\xff\xff" + b"\1" * 8 + b"\0" * 16
    theirs += b"\x55\xaa"
    stick.meanwhile = lambda: stick.write(0, theirs)
    made = stick.made()
    assert made.reason is StickReason.MAKE_FAILED
    assert made.detail.endswith("the table changed meanwhile")
    assert stick.table == theirs
    assert "partx" not in stick.calls


def test_a_stick_that_takes_no_entry_is_not_said_to_have_one(
    stick: Stick, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A worn-out stick takes every write and keeps none."""
    monkeypatch.setattr(os, "pwrite", lambda _handle, data, _at: len(data))
    made = stick.made()
    assert made.reason is StickReason.MAKE_FAILED
    assert made.detail.endswith("the table did not take the new entry")
    assert "partx" not in stick.calls


def test_the_file_system_is_on_the_stick_before_the_table_names_it(
    stick: Stick, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And its entry is, before anything mounts it: what a power cut leaves is a stick as it was,
    or one that is complete."""
    before, synced = stick.table, list[bytes]()
    monkeypatch.setattr(os, "fsync", lambda _handle: synced.append(stick.table))
    stick.made()
    assert synced == [before, stick.table]
    assert before != stick.table


def test_one_that_the_kernel_has_not_shown_is_asked_for_again(stick: Stick) -> None:
    """And is not made again: reports may lie there."""
    stick.made()
    with stick.file.open("rb") as file:
        before = file.read()
    stick.calls.clear()
    assert stick.made() == Made(reason=StickReason.MAKE_FAILED, detail="/dev/sdzy3")
    assert stick.calls == ["udevadm", "partx"]
    with stick.file.open("rb") as file:
        assert file.read() == before


@pytest.mark.parametrize("label", [b"SOMEBODY   ", b"REPRISE 2  "])
def test_another_one_in_its_place_is_left_alone(stick: Stick, label: bytes) -> None:
    stick.made()
    third = parse_mbr(stick.table)
    assert third is not None
    stick.write(third[2].start * 512 + 71, label)
    stick.calls.clear()
    assert stick.made().reason is StickReason.NO_SLOT
    assert stick.calls == []


def no_system(stick: Stick) -> None:
    stick.write(PVD_OFFSET_BYTES + 40, b"SOMEBODY_ELSES  ")


def large_sectors(stick: Stick) -> None:
    stick.tree.write("sys/class/block/sdzy/queue/logical_block_size", "4096\n")


def empty_table(stick: Stick) -> None:
    stick.write(446, bytes(64))


@pytest.mark.parametrize("otherwise", [no_system, large_sectors, empty_table])
def test_a_disk_that_is_laid_out_otherwise_gets_no_entry(
    stick: Stick, otherwise: Callable[[Stick], None]
) -> None:
    otherwise(stick)
    before = stick.table
    assert stick.made().reason is StickReason.TABLE_UNKNOWN
    assert stick.table == before
    assert stick.calls == []
