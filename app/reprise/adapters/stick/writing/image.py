"""The ISO as a file: is it ours, is it whole, what are its digests."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from reprise.adapters.drives.surface.keystream import CHUNK_BYTES
from reprise.adapters.drives.surface.meter import Meter
from reprise.domain.drives.boot_medium import LIVE_LABEL
from reprise.domain.erasure.pattern import Span, chunks
from reprise.domain.erasure.progress import Progress
from reprise.domain.station.stick import SECTOR_BYTES
from reprise.errors import InputError
from reprise.i18n import _
from reprise.system_words import os_reason
from reprise.tools.mbr import (
    MBR_BYTES,
    PVD_BYTES,
    PVD_OFFSET_BYTES,
    end_of_contents,
    parse_iso,
    parse_mbr,
)

# sha256sum(1): 64 hexadecimal digits, a space, a space or "*", the name.
_SUM_LINE = re.compile(r"([0-9a-f]{64}) [ *](.+)")


@dataclass(frozen=True, slots=True)
class StickImage:
    """`stated_sha256`: hexadecimal, from the file beside the ISO; "" where there is none."""

    path: Path
    size_bytes: int
    stated_sha256: str

    @property
    def spans(self) -> tuple[Span, ...]:
        return tuple(chunks(0, self.size_bytes, CHUNK_BYTES))


@dataclass(frozen=True, slots=True)
class ImageDigests:
    """`sha256`: of the whole ISO, hexadecimal. `chunks`: one SHA-256 for each of its spans."""

    sha256: str
    chunks: tuple[bytes, ...]


def find_image(path: Path) -> StickImage:
    """Raises InputError where this is no whole Reprise ISO."""
    with reading(path):
        size = path.stat().st_size
        with path.open("rb") as file:
            head = file.read(PVD_OFFSET_BYTES + PVD_BYTES)
    volume = parse_iso(head[PVD_OFFSET_BYTES:])
    entries = parse_mbr(head[:MBR_BYTES])
    if volume is None or volume.label != LIVE_LABEL or entries is None:
        raise InputError(_("“{path}” is not a Reprise image.").format(path=path), _advice())
    whole = end_of_contents(entries, volume.sectors) * SECTOR_BYTES
    if size < whole or size % SECTOR_BYTES:
        raise InputError(
            _(
                "“{path}” is cut off or damaged: it has {size} bytes, its tables say {whole}."
            ).format(path=path, size=size, whole=whole),
            _advice(),
        )
    return StickImage(path, size, _stated(path))


def digest_image(image: StickImage) -> Generator[Progress, None, ImageDigests]:
    """Raises InputError where the ISO is not what the digest beside it says."""
    meter = Meter(str(image.path), "read", image.size_bytes)
    whole, parts = hashlib.sha256(), []
    with open_image(image) as file:
        for span in image.spans:
            data = read_span(file, image, span)
            whole.update(data)
            parts.append(hashlib.sha256(data).digest())
            yield from meter.at(span.end)
    digest = whole.hexdigest()
    if image.stated_sha256 not in ("", digest):
        raise InputError(
            _("“{path}” is damaged: its SHA-256 is {found}, not {stated}.").format(
                path=image.path, found=digest, stated=image.stated_sha256
            ),
            _advice(),
        )
    return ImageDigests(digest, tuple(parts))


class IsoContents:
    """stick.writing.copy.Contents of an open ISO. Raises InputError where it changed."""

    def __init__(self, image: StickImage, file: BinaryIO, digests: ImageDigests) -> None:
        self._image, self._file, self._digests = image, file, digests
        self.size_bytes, self.spans = image.size_bytes, image.spans

    def fill(self, number: int, buffer: memoryview) -> None:
        data = self.again(number)
        if hashlib.sha256(data).digest() != self._digests.chunks[number]:
            raise changed_meanwhile(self._image.path)
        buffer[:] = data

    def digest(self, number: int) -> bytes:
        return self._digests.chunks[number]

    def again(self, number: int) -> bytes:
        return read_span(self._file, self._image, self.spans[number])


@contextmanager
def open_image(image: StickImage) -> Iterator[BinaryIO]:
    """Raises InputError where it cannot be opened."""
    with reading(image.path):
        file = image.path.open("rb")
    with file:
        yield file


def read_span(file: BinaryIO, image: StickImage, span: Span) -> bytes:
    """Raises InputError where the file does not give all of it."""
    with reading(image.path):
        file.seek(span.offset)
        data = file.read(span.length)
    if len(data) != span.length:
        raise changed_meanwhile(image.path)
    return data


@contextmanager
def reading(path: Path) -> Iterator[None]:
    """An OSError as InputError that names the file."""
    try:
        yield
    except OSError as error:
        raise InputError(
            _("“{path}” cannot be read: {reason}.").format(path=path, reason=os_reason(error))
        ) from error


def changed_meanwhile(path: Path) -> InputError:
    return InputError(_("“{path}” changed while it was read.").format(path=path), _advice())


def _stated(iso: Path) -> str:
    """The digest in ISO.sha256 (live-build/build.sh writes it). Raises InputError where that file
    names no digest of this ISO."""
    beside = iso.with_name(f"{iso.name}.sha256")
    if not beside.exists():
        return ""
    with reading(beside):
        lines = beside.read_text("utf-8", "replace").splitlines()
    matches = [match for line in lines if (match := _SUM_LINE.fullmatch(line.strip()))]
    named = [match[1] for match in matches if Path(match[2]).name == iso.name]
    if len(named) != 1:
        raise InputError(
            _("“{path}” holds no SHA-256 of “{name}”.").format(path=beside, name=iso.name),
            _advice(),
        )
    return named[0]


def _advice() -> str:
    return _("Build it with “make image”, or download it again with the .sha256 beside it.")
