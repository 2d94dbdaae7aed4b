"""File systems read from bytes: recordings of real ones, and what they tell."""

from __future__ import annotations

import struct
from collections.abc import Mapping

import pytest

from reprise.domain.drives.volumes import Volume, VolumeKind
from reprise.wire.volumes.contents import look_inside, pretty_name
from reprise.wire.volumes.ntfs import Ntfs
from reprise.wire.volumes.reading import used_of
from reprise.wire.volumes.regf import Hive
from reprise.wire.volumes.superblocks import USED, bits_set
from reprise.wire.volumes.windows import name_of
from station_kit.hives import software_hive
from unit.adapters.hardware.volume_kit import KEY, part, read_of, recorded


def test_a_windows_is_known_and_counted() -> None:
    found = look_inside(part("ntfs"), read_of(recorded("windows.ntfs")))
    # as df counts it: 12 MiB less what statvfs calls free on the mounted image
    assert found == Volume("/dev/sda1", VolumeKind.WINDOWS, "Windows 10", found.used_bytes)
    assert found.used_bytes is not None and 5 << 20 < found.used_bytes < 7 << 20


def test_a_linux_is_known_by_its_own_name() -> None:
    found = look_inside(part("ext4"), read_of(recorded("linux.ext4")))
    assert (found.kind, found.system) == (VolumeKind.LINUX, "Ubuntu 22.04.3 LTS")


def test_capitals_of_a_path_do_not_count() -> None:
    volume = Ntfs(read_of(recorded("windows.ntfs")))
    one = volume.find("WINDOWS", "system32", "Config", "software")
    assert one is not None and one == volume.find("Windows", "System32", "config", "SOFTWARE")
    assert volume.find("Windows", "System32", "config", "SYSTEM") is None
    assert volume.find("bootmgr", "Windows") is None  # it is a file


@pytest.mark.parametrize("number", [0, 1, 31, 58, 59])
def test_every_entry_of_a_large_folder_is_found(number: int) -> None:
    volume = Ntfs(read_of(recorded("windows.ntfs")))
    name = f"A LIBRARY with a long name {number:04}.dll"
    assert volume.find("Windows", "System32", name) is not None
    assert volume.find("Windows", "System32", f"{name}x") is None


@pytest.mark.parametrize(
    ("values", "name"),
    [
        ({"CurrentBuildNumber": "19045", "ProductName": "Windows 10 Pro"}, "Windows 10"),
        ({"CurrentBuildNumber": "22631", "ProductName": "Windows 10 Pro"}, "Windows 11"),
        ({"CurrentBuildNumber": "10240"}, "Windows 10"),
        ({"CurrentBuildNumber": "9600"}, "Windows 8.1"),
        ({"CurrentBuildNumber": "9200"}, "Windows 8"),
        ({"CurrentBuildNumber": "7601"}, "Windows 7"),
        ({"CurrentBuildNumber": "6002"}, "Windows Vista"),
        ({"CurrentBuildNumber": "2600", "ProductName": "Microsoft Windows XP"}, "Windows XP"),
        ({"CurrentBuild": "7601"}, "Windows 7"),
        (
            {"CurrentBuildNumber": "9600", "ProductName": "Windows Server 2012 R2 Standard"},
            "Windows Server 2012 R2",
        ),
        ({"CurrentBuildNumber": "20348", "InstallationType": "Server"}, "Windows Server"),
        ({"CurrentBuildNumber": "1"}, "Windows"),
        ({"CurrentBuildNumber": "9" * 5000}, "Windows"),
        ({"CurrentBuildNumber": "²²"}, "Windows"),
        ({}, "Windows"),
    ],
)
def test_names_of_windows(values: Mapping[str, str], name: str) -> None:
    assert name_of(values) == name


def test_a_hive_in_the_way_of_old_windows_is_read_too() -> None:
    hive = software_hive({"CurrentBuildNumber": "7601", "CurrentMajorVersionNumber": 6})
    old = hive.replace(b"lh\x06\x00", b"lf\x06\x00")  # leaves of hints in place of hashes
    assert old != hive
    assert Hive(read_of(old)).values(*KEY)["CurrentBuildNumber"] == "7601"
    assert Hive(read_of(old)).values(*KEY)["CurrentMajorVersionNumber"] == "6"


def test_a_windows_whose_hive_is_broken_is_still_a_windows() -> None:
    broken = recorded("windows.ntfs").replace(b"regf", b"gone")
    found = look_inside(part("ntfs"), read_of(broken))
    assert (found.kind, found.system) == (VolumeKind.WINDOWS, "Windows")


