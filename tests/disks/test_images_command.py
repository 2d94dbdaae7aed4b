"""reprise images on a real stick (FAT, where this kernel has it): what it takes, what it refuses,
and what a cut leaves."""

from __future__ import annotations

import fcntl
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from disks.image_kit import (
    MIB,
    make_disk,
    make_squashfs,
    make_tar,
    make_tree,
    make_wrong,
)
from disks.rig import has_vfat, loop_device, mounted, tool
from reprise.__main__ import main
from reprise.adapters.install.adding import largest_file_bytes
from reprise.adapters.install.available import ImageFolders
from reprise.adapters.install.catalogue import read_catalogue
from reprise.domain.install.images import ImageKind, OsImage

WORDS = ("--min-memory", "1Gi", "--licence", "DFSG")


@pytest.fixture
def stick(tmp_path: Path) -> Iterator[Path]:
    file = tmp_path / "stick.img"
    with file.open("wb") as raw:
        raw.truncate(128 * MIB)
    if has_vfat():
        tool("mkfs.vfat", "-F", "32", "-n", "REPRISE", str(file))
    else:
        tool("mkfs.ext4", "-q", "-L", "REPRISE", str(file))
    with loop_device(file) as node, mounted(node, tmp_path / "stick") as root:
        yield root


@pytest.fixture
def squashfs(tmp_path: Path) -> Path:
    return make_squashfs(make_tree(tmp_path / "tree"), tmp_path / "system.squashfs")


def images(*words: str) -> int:
    return main(["--lang", "en", "images", *words])


def add(file: Path, to: Path, *more: str, name: str = "toy") -> int:
    return images("add", str(file), "--name", name, "--to", str(to), *WORDS, *more)


def only(folder: Path) -> OsImage:
    (image,) = read_catalogue(folder).image
    return image


def test_a_system_is_added_offered_checked_and_removed(
    stick: Path, squashfs: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert add(squashfs, stick, "--title-fr", "Système « jouet »", "--min-drive", "4G") == 0
    folder = stick / "os"  # the root of a stick stands for the folder that a station looks into
    image = only(folder)
    assert image.kind is ImageKind.SQUASHFS
    assert image.title == {"fr": "Système « jouet »", "en": "Système « jouet »"}
    assert (image.min_drive_bytes, image.min_memory_bytes) == (4 * 10**9, 1 << 30)
    assert 6 * MIB < image.unpacked_bytes < 8 * MIB  # the hard link counts twice
    assert (folder / image.file).read_bytes() == squashfs.read_bytes()
    assert [one.image for one in ImageFolders([stick / "nothing", folder]).there()] == [image]

    assert images("list", "--to", str(folder)) == 0
    assert images("check", "--folder", str(folder)) == 0
    said = capsys.readouterr().out
    assert image.sha256 in said
    assert "toy: whole" in said

    assert add(squashfs, stick) == 2
    assert "--replace" in capsys.readouterr().err
    assert images("remove", "other", "--folder", str(folder)) == 2
    assert "toy" in capsys.readouterr().err
    assert images("remove", "toy", "--folder", str(folder)) == 0
    assert read_catalogue(folder).image == ()
    assert [path.name for path in folder.iterdir()] == ["images.toml"]


def test_one_takes_the_place_of_another_only_when_asked(
    stick: Path, squashfs: Path, tmp_path: Path
) -> None:
    assert add(squashfs, stick) == 0
    assert add(squashfs, stick, name="kept") == 0
    before = {image.name: image for image in read_catalogue(stick / "os").image}
    tar = make_tar(tmp_path / "tree", tmp_path / "system.tar.zst", "--zstd")
    assert add(tar, stick, "--replace") == 0
    after = {image.name: image for image in read_catalogue(stick / "os").image}
    assert after["kept"] == before["kept"]
    assert after["toy"].kind is ImageKind.TAR
    assert not (stick / "os" / before["toy"].file).exists()
    assert images("check", "--folder", str(stick / "os")) == 0


@pytest.mark.parametrize(
    ("options", "suffix"),
    [((), ".tar"), (("--gzip",), ".tar.gz"), (("--xz",), ".tar.xz"), (("--zstd",), ".tar.zst")],
)
def test_a_tar_is_known_however_it_is_packed(
    stick: Path, tmp_path: Path, options: tuple[str, ...], suffix: str
) -> None:
    tar = make_tar(make_tree(tmp_path / "tree"), tmp_path / "any name", *options)
    assert add(tar, stick) == 0
    assert only(stick / "os").file.endswith(suffix)
    assert 3 * MIB < only(stick / "os").unpacked_bytes < 5 * MIB


def test_a_raw_image_is_measured_unpacked(stick: Path, tmp_path: Path) -> None:
    disk = make_disk(tmp_path / "disk.raw")
    tool("gzip", "--keep", "--fast", str(disk))
    assert add(tmp_path / "disk.raw.gz", stick) == 0
    image = only(stick / "os")
    assert (image.kind, image.unpacked_bytes) == (ImageKind.RAW, 48 * MIB)
    assert image.file.endswith(".img.gz")


@pytest.mark.parametrize(
    ("what", "word"),
    [
        ("iso", "casper/filesystem.squashfs"),
        ("qcow2", "qemu-img convert"),
        ("ext4", "partition table"),
        ("cut", "cut off or damaged"),
        ("cut.squashfs", "cut off or damaged"),
        ("live", "casper"),
        ("bare", "/boot/vmlinuz-"),
        ("foreign", "os-release"),
        ("out", "leads out of the archive"),
        ("squashfs.gz", "unpack what is around it"),
        ("nothing", "cannot be read"),
    ],
)
def test_what_cannot_be_installed_is_refused_with_what_to_do(
    stick: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], what: str, word: str
) -> None:
    assert add(make_wrong(what, tmp_path), stick) == 2
    said = capsys.readouterr().err
    assert word in said
    assert len([line for line in said.splitlines() if line.startswith("reprise: ")]) == 1
    assert not (stick / "os").exists() or not list((stick / "os").iterdir())


