"""A new stick on somebody's own machine."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from reprise.bootstrap.drives import command_runner

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator, Mapping, Sequence

    from reprise.adapters.stick_writing.image import ImageDigests, StickImage
    from reprise.domain.hardware import Drive
    from reprise.domain.progress import Progress
    from reprise.ports import DriveProbe, StopFlag


def whole_disk(path: str) -> str | None:
    """Node of the disk that `path` is a partition of; None where it is none."""
    from reprise.adapters.stick_disk import parent_disk

    node = Path(path).resolve()
    disk = parent_disk(str(node))
    return f"/dev/{disk}" if disk not in (None, node.name) else None


def stick_image(path: str) -> StickImage:
    """Raises InputError where this is no whole Reprise ISO."""
    from reprise.adapters.stick_writing.image import find_image

    return find_image(Path(path))


def image_digests(image: StickImage) -> Generator[Progress, None, ImageDigests]:
    """Raises InputError where the ISO is damaged."""
    from reprise.adapters.stick_writing.image import digest_image

    return digest_image(image)


def stick_files(paths: Sequence[str]) -> Mapping[str, bytes]:
    """What goes onto the data partition, checked. Raises InputError."""
    from reprise.adapters.stick_writing.files import read_files

    return read_files([Path(path) for path in paths])


def stick_writing(
    drive: Drive,
    image: StickImage,
    digests: ImageDigests,
    files: Mapping[str, bytes],
    *,
    probe: DriveProbe,
    stop: StopFlag,
) -> Iterator[Progress]:
    """Writes over `drive`. See adapters/stick_writing/writer.py for what it raises."""
    from reprise.adapters.stick_writing.writer import StickOrder, write_stick

    order = StickOrder(drive, image, digests, files)
    return write_stick(order, probe, command_runner(), stop)
