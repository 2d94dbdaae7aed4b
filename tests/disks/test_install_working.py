"""A whole installation of a system of files, to its end, without the light OS of the image."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest

from disks.image_kit import MIB, make_squashfs, make_tar
from disks.rig import LoopProbe, lying_device, tool
from disks.test_install import blank, drive, failure, finished, install, installer_for, request_for
from disks.test_install_kinds import shelved
from disks.test_install_read_back import Forgetting
from disks.working_toy import BOOT_CODE, make_working_tree
from reprise.adapters.install.installer import ImageInstaller
from reprise.domain.erasure.progress import Progress
from reprise.domain.install.images import ImageKind, InstallCheck, InstallFailure
from reprise.domain.install.options import InstallOptions
from reprise.domain.planning.policy import Policy
from reprise.domain.report.events import Update
from reprise.ports import InstallRequest


@pytest.mark.parametrize("kind", [ImageKind.SQUASHFS, ImageKind.TAR])
def test_a_system_of_files_is_whole_in_the_end(tmp_path: Path, kind: ImageKind) -> None:
    (tmp_path / "images").mkdir()
    tree = make_working_tree(tmp_path / "tree")
    make = make_squashfs if kind is ImageKind.SQUASHFS else make_tar
    images = shelved(make(tree, tmp_path / "images/toy"), kind, 16 * MIB)
    target = tmp_path / "drive.img"
    with drive(target) as node:
        request = request_for(node, image="own")
        assert finished(install(installer_for(images, tmp_path), request)).detail == (
            InstallCheck.WHOLE
        )
        loader = tool("mdir", "-b", "-/", "-i", f"{node}p2", "::")
        assert "::/EFI/BOOT/BOOTX64.EFI" in loader
    with target.open("rb") as raw:
        assert raw.read(len(BOOT_CODE)) == BOOT_CODE


@pytest.mark.parametrize("kind", [ImageKind.SQUASHFS, ImageKind.TAR])
def test_a_stick_that_reads_otherwise_after_the_digest_gives_no_system(
    tmp_path: Path, kind: ImageKind
) -> None:
    """Unpacked and compared it is the same: twice what the catalogue does not name."""
    (tmp_path / "images").mkdir()
    tree = make_working_tree(tmp_path / "tree")
    (tree / "srv/told").write_bytes(b"as it was told ten thousand times" * 10_000)
    toy = tmp_path / "images/toy"
    if kind is ImageKind.SQUASHFS:
        make_squashfs(tree, toy, "-noD", "-noF")
    else:
        make_tar(tree, toy)
    images = shelved(toy, kind, 16 * MIB)
    target = tmp_path / "drive.img"
    with drive(target) as node:
        request, events = request_for(node, image="own"), list[Update]()
        for event in installer_for(images, tmp_path).run(request, threading.Event()):
            events.append(event)
            if isinstance(event, Progress) and event.done_bytes == toy.stat().st_size:
                data = toy.read_bytes()
                with toy.open("r+b") as file:
                    file.seek(data.index(b"ten thousand"))
                    file.write(b"two thousand")
        assert failure(events) is InstallFailure.IMAGE_UNREADABLE
    assert blank(target)


@pytest.mark.parametrize(
    ("program", "span"),
    [
        ("grub-install", (0, 512)),
        ("mcopy", (2 * MIB, 302 * MIB)),
        ("useradd", (302 * MIB, 1199 * MIB)),
    ],
)
def test_what_starts_the_pc_and_is_not_kept_is_found(
    liar_folder: Path, program: str, span: tuple[int, int]
) -> None:
    """From that program on the drive forgets what is written there: its tables are as they were,
    and its file systems clean."""
    (liar_folder / "images").mkdir()
    toy = make_squashfs(make_working_tree(liar_folder / "tree"), liar_folder / "images/toy")
    images = shelved(toy, ImageKind.SQUASHFS, 16 * MIB)
    with lying_device(liar_folder, 1200 * MIB) as liar:
        made = ImageInstaller(
            [images],
            Forgetting(liar, program, span),
            LoopProbe(),
            Policy(),
            named=True,
            mount_at=liar_folder / "target",
        )
        options = InstallOptions("own", "pc", "u", "first word 1")
        request = InstallRequest(LoopProbe().probe_drive(liar.node), options)
        events = install(made, request)
        assert failure(events) is InstallFailure.NOT_AS_WRITTEN, events[-1]