@pytest.mark.parametrize(
    ("words", "word"),
    [
        (("--name", "Mint 22"), "Mint 22"),
        (("--name", "../evil"), "evil"),
        (("--name", "a", "--min-memory", "much"), "much"),
        (("--name", "a", "--min-drive", "1M"), "1M"),
        (("--name", "a", "--title-fr", "a\nb"), "cannot be shown"),
        (("--name", "a", "--version", "1 2"), "1 2"),
    ],
)
def test_unusable_words_are_refused(
    stick: Path,
    squashfs: Path,
    capsys: pytest.CaptureFixture[str],
    words: tuple[str, ...],
    word: str,
) -> None:
    argv = ["add", str(squashfs), "--to", str(stick), *WORDS, *words]
    assert images(*argv) == 2
    assert word in capsys.readouterr().err
    assert not (stick / "os").exists()


def test_no_room_is_told_before_anything_is_read(
    stick: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    disk = make_disk(tmp_path / "disk.raw", 130 * MIB)
    assert add(disk, stick) == 3
    assert "are needed" in capsys.readouterr().err
    assert not (stick / "os").exists()


def test_fat_takes_no_file_of_4_gib() -> None:
    assert largest_file_bytes("vfat") == 4 * 1024**3 - 1
    assert largest_file_bytes("exfat") > 1 << 50


@pytest.mark.skipif(not has_vfat(), reason="this kernel has no vfat")
def test_a_large_file_is_refused_on_fat(
    stick: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    disk = make_disk(tmp_path / "disk.raw")
    os.truncate(disk, 1 << 32)
    assert add(disk, stick) == 3
    assert "FAT32" in capsys.readouterr().err


def test_check_tells_what_is_damaged_missing_or_left_over(
    stick: Path, squashfs: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in ("good", "bad", "gone"):
        assert add(squashfs, stick, name=name) == 0
    folder = stick / "os"
    files = {image.name: folder / image.file for image in read_catalogue(folder).image}
    with files["bad"].open("r+b") as raw:
        raw.seek(5000)
        raw.write(b"damage")
    files["gone"].unlink()
    (folder / "toy.part").write_bytes(b"left")
    capsys.readouterr()
    assert images("check", "--folder", str(folder)) == 4
    lines = dict(line.split(": ", 1) for line in capsys.readouterr().out.splitlines())
    wanted = {"good": "whole", "bad": "damaged", "gone": "missing", "toy.part": "may be deleted"}
    assert all(word in lines[name] for name, word in wanted.items())


@contextmanager
def _nobody_else_enters(folder: Path) -> Iterator[None]:
    """The catalogue's lock is ours: an `add` copies and compares, and then waits."""
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    fcntl.flock(handle, fcntl.LOCK_EX)
    try:
        yield
    finally:
        os.close(handle)


def test_a_cut_while_adding_leaves_the_catalogue_as_it_was(
    stick: Path, squashfs: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """kill -9 at moments all through the work: the old system is always whole and offered."""
    assert add(squashfs, stick, name="old") == 0
    folder, disk = stick / "os", make_disk(tmp_path / "disk.raw", 64 * MIB)
    old = only(folder)
    argv = [sys.executable, "-m", "reprise", "images", "add", str(disk), "--name", "new"]
    part = folder / "new.part"
    for least in (1, 20 * MIB, 64 * MIB):
        with (
            _nobody_else_enters(folder),  # however late the cut, it comes before the end
            subprocess.Popen(
                [*argv, "--to", str(folder), *WORDS], stderr=subprocess.DEVNULL
            ) as process,
        ):
            try:
                until = time.monotonic() + 60
                while not (part.exists() and part.stat().st_size >= least):
                    assert process.poll() is None
                    assert time.monotonic() < until
                    time.sleep(0.001)
            finally:
                process.send_signal(signal.SIGKILL)
        assert only(folder) == old
        capsys.readouterr()
        assert images("check", "--folder", str(folder)) == 4
        said = capsys.readouterr().out
        assert "old: whole" in said
        assert "new.part: " in said
    assert add(disk, folder, name="new") == 0
    assert not part.exists()
    assert images("check", "--folder", str(folder)) == 0


def test_a_garbled_catalogue_hides_no_other_folder(stick: Path, squashfs: Path) -> None:
    ours = stick.parent / "medium"
    ours.mkdir()
    assert add(squashfs, ours, name="ours") == 0
    assert add(squashfs, stick, name="own") == 0
    assert add(squashfs, stick, name="ours") == 0
    shelf = ImageFolders([ours, stick / "os"])
    assert [one.image.name for one in shelf.there()] == ["ours", "own"]
    assert shelf.find("ours").folder == ours
    assert "ours" in str(shelf.problems()[0])
    (stick / "os/images.toml").write_text("[[image]\n")
    assert [one.image.name for one in shelf.there()] == ["ours"]
    assert "images.toml" in str(shelf.problems()[0])
