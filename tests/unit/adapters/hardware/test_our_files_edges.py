"""What keeps another station's stick from being overlooked at the edges: drives that fall silent,
volumes without a partition around them, FATs of sizes that nobody but a tool chooses."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from reprise.adapters.hardware import our_files
from reprise.adapters.hardware.our_files import SearchResult, look_for_ours
from reprise.domain.pc.hardware import Drive, Partition
from reprise.domain.planning.plan import RefusalCode
from reprise.wire.volumes.fat import exfat_shape, fat_shape, has_file
from station_kit.exfat_image import exfat
from station_kit.volume_images import MIB, empty, run
from unit.adapters.hardware.made_tree import MMC, USB, MadeTree, answer, nothing_found
from unit.adapters.hardware.our_volumes import SIGN, at, codes, fat
from unit.adapters.hardware.volume_kit import read_of

pytestmark = pytest.mark.processes

OURS = "reprise/image-id"


def placed(tree: MadeTree, name: str, image: Path) -> None:
    """The image as the node of this name."""
    node = tree.root / "dev" / name
    node.parent.mkdir(parents=True, exist_ok=True)
    os.link(image, node)


def sectors(image: Path) -> str:
    return str(image.stat().st_size // 512)


def ours_on(tree: MadeTree, image: Path, name: str, place: str, **facts: str) -> Drive:
    """A drive whose first partition is the image, as udev shows it."""
    nothing_found(tree)
    part = f"{name}p1" if name[-1].isdigit() else f"{name}1"
    tree.disk(name, place, **facts)
    tree.part(name, part, 1, size=sectors(image))
    tree.udev[name] = {"ID_SERIAL": "S", "ID_SERIAL_SHORT": "1", "DEVTYPE": "disk"}
    tree.udev[part] = {"ID_FS_TYPE": "vfat"}
    placed(tree, part, image)
    return tree.drives()[name]


def test_a_stick_that_fell_silent_is_asked_nothing_more_and_is_refused_for_that(
    tree: MadeTree, tmp_path: Path
) -> None:
    """blkid came to no end: nobody waits for the drive once more, and it may be ours."""
    image = fat(tmp_path / "disk", "FAT32", OURS)
    tree.disk("sdb", USB, removable="1")
    tree.part("sdb", "sdb1", 1, size=sectors(image))
    tree.udev["sdb1"] = {"ID_FS_TYPE": "vfat"}
    placed(tree, "sdb1", image)
    tree.answers["blkid"] = answer(late=True)
    drive = tree.drives()["sdb"]
    assert drive.unknown["our_files"] == "timed-out"
    assert RefusalCode.PROBE_INCOMPLETE in codes(drive)
    assert not drive.boot.is_boot, "it was asked all the same"


def test_a_file_system_on_the_whole_stick_is_looked_at_too(tree: MadeTree, tmp_path: Path) -> None:
    """A "super floppy": no partition table, as some tools and cameras make them."""
    nothing_found(tree)
    image = fat(tmp_path / "disk", "FAT32", OURS)
    tree.disk("sdb", USB, removable="1", size=sectors(image))
    tree.udev["sdb"] = {"ID_SERIAL": "S", "ID_SERIAL_SHORT": "1", "ID_FS_TYPE": "vfat"}
    placed(tree, "sdb", image)
    assert codes(tree.drives()["sdb"]) == [RefusalCode.REPRISE_STICK]


@pytest.mark.parametrize(("kind", "ours"), [("SD", True), ("MMC", False)])
def test_a_soldered_emmc_becomes_no_stick_by_files_that_somebody_copied(
    tree: MadeTree, tmp_path: Path, kind: str, ours: bool
) -> None:
    image = fat(tmp_path / "disk", "FAT32", OURS)
    drive = ours_on(tree, image, "mmcblk0", MMC, device__type=kind)
    assert drive.boot.is_boot is ours
    assert "our_files" not in drive.unknown


def test_the_first_read_error_is_the_last_question(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    images = [fat(tmp_path / name, "FAT16", OURS) for name in ("first", "second")]
    opened, real = list[str](), os.open

    def failing(path: str, how: int) -> int:
        opened.append(Path(path).name)
        if len(opened) == 1:
            raise OSError(5, "Input/output error")
        return real(path, how)

    monkeypatch.setattr(os, "open", failing)
    look = look_for_ours([at(image) for image in images], Path("/"))
    assert (look.found, "Input/output error" in look.blind) == (False, True)
    assert opened == ["first"]


def test_who_runs_out_of_time_amid_reading_has_seen_nothing(tmp_path: Path) -> None:
    image = fat(tmp_path / "photos", "FAT32", "photos/1.jpg")
    late = time.monotonic() - 1
    look = our_files._look([at(image)], Path("/"), threading.Event(), late)
    assert look == SearchResult(found=False, blind="timed-out: read")


@pytest.mark.parametrize("more", [512, -512])
def test_another_drive_at_that_name_by_now_says_nothing_of_this_one(
    tmp_path: Path, more: int
) -> None:
    image = fat(tmp_path / "photos", "FAT32", "photos/1.jpg")
    other = Partition(f"/dev{image}", image.stat().st_size + more, "vfat")
    look = look_for_ours([other], Path("/"))
    assert not look.found
    assert os.strerror(6) in look.blind


def test_the_thread_left_behind_keeps_no_program_from_ending(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    image, go = fat(tmp_path / "ours", "FAT32", OURS), threading.Event()

    def hanging(_number: int, _length: int, _offset: int) -> bytes:
        go.wait(30)
        return b""

    monkeypatch.setattr(os, "pread", hanging)
    look_for_ours([at(image)], Path("/"), 0.1)
    left = [one for one in threading.enumerate() if one.name == "our-files"]
    go.set()
    assert left
    assert all(one.daemon for one in left)
    for one in left:
        one.join(5)


def made(path: Path, *options: str, size: int = 32 * MIB) -> Path:
    """A FAT by mkfs.fat with our files on it."""
    run("mkfs.fat", *options, empty(path, size))
    run("mmd", "-i", path, "::reprise")
    run("mcopy", "-i", path, "-", f"::{OURS}", input=b"build 1\n")
    return path


def vfat(data: bytes | bytearray) -> bool:
    return has_file(read_of(bytes(data)), "vfat", *SIGN)


def put(data: bytearray, at: int, length: int, value: int) -> None:
    data[at : at + length] = value.to_bytes(length, "little")


def number(data: bytes | bytearray, at: int, length: int) -> int:
    return int.from_bytes(data[at : at + length], "little")


def test_sectors_of_4096_bytes_are_read(tmp_path: Path) -> None:
    assert vfat(made(tmp_path / "disk", "-F", "32", "-S", "4096", size=300 * MIB).read_bytes())


def test_a_root_that_fills_its_last_sector_in_part_takes_all_of_it(tmp_path: Path) -> None:
    """fatgen103, "Root Dir Sectors": rounded up. mkfs.fat itself makes whole ones only."""
    data = bytearray(fat(tmp_path / "disk", "FAT16", OURS).read_bytes())
    put(data, 17, 2, number(data, 17, 2) - 15)  # 16 to a sector: as many sectors still
    assert vfat(data)


def test_fat16_keeps_something_else_where_fat32_has_a_cluster_s_high_half(tmp_path: Path) -> None:
    """fatgen103, DIR_FstClusHI; OS/2 and DOS with long names wrote there."""
    data = bytearray(fat(tmp_path / "disk", "FAT16", OURS).read_bytes())
    put(data, data.index(b"REPRISE    ") + 20, 2, 7)
    assert vfat(data)


@pytest.mark.parametrize("kind", ["FAT16", "FAT32"])
def test_a_cluster_that_this_fat_has_not_is_told_as_damage(tmp_path: Path, kind: str) -> None:
    data = bytearray(fat(tmp_path / "disk", kind, OURS).read_bytes())
    entry = data.index(b"REPRISE    ")
    wrong = fat_shape(bytes(data[:512])).clusters + 2
    for cluster in (0, 1, wrong):
        put(data, entry + 26, 2, cluster & 0xFFFF)
        put(data, entry + 20, 2, cluster >> 16)
        with pytest.raises(ValueError, match=f"no cluster {cluster}"):
            vfat(data)


def test_a_folder_of_fat16_ends_where_its_table_says(tmp_path: Path) -> None:
    """At 0xFFF8 as at 0xFFFF (fatgen103, "EOC"): nothing is damaged, the file is not there."""
    files = [f"reprise/a file with a long name {one}" for one in range(30)]
    data = bytearray(fat(tmp_path / "disk", "FAT16", *files).read_bytes())
    shape = fat_shape(bytes(data[:512]))
    cluster = number(data, data.index(b"REPRISE    ") + 26, 2)
    while (after := number(data, shape.table + cluster * 2, 2)) < 0xFFF8:
        cluster = after
    start = shape.data + (cluster - 2) * shape.cluster
    for at_ in range(start, start + shape.cluster, 32):
        if not data[at_]:  # full to its end, of what was deleted
            data[at_] = 0xE5
    put(data, shape.table + cluster * 2, 2, 0xFFF8)
    assert vfat(data) is False


def test_fat16_has_no_more_clusters_than_its_numbers_reach(tmp_path: Path) -> None:
    boot = bytearray(fat(tmp_path / "disk", "FAT16").read_bytes()[:512])
    shape = fat_shape(bytes(boot))
    for clusters, fits in ((65524, True), (65525, False)):
        put(boot, 19, 2, 0)
        put(boot, 32, 4, (shape.data + clusters * shape.cluster) // shape.sector)
        if fits:
            assert fat_shape(bytes(boot)).clusters == clusters
        else:
            with pytest.raises(ValueError, match="out of range"):
                fat_shape(bytes(boot))


@pytest.fixture
def exfat_made(tmp_path: Path) -> Callable[..., bytearray]:
    def make(*names: str) -> bytearray:
        files = dict.fromkeys(names, b"build 1\n")
        return bytearray(exfat(tmp_path / "disk", 16 * MIB, files).read_bytes())

    return make


Made = Callable[..., bytearray]


def stream(data: bytearray) -> int:
    """Where the one of the folder "reprise" lies."""
    return data.index("reprise".encode("utf-16-le")) - 34


def test_an_empty_folder_of_exfat_in_one_piece_is_no_damage(exfat_made: Made) -> None:
    """First cluster 0, length 0, NoFatChain: §6.3.4.2 allows no other of nothing."""
    data = exfat_made("reprise/boot.cat")
    data[stream(data) + 1] = 3
    put(data, stream(data) + 20, 4, 0)
    put(data, stream(data) + 24, 8, 0)
    assert has_file(read_of(bytes(data)), "exfat", *SIGN) is False


def test_a_cluster_that_this_exfat_has_not_is_told_as_damage(exfat_made: Made) -> None:
    data = exfat_made(OURS)
    for cluster in (0, 1, exfat_shape(bytes(data[:512])).clusters + 2):
        put(data, stream(data) + 20, 4, cluster)
        with pytest.raises(ValueError, match=f"no cluster {cluster}"):
            has_file(read_of(bytes(data)), "exfat", *SIGN)


@pytest.mark.parametrize(
    ("place", "value", "words"),
    [(3, ord("X"), "no exFAT"), (108, 8, "range"), (108, 13, "range"), (109, 17, "range")],
)
def test_what_no_exfat_begins_with_is_none(
    exfat_made: Made, place: int, value: int, words: str
) -> None:
    """§3.1: sectors of 512 to 4096 bytes, clusters of 32 MiB at most."""
    data = exfat_made(OURS)
    boot = data[:512]
    boot[place] = value
    with pytest.raises(ValueError, match=words):
        exfat_shape(bytes(boot))
