"""A stick of files on FAT or exFAT: its reports lie there, and it is never taken for a drive of the
PC, nor a drive of the PC for it, though somebody copied the same files onto that."""

from __future__ import annotations

import subprocess
from collections.abc import Sequence
from pathlib import Path

import pytest

from reprise.adapters import stick_disk, stick_plain
from reprise.adapters.stick import StickKeeper
from reprise.domain.hardware import Drive
from reprise.domain.policy import Policy
from reprise.domain.safety import refusals
from reprise.domain.stick import StickReason, StickStatus
from reprise.ports import CommandResult
from reprise.tools.mbr import parse_fat_serial
from unit.made_tree import ATA, NVME, USB, MadeTree, nothing_found

SERIAL = "5A3C-99F0"
OTHER = "0000-0001"
STICK = {
    "ID_FS_TYPE": "vfat",
    "ID_FS_LABEL": "ESD-USB",
    "ID_FS_UUID": SERIAL,
    "ID_FS_USAGE": "filesystem",
}


def boot_sector(serial: str) -> bytes:
    data = bytearray(512)
    data[82:90], data[510:512] = b"FAT32   ", b"\x55\xaa"
    data[67:71] = int(serial.replace("-", ""), 16).to_bytes(4, "little")
    return bytes(data)


class Pc:
    """What lies on each node; the commands that were run."""

    def __init__(self, tree: MadeTree, monkeypatch: pytest.MonkeyPatch) -> None:
        self.tree, self.run_folder = tree, tree.root / "run/reprise"
        self.run_folder.mkdir(parents=True)
        self.serials: dict[str, str] = {}
        self.live: Path | None = None
        self.refuses = ""  # a word of the command that fails
        self.calls: list[list[str]] = []
        monkeypatch.setattr(stick_disk, "_BLOCK", tree.root / "sys/class/block")
        for module in (stick_disk, stick_plain):
            monkeypatch.setattr(module, "read_at", self._read)
        monkeypatch.setattr(stick_plain, "mounted_at", lambda _node: self.live)

    def _read(self, node: str, _at: int, size: int) -> bytes:
        serial = self.serials.get(Path(node).name)
        return boot_sector(serial)[:size] if serial else bytes(size)

    def disk(self, name: str, place: str, serial: str, **facts: str) -> None:
        self.tree.disk(name, place, size="8388608", **facts)
        part = f"{name}{'p' if name[-1].isdigit() else ''}1"
        self.tree.part(name, part, 1)
        self.serials[part] = serial

    def noted(self, node: str, kind: str = "vfat") -> None:
        text = f"node={node}\nDEVPATH=/devices/x\nID_FS_TYPE={kind}\nID_FS_UUID={SERIAL}\n"
        (self.run_folder / "medium").write_text(text)

    def run(
        self, argv: Sequence[str], timeout_s: float = 30.0, stdin: bytes | None = None
    ) -> CommandResult:
        self.calls.append([word.replace(str(self.tree.root), "") for word in argv])
        code = 32 if self.refuses and self.refuses in argv else 0  # mount(8): mount failure
        return CommandResult(tuple(argv), code, b"", b"", 0.0, timed_out=False)

    def prepare(self) -> list[str]:
        """The commands, as lines."""
        self.calls.clear()
        self.state = StickKeeper(self, self.run_folder).prepare()
        return [" ".join(call) for call in self.calls]


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
    ],
    ids=["FAT32", "FAT16", "FAT12", "exFAT"],
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
    assert told
    assert parse_fat_serial(image.read_bytes()[:512]) == told


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


@pytest.fixture
def both(tree: MadeTree) -> dict[str, Drive]:
    """A stick that started and was copied to memory, and a drive inside with the same files and, as
    its image was copied, the same serial number of the file system."""
    nothing_found(tree)
    tree.disk("sda", ATA)
    tree.part("sda", "sda1", 1)
    folder = tree.disk("sdb", USB, removable="1")
    tree.part("sdb", "sdb1", 1)
    for disk in ("sda", "sdb"):
        tree.udev[f"{disk}1"] = STICK
    tree.write(
        "run/reprise/medium",
        f"node=/dev/sdb1\nDEVPATH={folder.removeprefix('sys')}/sdb1\n"
        f"ID_SERIAL=SanDisk_1\nID_FS_TYPE=vfat\nID_FS_UUID={SERIAL}\n",
    )
    tree.udev["sdb"] = {"ID_SERIAL": "SanDisk_1"}
    tree.udev["sda"] = {"ID_SERIAL": "ST500LM012_S2Z"}
    return tree.drives()


def test_the_stick_is_known_without_a_label_of_ours(both: dict[str, Drive]) -> None:
    assert both["sdb"].boot.how == "started-from"
    found = {one.code for one in refusals(both["sdb"], Policy(), named=True)}
    assert "boot-medium" in found


def test_the_drive_inside_is_not_taken_for_it(both: dict[str, Drive]) -> None:
    assert not both["sda"].boot.is_boot


def test_rufus_cuts_the_label_and_it_is_known_all_the_same(tree: MadeTree) -> None:
    nothing_found(tree)
    tree.disk("sdb", USB)
    tree.part("sdb", "sdb1", 1)
    tree.udev["sdb1"] = STICK | {"ID_FS_LABEL": "REPRISE_LIV"}
    drive = tree.drives()["sdb"]
    assert drive.boot.how == "label-REPRISE_LIVE"
    assert "reprise-stick" in {one.code for one in refusals(drive, Policy(), named=True)}
