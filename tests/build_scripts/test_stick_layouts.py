"""The ISO's files on sticks that Windows wrote: which file systems are mounted while the initramfs
looks for them, and what is said where none has them."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from build_scripts.initramfs_pc import AHCI, NVME, USB, Pc, made_pc


@pytest.fixture
def pc(tmp_path: Path) -> Pc:
    return made_pc(tmp_path)


@pytest.mark.parametrize("kind", ["vfat", "exfat"])
@pytest.mark.parametrize("parts", [0, 1], ids=["whole", "partition"])
def test_the_isos_files_on_a_windows_file_system_start(pc: Pc, kind: str, parts: int) -> None:
    """Rufus's ISO mode, or copied by hand; whatever its label has become."""
    pc.drive("sdb", USB, parts=parts)
    node = "sdb1" if parts else "sdb"
    pc.types = {"sdb": "none" if parts else kind, "sdb1": kind}
    assert pc.starts_from(0) == node
    (mounted,) = pc.mounts()
    assert mounted.startswith(f"{kind} ro,")
    assert "umask=0077" in mounted, "reports will lie there"
    assert ",flush" in mounted or kind == "exfat"


def test_they_start_from_a_card(pc: Pc) -> None:
    pc.card("mmcblk0", "SD")
    pc.types = {"mmcblk0p1": "vfat", "mmcblk0p2": "vfat"}
    assert pc.starts_from(0) == "mmcblk0p1"


def test_they_start_from_a_stick_whose_port_is_called_fixed(pc: Pc) -> None:
    pc.drive("sdb", USB, parts=1, removable={"1-{n}": "fixed"})
    pc.types = {"sdb": "none", "sdb1": "vfat"}
    assert pc.starts_from(9) == ""
    assert pc.starts_from(10) == "sdb1"


@pytest.mark.parametrize("inside", ["sata", "nvme", "emmc", "hot-plug bay"])
def test_no_fat_inside_the_pc_is_mounted_though_it_holds_the_same_files(
    pc: Pc, inside: str
) -> None:
    """Somebody copied them onto the PC's own EFI system partition."""
    if inside == "nvme":
        pc.drive("nvme0n1", NVME)
        pc.types = {"nvme0n1": "none", "nvme0n1p1": "vfat", "nvme0n1p2": "ntfs"}
    elif inside == "emmc":
        pc.card("mmcblk0", "MMC")
        pc.types = {"mmcblk0": "none", "mmcblk0p1": "vfat", "mmcblk0p2": "ntfs"}
    else:
        pc.drive("sda", AHCI)
        pc.types = {"sda": "none", "sda1": "vfat", "sda2": "exfat"}
        if inside == "hot-plug bay":
            (pc.root / "sys/class/block/sda/removable").write_text("1\n")
    assert pc.starts_from() == ""
    pc.drive("sdb", USB, parts=1)
    pc.types |= {"sdb": "none", "sdb1": "vfat"}
    assert pc.starts_from() == "sdb1"
    assert [mounted.split()[-1] for mounted in pc.mounts()] == ["sdb1"]


@pytest.mark.parametrize("kind", ["ntfs", "ext4", "xfs", "btrfs", "hfsplus", "f2fs", "udf", "swap"])
def test_no_file_system_with_a_journal_is_mounted_on_a_stick_either(pc: Pc, kind: str) -> None:
    pc.drive("sdb", USB, parts=1)
    pc.types = {"sdb": "none", "sdb1": kind}
    assert pc.starts_from() == ""
    assert pc.mounts() == []


def test_the_end_of_the_search_says_what_is_wrong_and_what_to_do(pc: Pc) -> None:
    pc.drive("sda", AHCI, parts=1)
    pc.types = {"sda": "none", "sda1": "ntfs"}  # the PC's own Windows
    why, to_do = pc.says_at_the_end()
    assert "sur aucune clé" in why
    assert "balenaEtcher" in to_do and "mode Image DD" in to_do
    pc.drive("sdb", USB, parts=1)
    pc.types |= {"sdb": "none", "sdb1": "ntfs"}
    assert "NTFS" in pc.says_at_the_end()[0]
    pc.types |= {"sdb1": "vfat"}
    pc.builds = {"sdb1": "old"}
    assert "autre version" in pc.says_at_the_end()[0]


def test_a_copy_that_was_cut_off_is_not_called_another_version(pc: Pc) -> None:
    """A stick pulled too soon: a technician would look for another stick in vain."""
    pc.drive("sdb", USB, parts=1)
    pc.types = {"sdb": "none", "sdb1": "vfat"}
    pc.cut_off = ("sdb1",)
    why, to_do = pc.says_at_the_end()
    assert "incomplète" in why
    assert "balenaEtcher" in to_do
    pc.builds = {"sdb1": "old"}
    assert "autre version" in pc.says_at_the_end()[0]


def test_the_copy_to_memory_is_counted(pc: Pc) -> None:
    (pc.root / "copy/live").mkdir(parents=True)
    (pc.root / "copy/live/part").write_bytes(bytes(1 << 20))
    counting = f'reprise_show_progress "Copie en mémoire " {pc.root}/copy 4096 & counts=$!'
    pc.runs(f"{counting}; sleep 2; kill $counts")
    said = (pc.root / "console").read_bytes().decode().split("\r")
    assert said[0] == ""
    found = re.fullmatch(r"  Copie en mémoire : +(\d+) %", said[1])
    assert found and 25 <= int(found[1]) <= 26
