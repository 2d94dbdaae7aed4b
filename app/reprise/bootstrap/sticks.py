"""A new stick on somebody's own machine."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from reprise.bootstrap.drives import command_runner

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from reprise.adapters.stick.writing.image import ImageDigests, StickImage
    from reprise.domain.erasure.progress import Progress
    from reprise.domain.pc.hardware import Drive
    from reprise.ports import DriveProbe, StopFlag


def whole_disk(path: str) -> str | None:
    """Node of the disk that `path` is a partition of; None where it is none."""
    from reprise.adapters.stick.disk import parent_disk

    node = Path(path).resolve()
    disk = parent_disk(str(node))
    return f"/dev/{disk}" if disk not in (None, node.name) else None


def stick_writing(
    drive: Drive,
    image: StickImage,
    digests: ImageDigests,
    files: Mapping[str, bytes],
    *,
    probe: DriveProbe,
    stop: StopFlag,
) -> Iterator[Progress]:
    """Writes over `drive`. See adapters/stick/writing/writer.py for what it raises."""
    from reprise.adapters.stick.writing.writer import StickOrder, write_stick

    order = StickOrder(drive, image, digests, files)
    return write_stick(order, probe, command_runner(), stop)
