"""A stick of files on FAT or exFAT: its reports lie there, and nothing else of the PC is mounted in
its place."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from reprise.adapters.stick import disk
from reprise.domain.station.stick import StickReason, StickStatus
from reprise.tools.mbr import parse_fat_serial
from unit.adapters.hardware.made_tree import ATA, NVME, USB, MadeTree
from unit.adapters.stick.files_only_kit import NO_SERIAL, OTHER, SERIAL, Pc, boot_sector

pytestmark = pytest.mark.processes


@pytest.fixture
def pc(tree: MadeTree, monkeypatch: pytest.MonkeyPatch) -> Pc:
    return Pc(tree, monkeypatch)


@pytest.mark.parametrize(
    ("argv", "size_mib"),
    [
        (("mkfs.vfat", "-F", "32"), 64),
        (("mkfs.vfat", "-F", "16"), 64),
        (("mkfs.vfat", "-F", "12"), 8),
        (("mkfs.exfat",), 64),
        (("mkfs.vfat", "-F", "32", "-i", "0"), 64),
    ],
    ids=["FAT32", "FAT16", "FAT12", "exFAT", "none"],
)
def test_the_serial_number_is_the_uuid_that_blkid_gives(
    tmp_path: Path, argv: tuple[str, ...], size_mib: int
) -> None:
    image = tmp_path / "fat"
    with image.open("wb") as file:
        file.truncate(size_mib << 20)
    subprocess.run([*argv, str(image)], check=True, capture_output=True)
    asked = ["blkid", "-p", "-o", "value", "-s", "UUID", str(image)]
    told = subprocess.run(asked, check=True, capture_output=True, text=True).stdout.strip()
    assert parse_fat_serial(image.read_bytes()[:512]) == (told or NO_SERIAL)
    assert bool(told) == ("-i" not in argv)


def test_other_sectors_have_no_serial_number() -> None:
    assert parse_fat_serial(bytes(512)) is None
    assert parse_fat_serial(boot_sector(SERIAL)[:100]) is None
    assert parse_fat_serial(b"\xeb\x52\x90NTFS    ".ljust(510, b"\0") + b"\x55\xaa") is None


@pytest.mark.parametrize(("kind", "flush"), [("vfat", ",flush"), ("exfat", "")])
def test_reports_lie_beside_the_systems_files(pc: Pc, kind: str, flush: str) -> None:
    pc.disk("sdb", USB, SERIAL, removable="1")
    pc.noted("/dev/sdb1", kind)
    options = f"rw,nosuid,nodev,noexec,noatime,umask=0077{flush}"
    assert pc.prepare() == [f"mount -t {kind} -o {options} /dev/sdb1 /run/reprise/stick"]


def test_a_file_system_that_the_system_runs_from_is_not_mounted_twice(pc: Pc) -> None:
    """The kernel would refuse a second, writable mount; what the system sees stays read-only."""
    pc.disk("sdb", USB, SERIAL, removable="1")
    pc.noted("/dev/sdb1")
    pc.live = Path("/run/live/medium")
    assert pc.prepare() == [
        "mount -o remount,rw /run/live/medium",
        "mount --bind /run/live/medium /run/reprise/stick",
        "mount -o remount,bind,rw,nosuid,nodev,noexec,noatime /run/reprise/stick",
        "mount -o remount,bind,ro /run/live/medium",
    ]


def test_the_systems_own_files_stay_read_only_where_a_step_fails(pc: Pc) -> None:
    pc.disk("sdb", USB, SERIAL, removable="1")
    pc.noted("/dev/sdb1")
    pc.live, pc.refuses = Path("/run/live/medium"), "--bind"
    assert pc.prepare()[-1] == "mount -o remount,bind,ro /run/live/medium"
    assert pc.state.reason is StickReason.MOUNT_FAILED


def test_a_write_protected_stick_is_only_read(pc: Pc) -> None:
    pc.disk("sdb", USB, SERIAL, removable="1", ro="1")
    pc.noted("/dev/sdb1")
    (mount,) = pc.prepare()
    assert " ro," in mount
    assert pc.state.reason is StickReason.WRITE_PROTECTED


def test_a_stick_that_comes_back_elsewhere_is_found(pc: Pc) -> None:
    pc.noted("/dev/sdb1")
    pc.disk("sdb", USB, OTHER, removable="1")
    pc.disk("sdc", USB, SERIAL, removable="1")
    (mount,) = pc.prepare()
    assert " /dev/sdc1 " in mount


def test_of_two_copies_the_one_that_started_is_used(pc: Pc) -> None:
    pc.disk("sdb", USB, SERIAL, removable="1")
    pc.disk("sdc", USB, SERIAL, removable="1")
    pc.noted("/dev/sdc1")
    (mount,) = pc.prepare()
    assert " /dev/sdc1 " in mount


@pytest.mark.parametrize("place", [ATA, NVME], ids=["sata", "nvme"])
def test_nothing_of_a_drive_inside_is_mounted(pc: Pc, place: str) -> None:
    """The note itself is not believed: names of nodes are given anew."""
    pc.disk("sda", place, SERIAL, removable="1")
    pc.noted("/dev/sda1")
    assert pc.prepare() == []
    assert pc.state.state is StickStatus.MEMORY


def test_a_stick_of_somebody_else_is_left_alone(pc: Pc) -> None:
    pc.disk("sdb", USB, OTHER, removable="1")
    pc.noted("/dev/sdc1")
    assert pc.prepare() == []
    assert pc.state.state is StickStatus.MEMORY


@pytest.mark.parametrize(
    ("serial", "drive", "node", "used"),
    [
        (NO_SERIAL, "SanDisk_1", "sdb", True),
        (NO_SERIAL, "SanDisk_2", "sdb", False),  # of another drive
        (NO_SERIAL, "SanDisk_1", "sdc", False),  # it stands elsewhere
        (SERIAL, "SanDisk_1", "sdb", False),
    ],
)
def test_a_fat_without_a_serial_number_is_used_where_it_stands(
    pc: Pc, monkeypatch: pytest.MonkeyPatch, serial: str, drive: str, node: str, used: bool
) -> None:
    monkeypatch.setattr(disk, "udev_properties", lambda _path: {"ID_SERIAL": drive})
    for name, port in (("sdb", USB), ("sdc", USB.replace("/1-2", "/1-3"))):
        pc.disk(name, port, serial if name == node else OTHER, removable="1")
    place = (pc.tree.root / "sys/block/sdb").resolve().relative_to(pc.tree.root / "sys")
    (pc.run_folder / "medium").write_text(
        f"node=/dev/sdb1\nDEVPATH=/{place}/sdb1\nID_FS_TYPE=vfat\nID_SERIAL=SanDisk_1\n"
    )
    assert len(pc.prepare()) == int(used)
    assert pc.state.state is StickStatus.MEMORY  # nothing is really mounted here


@pytest.mark.parametrize(
    ("port", "lun", "number", "used"),
    [
        ("1-2", "0:0:0", 1, True),
        ("1-3", "0:0:0", 1, False),
        ("1-2", "0:0:1", 1, False),  # another slot of a card reader
        ("1-2", "0:0:0", 2, False),
    ],
    ids=["same", "port", "slot", "partition"],
)
def test_it_is_back_in_its_place_though_the_kernel_calls_it_otherwise(
    pc: Pc, monkeypatch: pytest.MonkeyPatch, port: str, lun: str, number: int, used: bool
) -> None:
    """Whoever pulls it while it is in use keeps its name taken: it comes back as the next one."""
    monkeypatch.setattr(disk, "udev_properties", lambda _path: {"ID_SERIAL": "SanDisk_1"})
    place = f"pci0000:00/0000:00:14.0/usb1/{port}/{port}:1.0/host7/target7:0:0/7:{lun}"
    pc.tree.disk("sdc", place, size="8388608", removable="1")
    pc.tree.part("sdc", f"sdc{number}", number)
    pc.serials[f"sdc{number}"] = NO_SERIAL
    before = "/devices/pci0000:00/0000:00:14.0/usb1/1-2/1-2:1.0/host6/target6:0:0/6:0:0:0"
    (pc.run_folder / "medium").write_text(
        f"node=/dev/sdb1\nDEVPATH={before}/block/sdb/sdb1\nID_FS_TYPE=vfat\nID_SERIAL=SanDisk_1\n"
    )
    assert len(pc.prepare()) == int(used)
