"""Systems of other kinds than ours onto loop devices: whole drives, tars, and toys that fail."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from disks.image_kit import MIB, make_disk, make_squashfs, make_tar, make_tree
from disks.rig import loop_device, mounted, tool
from disks.test_install import (
    blank,
    drive,
    failure,
    finished,
    install,
    installer_for,
    needs_image,
    request_for,
)
from reprise.adapters.install.catalogue import write_catalogue
from reprise.adapters.install.contents import squashfs_contents
from reprise.adapters.install.layout import plan_layout
from reprise.adapters.install.steps import InstallProblem, ToolRunner
from reprise.adapters.install.target import Target
from reprise.adapters.pc.command import SystemCommandRunner
from reprise.domain.erasure.progress import Progress
from reprise.domain.install.events import InstallFinished
from reprise.domain.install.images import (
    Catalogue,
    ImageKind,
    InstallCheck,
    InstallFailure,
    OsImage,
)
from reprise.domain.report.events import Update
from station_kit.building import BUILT


def shelved(file: Path, kind: ImageKind, unpacked: int, **changes: object) -> Path:
    """The folder of `file`, with a catalogue that names it “own”."""
    data = file.read_bytes()
    texts = {"fr": "Essai", "en": "Test"}
    values: dict[str, object] = {
        "name": "own",
        "file": file.name,
        "version": "1",
        "sha256": hashlib.sha256(data).hexdigest(),
        "size_bytes": len(data),
        "unpacked_bytes": unpacked,
        "min_drive_bytes": 1,
        "min_memory_bytes": 1,
        "licence": "none",
        "title": texts,
        "summary": texts,
        "kind": kind,
        **changes,
    }
    write_catalogue(file.parent, Catalogue((OsImage(**values),)))  # type: ignore[arg-type]
    return file.parent


def onto(node: str, images: Path, tmp_path: Path) -> list[Update]:
    return install(installer_for(images, tmp_path), request_for(node, image="own"))


@pytest.mark.parametrize("packer", [None, "gzip", "xz", "zstd"])
def test_a_whole_drive_is_written_as_it_is_and_made_to_fit(
    tmp_path: Path, packer: str | None
) -> None:
    (tmp_path / "images").mkdir()
    image = make_disk(tmp_path / "images/disk.img")
    contents, file = image.read_bytes(), image
    if packer:
        tool(packer, "-1", str(image))
        file = next((tmp_path / "images").glob("disk.img?*"))
    images = shelved(file, ImageKind.RAW, len(contents))
    target = tmp_path / "drive.img"
    with drive(target, 100 * MIB) as node:
        tool("mkfs.ext4", "-q", node)  # what was there before must not shine through
        events = onto(node, images, tmp_path)
        assert isinstance(events[-1], InstallFinished)
        assert (events[-1].ok, events[-1].detail) == (True, InstallCheck.WHOLE_AS_IT_IS)
        ticks = [tick.done_bytes for tick in events if isinstance(tick, Progress)]
        assert ticks == sorted(ticks)
        table = json.loads(tool("sfdisk", "--json", node))["partitiontable"]
        assert table["lastlba"] > 100 * MIB // 512 - 100, "the table reaches to the drive's end"
        assert "No errors" in tool("sfdisk", "--verify", node)
    written = target.read_bytes()
    assert written[2048 * 512 : len(contents) - MIB] == contents[2048 * 512 : len(contents) - MIB]
    assert written[:446] == contents[:446], "the boot code"
    assert written[-512:].startswith(b"EFI PART")


@pytest.mark.parametrize(
    ("wrong", "expected"),
    [
        ("longer", InstallFailure.IMAGE_UNREADABLE),
        ("shorter", InstallFailure.IMAGE_UNREADABLE),
        ("drive", InstallFailure.DRIVE_TOO_SMALL),
        ("sectors", InstallFailure.SECTORS),
    ],
)
def test_a_whole_drive_that_is_not_as_told_leaves_nothing(
    tmp_path: Path, wrong: str, expected: InstallFailure
) -> None:
    (tmp_path / "images").mkdir()
    image = make_disk(tmp_path / "images/disk.img")
    told = {"longer": 40 * MIB, "shorter": 50 * MIB}.get(wrong, 48 * MIB)
    images = shelved(image, ImageKind.RAW, told)
    target = tmp_path / "drive.img"
    with target.open("wb") as file:
        file.truncate((49 if wrong == "drive" else 100) * MIB)
    options = ("--sector-size", "4096") if wrong == "sectors" else ()
    with loop_device(target, *options) as node:
        assert failure(onto(node, images, tmp_path)) is expected
    assert blank(target)


def _toy(kind: ImageKind, folder: Path, tree: Path) -> Path:
    if kind is ImageKind.SQUASHFS:
        return make_squashfs(tree, folder / "toy.squashfs")
    return make_tar(tree, folder / "toy.tar.zst", "--zstd")


@pytest.mark.parametrize("kind", [ImageKind.SQUASHFS, ImageKind.TAR])
def test_a_system_whose_programs_fail_leaves_a_blank_drive(tmp_path: Path, kind: ImageKind) -> None:
    (tmp_path / "images").mkdir()
    toy = _toy(kind, tmp_path / "images", make_tree(tmp_path / "tree"))
    images = shelved(toy, kind, 8 * MIB)
    target = tmp_path / "drive.img"
    with drive(target) as node:
        events = onto(node, images, tmp_path)
        assert failure(events) is InstallFailure.TOOL_FAILED
        assert any(isinstance(e, Progress) and e.done_bytes > 16 * MIB for e in events), "unpacked"
        assert not (tmp_path / "target").is_mount()
    assert blank(target)


def test_a_squashfs_that_cannot_start_is_refused_before_the_first_byte(tmp_path: Path) -> None:
    (tmp_path / "images").mkdir()
    tree = make_tree(tmp_path / "tree", without=["usr/lib/shim/shimx64.efi.signed"])
    images = shelved(make_squashfs(tree, tmp_path / "images/a.squashfs"), ImageKind.SQUASHFS, MIB)
    target = tmp_path / "drive.img"
    with drive(target) as node:
        with target.open("r+b") as raw:
            raw.write(b"the donor's data")
        events = onto(node, images, tmp_path)
        assert failure(events) is InstallFailure.UNSUITABLE
        assert "shim-signed" in finished(events).detail
    assert target.read_bytes()[:16] == b"the donor's data"


def test_what_only_shows_when_names_are_given_is_told_as_the_images_fault(tmp_path: Path) -> None:
    (tmp_path / "images").mkdir()
    tree = make_tree(tmp_path / "tree")
    (tree / "etc/group").unlink()
    toy = make_tar(tree, tmp_path / "images/toy.tar")
    target = tmp_path / "drive.img"
    with drive(target) as node:
        events = onto(node, shelved(toy, ImageKind.TAR, 8 * MIB), tmp_path)
        assert finished(events).detail == f"{InstallFailure.UNSUITABLE}: /etc/group"
    assert blank(target)


@pytest.mark.parametrize("link", ["etc", "boot", "proc"])
def test_nothing_is_written_through_a_folder_that_is_a_link(tmp_path: Path, link: str) -> None:
    (tmp_path / "images").mkdir()
    tree, outside = make_tree(tmp_path / "tree"), tmp_path / "outside"
    outside.mkdir()
    if (tree / link).exists():
        (tree / link).rename(tree / "moved")
    (tree / link).symlink_to(outside)
    images = shelved(make_tar(tree, tmp_path / "images/a.tar"), ImageKind.TAR, 8 * MIB)
    target = tmp_path / "drive.img"
    with drive(target) as node:
        assert failure(onto(node, images, tmp_path)) is InstallFailure.UNSUITABLE
    assert list(outside.iterdir()) == []
    assert blank(target)


def test_a_tar_cannot_write_outside_its_folder(tmp_path: Path) -> None:
    (tmp_path / "images").mkdir()
    evil = tmp_path / "evil"
    tree = make_tree(tmp_path / "tree")
    for name, rule in (("up", "../../../../../../../.."), ("absolute", "")):
        transform = f"s,^./srv/owned,{rule}{evil},"
        tar = make_tar(tree, tmp_path / "images" / name, "-P", "--transform", transform)
        images = shelved(tar, ImageKind.TAR, 8 * MIB)
        with drive(tmp_path / "drive.img") as node:
            assert failure(onto(node, images, tmp_path)) is InstallFailure.TOOL_FAILED
        assert not evil.exists()


def _alter_bytes(root: Path) -> None:
    with (root / "srv/large").open("r+b") as file:
        file.seek(2 * MIB)
        file.write(b"?")


def _alter_link(root: Path) -> None:
    (root / "etc/os-release").unlink()
    (root / "etc/os-release").symlink_to("elsewhere")


@pytest.mark.parametrize("kind", [ImageKind.SQUASHFS, ImageKind.TAR])
@pytest.mark.parametrize(
    ("alter", "where"),
    [
        (lambda _root: None, ""),
        (_alter_bytes, "/srv/"),
        (_alter_link, "/etc/os-release"),
        (lambda root: (root / "srv/owned").unlink(), "/srv/owned"),
        (lambda root: (root / "srv/owned").chmod(0o755), "/srv/owned"),
        (lambda root: os.chown(root / "srv/owned", 0, 0), "/srv/owned"),
        (lambda root: os.truncate(root / "boot/vmlinuz-6.1", 10), "/boot/vmlinuz-6.1"),
    ],
)
def test_what_is_not_as_in_the_image_is_found(
    tmp_path: Path, kind: ImageKind, alter: Callable[[Path], None], where: str
) -> None:
    toy = _toy(kind, tmp_path, make_tree(tmp_path / "tree"))
    image = tmp_path / "root.img"
    with image.open("wb") as file:
        file.truncate(64 * MIB)
    tool("mkfs.ext4", "-q", str(image))
    with loop_device(image) as node:
        tools = ToolRunner(SystemCommandRunner(), threading.Event())
        target = Target(tmp_path / "at", plan_layout(node), tools)
        object.__setattr__(target.layout, "root", node)  # no partitions here
        target.mount()
        try:
            list(target.unpack(toy, kind))
            assert (target.root / "srv/owned").stat().st_uid == 12345
            assert (target.root / "srv/owned").stat().st_mode & 0o7777 == 0o4750
            alter(target.root)
            if not where:
                list(target.compare(toy, kind))
                return
            with pytest.raises(InstallProblem) as found:
                list(target.compare(toy, kind))
            assert found.value.detail.startswith(InstallFailure.NOT_AS_WRITTEN)
            assert where.strip("/") in found.value.detail
        finally:
            target.unmount()


@needs_image
def test_our_own_system_as_a_tar_installs_as_well(tmp_path: Path) -> None:
    tree = tmp_path / "tree"
    squashfs = BUILT / "debian-minimal.squashfs"
    tool("unsquashfs", "-quiet", "-no-progress", "-dest", str(tree), str(squashfs))
    for name in ("proc", "run"):
        shutil.rmtree(tree / name)
    # The first user is there already, as in a system that was used before it was packed.
    tool("chroot", str(tree), "useradd", "--create-home", "camille")
    (tmp_path / "images").mkdir()
    file = make_tar(tree, tmp_path / "images/own.tar.zst", "--zstd", "--xattrs", "--numeric-owner")
    unpacked = squashfs_contents(squashfs, SystemCommandRunner()).unpacked_bytes
    with drive(tmp_path / "drive.img", 8 << 30) as node:
        events = onto(node, shelved(file, ImageKind.TAR, unpacked), tmp_path)
        assert isinstance(events[-1], InstallFinished)
        assert (events[-1].ok, events[-1].detail) == (True, InstallCheck.WHOLE)
        with mounted(f"{node}p3", tmp_path / "look") as root:
            assert "/swapfile none swap" in (root / "etc/fstab").read_text()
            assert (root / "swapfile").stat().st_size == 2 << 30
            assert "swap file" in tool("file", "--brief", str(root / "swapfile"))
            assert (root / "swapfile").stat().st_mode & 0o777 == 0o600
            shadow = (root / "etc/shadow").read_text()
            assert "camille:$" in shadow
        loaders = tool("mdir", "-b", "-/", "-i", f"{node}p2", "::")
        assert "::/EFI/debian/shimx64.efi" in loaders
