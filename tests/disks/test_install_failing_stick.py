"""A stick that fails while its system is written: the stick is told to be at fault, not the PC's
drive, and nothing says that the drive was left as it was."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from disks.image_kit import MIB, make_disk
from disks.rig import lying_device, tool
from disks.test_install import blank, drive, failure, installer_for, request_for
from disks.test_install_kinds import shelved
from reprise.domain.erasure.progress import Progress
from reprise.domain.install.images import ImageKind, InstallFailure
from reprise.domain.report.events import Update


def _onto(node: str, images: Path, tmp_path: Path, spoil: Callable[[], object]) -> list[Update]:
    """`spoil` once the file was read as the catalogue says, before it is read again."""
    size = next(one.stat().st_size for one in images.iterdir() if one.name.startswith("disk.img"))
    events, request = [], request_for(node, image="own")
    for event in installer_for(images, tmp_path).run(request, threading.Event()):
        events.append(event)
        if isinstance(event, Progress) and event.done_bytes == size:
            spoil()
    return events


@pytest.mark.parametrize("packer", [None, "zstd"])
@pytest.mark.parametrize("where", ["first", "last"])
def test_a_read_error_of_the_stick_is_not_blamed_on_the_drive(
    tmp_path: Path, packer: str | None, where: str
) -> None:
    image = make_disk(tmp_path / "disk.img")
    if packer:
        tool(packer, "-1", str(image))
        image = tmp_path / "disk.img.zst"
    data = image.read_bytes()
    (tmp_path / "stick").mkdir()
    with lying_device(tmp_path / "stick", len(data)) as stick:
        real = tmp_path / "stick/liar/disk"
        real.write_bytes(data)
        images = tmp_path / "images"
        images.mkdir()
        (images / image.name).symlink_to(real)
        shelved(images / image.name, ImageKind.RAW, 48 * MIB)
        bad = [[0, 4096]] if where == "first" else [[len(data) - MIB, len(data)]]
        target = tmp_path / "drive.img"
        with drive(target, 100 * MIB) as node:
            events = _onto(node, images, tmp_path, lambda: stick.set(read_error=bad))
            assert failure(events) is InstallFailure.IMAGE_UNREADABLE
    assert blank(target)


def test_a_stick_that_reads_otherwise_the_second_time_is_not_called_harmless(
    tmp_path: Path,
) -> None:
    (tmp_path / "images").mkdir()
    image = make_disk(tmp_path / "images/disk.img")
    images = shelved(image, ImageKind.RAW, 48 * MIB)
    target = tmp_path / "drive.img"

    def spoil() -> None:
        with image.open("r+b") as raw:
            raw.seek(30 * MIB)
            raw.write(b"?")

    with drive(target, 100 * MIB) as node:
        assert failure(_onto(node, images, tmp_path, spoil)) is InstallFailure.IMAGE_UNREADABLE
    assert blank(target)
