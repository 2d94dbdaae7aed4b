"""Which medium the initramfs starts from, with its own shell and programs (busybox), on made PCs:
the stick first, then a disc or a card, and an image inside the PC last and late."""

from __future__ import annotations

from pathlib import Path

import pytest

from build_scripts.initramfs_pc import AHCI, BEHIND_HUB, NVME, USB, Pc, made_pc


@pytest.fixture
def pc(tmp_path: Path) -> Pc:
    return made_pc(tmp_path)


@pytest.mark.parametrize("inside", ["sata", "nvme", "emmc"])
def test_the_stick_is_taken_before_the_same_image_inside_the_pc(pc: Pc, inside: str) -> None:
    if inside == "sata":
        pc.drive("sda", AHCI)
    elif inside == "nvme":
        pc.drive("nvme0n1", NVME)
    else:
        pc.card("mmcblk0", "MMC")
    pc.drive("sdb", USB)
    assert pc.starts_from() == "sdb1"


def test_a_stick_that_comes_late_is_waited_for(pc: Pc) -> None:
    pc.drive("sda", AHCI)
    assert pc.starts_from(0) == ""
    assert pc.starts_from(9) == ""
    pc.drive("sdb", USB)
    assert pc.starts_from(9) == "sdb1"


def test_where_the_image_is_inside_only_it_starts_all_the_same(pc: Pc) -> None:
    pc.drive("sda", AHCI)
    assert pc.starts_from(10) == "sda1"


def test_a_stick_of_another_build_is_not_taken(pc: Pc) -> None:
    pc.drive("sda", AHCI)
    pc.drive("sdb", USB)
    pc.builds = {"sdb": "old", "sdb1": "old"}
    assert pc.starts_from() == "sda1"


def test_a_disc_and_a_card_start_at_once_and_before_what_is_inside(pc: Pc) -> None:
    pc.drive("sda", AHCI)
    pc.card("mmcblk0", "SD")
    assert pc.starts_from(0) == "mmcblk0p1"
    pc.drive("sr0", AHCI, parts=0)
    assert pc.starts_from(0) == "sr0"
    pc.drive("sdb", USB)
    assert pc.starts_from(0) == "sdb1"


def test_a_whole_stick_without_partitions_comes_before_a_partition_inside(pc: Pc) -> None:
    pc.drive("sda", AHCI)
    pc.drive("sdb", USB, parts=0)
    assert pc.starts_from() == "sdb"


def test_a_stick_whose_partitions_are_not_there_yet_is_waited_for(pc: Pc) -> None:
    """Held as a whole it would take no data partition: a PC's report was in memory only."""
    pc.drive("sdb", USB, parts=0)
    assert pc.starts_from(0) == ""
    assert pc.starts_from(9) == ""
    assert not pc.mounts()
    pc.partition("sdb", 1)
    assert pc.starts_from(9) == "sdb1"


def test_a_stick_that_never_shows_a_partition_starts_all_the_same(pc: Pc) -> None:
    pc.drive("sdb", USB, parts=0)
    assert pc.starts_from(10) == "sdb"


def test_ventoys_map_comes_first(pc: Pc) -> None:
    pc.drive("sdb", USB)
    (pc.root / "dev/mapper").mkdir()
    (pc.root / "dev/mapper/ventoy").touch()
    assert pc.starts_from(0) == "ventoy"


@pytest.mark.parametrize(
    ("place", "words", "taken"),
    [
        (USB, {"1-{n}": "fixed"}, "sdb1"),  # a disk on a module, on a header of the board
        (BEHIND_HUB, {"1-8": "fixed", "1-8.{n}": "fixed"}, "sdb1"),
        (USB, {"1-{n}": "unknown"}, "sda1"),
        (USB, {"1-{n}": "removable"}, "sda1"),
        # built into a hub that somebody plugged in: outside
        (BEHIND_HUB, {"1-8": "removable", "1-8.{n}": "fixed"}, "sda1"),
        (BEHIND_HUB, {"1-8": "unknown", "1-8.{n}": "fixed"}, "sda1"),
        (BEHIND_HUB, {"1-8": "fixed", "1-8.{n}": "unknown"}, "sda1"),
    ],
)
def test_a_port_that_the_firmware_calls_fixed_is_inside(
    pc: Pc, place: str, words: dict[str, str], taken: str
) -> None:
    pc.drive("sda", place, removable=words)
    pc.drive("sdb", USB)
    assert pc.starts_from() == taken


@pytest.mark.parametrize(
    ("line", "words"), [("quiet", "Recherche de la clé."), ("reprise.lang=en", "Looking for")]
)
def test_what_is_looked_for_is_said_once(pc: Pc, line: str, words: str) -> None:
    pc.line = line
    pc.drive("sda", AHCI, parts=1)
    pc.builds = {"sda": "old", "sda1": "old"}
    for second in range(3):
        assert pc.starts_from(second) == ""
    assert (pc.root / "console").read_text().count(words) == 1
    assert (pc.root / "console").read_text().count("\n") == 1
    assert pc.starts_from(15) == ""
    assert "60 s" in (pc.root / "console").read_text()
