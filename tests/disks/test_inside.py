"""What is read inside of real file systems, made by the tools that everybody makes them with; and
that reading changes no byte."""

from __future__ import annotations

import errno
import hashlib
import os
import re
import threading
import time
from pathlib import Path

import pytest

from disks.rig import tool
from reprise.adapters.hardware.volumes import EnoughError, opened
from reprise.domain.drives.volumes import Volume, VolumeKind
from reprise.domain.pc.hardware import Partition
from reprise.wire.volumes.contents import look_inside
from reprise.wire.volumes.ntfs_record import attributes, mended
from station_kit import volume_images as made
from station_kit.hives import software_hive
from station_kit.volume_images import MIB, OS_RELEASE, WINDOWS_10, needs_fuse, run

NEVER = threading.Event()


def look(image: Path, kind: str) -> Volume:
    before = hashlib.sha256(image.read_bytes()).hexdigest()
    with opened(str(image), NEVER, time.monotonic() + 30) as read:
        found = look_inside(Partition("x", 0, kind), read)
    assert hashlib.sha256(image.read_bytes()).hexdigest() == before
    return found


def used_on_ntfs(image: Path) -> int:
    with made.mounted(image) as root:
        told = os.statvfs(root)
    return (told.f_blocks - told.f_bfree) * told.f_frsize


def test_windows_is_told_as_df_counts(tmp_path: Path) -> None:
    needs_fuse()
    image = made.windows(tmp_path / "disk", size=64 * MIB)
    found = look(image, "ntfs")
    assert (found.kind, found.system) == (VolumeKind.WINDOWS, "Windows 10")
    assert found.used_bytes == used_on_ntfs(image)


@pytest.mark.parametrize(
    "options", [{"c": "512"}, {"c": "65536"}, {"s": "4096", "c": "4096"}], ids=str
)
def test_clusters_of_other_sizes(tmp_path: Path, options: dict[str, str]) -> None:
    needs_fuse()
    image = made.ntfs(tmp_path / "disk", 64 * MIB, **options)
    with made.mounted(image) as root:
        (root / "WINDOWS/system32/config").mkdir(parents=True)
        hive = software_hive({**WINDOWS_10, "CurrentBuildNumber": "2600"})
        (root / "WINDOWS/system32/config/software").write_bytes(hive)
        for number in range(900):
            (root / f"WINDOWS/system32/{number} library.dll").touch()
    found = look(image, "ntfs")
    assert (found.kind, found.system) == (VolumeKind.WINDOWS, "Windows XP")
    assert found.used_bytes == used_on_ntfs(image)


def test_a_hive_in_many_pieces_is_read(tmp_path: Path) -> None:
    """Its record has no room for its runs: they are in others, which an attribute list names."""
    needs_fuse()
    image = made.ntfs(tmp_path / "disk", 48 * MIB)
    hive = software_hive(WINDOWS_10, pad_bytes=6 * MIB)
    with made.mounted(image) as root:
        config = root / "Windows/System32/config"
        config.mkdir(parents=True)
        step, filler = 4096, []
        with (config / "SOFTWARE").open("wb", buffering=0) as file:
            for at in range(0, len(hive), step):
                file.write(hive[at : at + step])
                os.fsync(file.fileno())
                filler.append(config / f"filler {at}")
                filler[-1].write_bytes(bytes(step))
        for one in filler[::2]:
            one.unlink()
    listed = run("ntfsinfo", "-F", "Windows/System32/config/SOFTWARE", image)
    assert "$ATTRIBUTE_LIST" in listed, "the file is not in enough pieces to show anything"
    assert look(image, "ntfs").system == "Windows 10"


def test_a_table_of_files_in_many_pieces_is_read(tmp_path: Path) -> None:
    """The table's own record names others that tell where its later parts are."""
    needs_fuse()
    image = made.ntfs(tmp_path / "disk", 28 * MIB, c="512")
    with made.mounted(image) as root:
        count = filled(root, "full", bytes(1024))
        for number in range(0, count, 2):  # holes of a kilobyte, and records to use again
            (root / f"full {number}").unlink()
        later = filled(root, "later", b"")  # more than those records: the table grows into holes
        for number in range(later - 50, later):  # the newest records
            (root / f"later {number}").unlink()
        for number in range(1, 2001, 2):  # room, but no early records
            (root / f"full {number}").write_bytes(b"")
        config = root / "Windows/System32/config"
        config.mkdir(parents=True)
        (config / "SOFTWARE").write_bytes(software_hive(WINDOWS_10))
    told = run("ntfsinfo", "-F", "Windows/System32/config", image)
    record = int(re.search(r"Dumping Inode (\d+)", told)[1])  # type: ignore[index]
    assert "$ATTRIBUTE_LIST" in run("ntfsinfo", "-i", "0", image)
    with opened(str(image), NEVER, time.monotonic() + 30) as read:
        table = int.from_bytes(read(0x30, 8), "little") * 512
        first = list(attributes(mended(read(table, 1024), b"FILE")))
    own = sum(piece.count for one in first if one.kind == 0x80 for piece in one.runs) * 512
    assert own < record * 1024, "its folders are in the part that the first record tells"
    assert look(image, "ntfs").system == "Windows 10"