@pytest.mark.parametrize("name", ["Windows", "System32"])
def test_a_damaged_folder_is_not_said_to_hold_no_system(name: str) -> None:
    volume = Ntfs(read_of(recorded("windows.ntfs")))
    folder = volume.find("Windows", "System32") if name == "System32" else volume.find("Windows")
    assert folder is not None
    data = bytearray(recorded("windows.ntfs"))
    at = volume._mft._runs[0].lcn
    assert at is not None
    data[at * volume.cluster_bytes + folder * volume._record_bytes] = 0  # no FILE any more
    found = look_inside(part("ntfs"), read_of(bytes(data)))
    assert found.kind is VolumeKind.WINDOWS
    assert found.system == ("" if name == "Windows" else "Windows")
    assert found.used_bytes is not None


def test_a_linux_that_keeps_its_folders_in_another_way_is_not_said_to_hold_data() -> None:
    data = bytearray(recorded("linux.ext4"))
    sb = data[1024:2048]
    table = struct.unpack_from("<I", data, (struct.unpack_from("<I", sb, 0x14)[0] + 1) * 1024 + 8)[
        0
    ]
    block = 1024 << struct.unpack_from("<I", sb, 0x18)[0]
    size = struct.unpack_from("<H", sb, 0x58)[0]
    at = table * block + size + 0x20  # flags of inode 2, the root
    struct.pack_into("<I", data, at, struct.unpack_from("<I", data, at)[0] | 0x10000000)
    found = look_inside(part("ext4"), read_of(bytes(data)))
    assert (found.kind, found.system) == (VolumeKind.LINUX, "")


def test_more_free_than_there_is_is_no_answer() -> None:
    with pytest.raises(ValueError, match="free"):
        used_of(100, 101, 4096)


def fat32(free: int, clusters: int = 70_000) -> bytes:
    boot = bytearray(1024)
    struct.pack_into("<HBHBHHBH", boot, 11, 512, 8, 32, 2, 0, 0, 0xF8, 0)
    struct.pack_into("<II", boot, 32, clusters * 8 + 32 + 2 * 600, 600)
    struct.pack_into("<H", boot, 48, 1)
    boot[512:516], boot[996:1000] = b"RRaA", b"rrAa"
    struct.pack_into("<I", boot, 1000, free)
    return bytes(boot)


@pytest.mark.parametrize(("free", "used"), [(0, 70_000 * 4096), (69_999, 4096), (0xFFFFFFFF, None)])
def test_fat32_tells_what_is_free_or_does_not(free: int, used: int | None) -> None:
    assert USED["vfat"](read_of(fat32(free))) == used


def test_fat32_that_has_more_free_than_clusters_tells_nothing() -> None:
    with pytest.raises(ValueError, match="free"):
        USED["vfat"](read_of(fat32(80_000)))


def test_bits_after_the_end_do_not_count() -> None:
    assert bits_set(read_of(b"\xff" * 4), 0, 27) == 27


def test_a_bitmap_of_more_than_a_drive_is_refused_at_once() -> None:
    with pytest.raises(ValueError, match="bitmap"):
        bits_set(read_of(b""), 0, 1 << 62)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        (b'PRETTY_NAME="Debian GNU/Linux 13 (trixie)"\n', "Debian GNU/Linux 13 (trixie)"),
        (b"ID=x\nPRETTY_NAME='Linux Mint 21.2'\n", "Linux Mint 21.2"),
        (b"PRETTY_NAME=\x1b[2J\x07Evil\xff\n", "[2JEvil\ufffd"),
        (b"PRETTY_NAME=" + b"x" * 4000, "x" * 40),
        (b"NAME=Debian\n", ""),
        (b"", ""),
    ],
)
def test_a_name_is_printable_and_short(text: bytes, name: str) -> None:
    assert pretty_name(text) == name


def test_xfs_and_btrfs_tell_what_their_own_tools_tell() -> None:
    # xfs_db: dblocks less logblocks and fdblocks, of 4096 bytes; dump-super: bytes_used
    assert USED["xfs"](read_of(recorded("xfs"))) == (102_400 - 16_384 - 73_772) * 4096
    assert USED["btrfs"](read_of(recorded("btrfs"))) == 20_197_376


def test_a_btrfs_on_several_devices_does_not_tell_this_ones_share() -> None:
    data = bytearray(recorded("btrfs"))
    struct.pack_into("<Q", data, 0x10000 + 0x88, 2)
    assert USED["btrfs"](read_of(bytes(data))) is None


@pytest.mark.parametrize("magic", [b"H+", b"HX"])
def test_hfsplus_counts_its_blocks(magic: bytes) -> None:
    header = bytearray(512)
    header[:2] = magic
    struct.pack_into(">III", header, 40, 4096, 1000, 400)
    assert USED["hfsplus"](read_of(bytes(1024) + bytes(header))) == 600 * 4096
