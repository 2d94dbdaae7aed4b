"""A raw image of a whole drive onto a drive: its head last, every byte read back, and then the
second copy of its partition table moved to where the drive ends."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from reprise.adapters.drives.blockio import BlockFile, DriveGoneError
from reprise.adapters.drives.surface.keystream import CHUNK_BYTES
from reprise.adapters.drives.surface.rescue import Stopped
from reprise.adapters.install.packed import DamagedError, PackedFile, open_packed
from reprise.adapters.install.read_back import boot_area
from reprise.adapters.install.steps import InstallProblem, ToolRunner, reading_image
from reprise.adapters.stick.writing.copy import ImageCopy, MismatchError
from reprise.domain.erasure.pattern import Span, chunks
from reprise.domain.erasure.progress import Progress
from reprise.domain.install.images import InstallFailure, OsImage
from reprise.ports import StopFlag
from reprise.tools.image_magic import has_gpt

SECTOR_BYTES = 512
# Behind the image: the second GPT, and what is looked at for a drive of false size.
ROOM_BYTES = 2 << 20


def write_whole_drive(
    image: OsImage, path: Path, node: str, tools: ToolRunner, stop: StopFlag
) -> Iterator[Progress]:
    """Raises InstallProblem, OSError. Until its last step the drive starts no PC."""
    with _told(node), ExitStack() as stack:
        with reading_image():
            packed = stack.enter_context(open_packed(path, tools.runner))
        contents = StreamContents(image, packed)
        with BlockFile(node, writable=True) as device:
            yield from ImageCopy(device, contents, stop).run()
        if has_gpt(contents.head, SECTOR_BYTES):
            tools.must(["sfdisk", "--quiet", "--lock=yes", "--relocate", "gpt-bak-std", node])
            tools.must(["sfdisk", "--verify", node])
            boot_area(node).check()


class StreamContents:
    """stick.writing.copy.Contents of what a file unpacks to. The end of it must be where the
    catalogue says, and the file must be the one that the catalogue names: both are known before
    the head is asked for. Raises InstallProblem."""

    def __init__(self, image: OsImage, packed: PackedFile) -> None:
        self._image, self._packed = image, packed
        whole = -(-image.unpacked_bytes // SECTOR_BYTES) * SECTOR_BYTES
        self.size_bytes = whole
        self.spans: tuple[Span, ...] = tuple(chunks(0, whole, CHUNK_BYTES))
        self._digests: list[bytes] = [b""] * len(self.spans)
        self.head = self._taken(0)

    def fill(self, number: int, buffer: memoryview) -> None:
        if number == 0:
            self._finish()
        buffer[:] = self.head if number == 0 else self._taken(number)

    def digest(self, number: int) -> bytes:
        return self._digests[number]

    def again(self, number: int) -> bytes | None:
        return self.head if number == 0 else None

    def _taken(self, number: int) -> bytes:
        span = self.spans[number]
        real = min(span.length, self._image.unpacked_bytes - span.offset)
        with reading_image():
            data = self._packed.read(real)
        if len(data) != real:
            raise InstallProblem(InstallFailure.IMAGE_UNREADABLE, f"{self._packed.unpacked_bytes}")
        data += bytes(span.length - real)
        self._digests[number] = hashlib.sha256(data).digest()
        return data

    def _finish(self) -> None:
        with reading_image():
            more = self._packed.read(1)
        if more or self._packed.sha256() != self._image.sha256:
            # not DIGEST_MISMATCH, which says that nothing was written: the file was right before
            raise InstallProblem(InstallFailure.IMAGE_UNREADABLE, self._packed.sha256())


@contextmanager
def _told(node: str) -> Iterator[None]:
    try:
        yield
    except Stopped as error:
        raise InstallProblem(InstallFailure.STOPPED) from error
    except MismatchError as error:
        raise InstallProblem(InstallFailure.NOT_AS_WRITTEN, f"{node}: {error.offset}") from error
    except DamagedError as error:
        raise InstallProblem(InstallFailure.IMAGE_UNREADABLE, str(error)) from error
    except DriveGoneError as error:
        raise InstallProblem(InstallFailure.DRIVE_GONE, node) from error