def filled(root: Path, name: str, content: bytes) -> int:
    """How many files of this content found room."""
    for number in range(100_000):
        try:
            (root / f"{name} {number}").write_bytes(content)
        except OSError as error:
            assert error.errno == errno.ENOSPC
            return number
    raise AssertionError("it never got full")


def test_folders_of_an_ntfs_without_windows(tmp_path: Path) -> None:
    needs_fuse()
    image = made.ntfs(tmp_path / "disk")
    assert look(image, "ntfs").kind is VolumeKind.WINDOWS_DATA
    with made.mounted(image) as root:
        (root / "Recovery/WindowsRE").mkdir(parents=True)
    assert look(image, "ntfs").kind is VolumeKind.RECOVERY
    with made.mounted(image) as root:
        (root / "bootmgr").touch()
    assert look(image, "ntfs").kind is VolumeKind.BOOT


@pytest.mark.parametrize("kind", ["ext2", "ext3", "ext4"])
@pytest.mark.parametrize(
    ("files", "found"),
    [
        ({"usr/lib/os-release": OS_RELEASE}, (VolumeKind.LINUX, "Ubuntu 22.04.3 LTS")),
        ({"etc/os-release": OS_RELEASE}, (VolumeKind.LINUX, "Ubuntu 22.04.3 LTS")),
        ({"etc/fstab": b""}, (VolumeKind.LINUX, "")),
        ({"grub/grub.cfg": b""}, (VolumeKind.BOOT, "")),
        (
            {f"photos/{number}": b"x" * 40_000 for number in range(500)},
            (VolumeKind.LINUX_DATA, ""),
        ),
    ],
    ids=["usr", "etc", "old", "boot", "data"],
)
def test_linux(
    tmp_path: Path, kind: str, files: dict[str, bytes], found: tuple[VolumeKind, str]
) -> None:
    image = made.ext(tmp_path / "disk", kind, files)
    told = look(image, kind)
    assert (told.kind, told.system) == found
    count = sum(-(-len(content) // 4096) * 4096 for content in files.values())
    assert told.used_bytes is not None and count <= told.used_bytes < count + 2 * MIB


def test_a_linux_folder_of_many_blocks(tmp_path: Path) -> None:
    files = {f"usr/{number:04} a folder of many entries": b"" for number in range(3000)}
    image = made.ext(tmp_path / "disk", "ext4", {**files, "usr/lib/os-release": OS_RELEASE})
    tool("e2fsck", "-f", "-y", "-D", str(image))  # with an index of hashes
    assert look(image, "ext4").system == "Ubuntu 22.04.3 LTS"


@pytest.mark.parametrize("bits", [16, 32])
def test_fat(tmp_path: Path, bits: int) -> None:
    image = made.fat(tmp_path / "disk", bits, content=bytes(3 * MIB))
    told = look(image, "vfat").used_bytes
    assert told is not None and 3 * MIB <= told < 3 * MIB + 10_000


def test_exfat(tmp_path: Path) -> None:
    told = look(made.exfat(tmp_path / "disk"), "exfat").used_bytes
    assert told is not None and 0 < told < MIB  # its bitmap, its table of capitals, its root


def test_no_more_than_128_mib_of_a_partition_are_read(tmp_path: Path) -> None:
    image = made.empty(tmp_path / "disk", 200 * MIB)
    with opened(str(image), NEVER, time.monotonic() + 30) as read:
        for number in range(127):
            read(number * MIB, MIB)
        for _again in range(1000):
            read(0, 512)  # of a block that is kept: it costs once
        with pytest.raises(ValueError, match="more would have to be read"):
            read(127 * MIB, MIB)
        assert len(read(127 * MIB, MIB - 65536)) == MIB - 65536
        with pytest.raises(ValueError, match="more would have to be read"):
            read(150 * MIB, 1)


def test_a_look_at_no_bytes_tells_that_time_is_up_and_reads_none(tmp_path: Path) -> None:
    """What the parsers ask before they read in memory."""
    (tmp_path / "disk").write_bytes(b"")
    stop = threading.Event()
    with opened(str(tmp_path / "disk"), stop, time.monotonic() + 30) as read:
        assert read(0, 0) == b""
        stop.set()
        with pytest.raises(EnoughError):
            read(0, 0)
