"""Reads inside a drive's partitions, for what the screen says of them and for whether our own
files are there (our_files.py, a refusal): opened O_RDONLY, nothing mounted, no journal replayed, no
tool started. See docs/decisions/0221, 0222."""

from __future__ import annotations

import errno
import logging
import os
import time
from collections import OrderedDict
from collections.abc import Iterator
from contextlib import contextmanager

from reprise.domain.drives.volumes import Volume
from reprise.domain.pc.hardware import Drive, Partition
from reprise.ports import StopFlag
from reprise.wire.volumes.contents import is_read, look_inside
from reprise.wire.volumes.reading import MOST_AT_ONCE, Read

_PARTITION_S = 5.0
_DRIVE_S = 15.0
_BLOCK = 64 << 10
_KEPT = 64  # blocks
_MOST_BYTES = 128 << 20  # of one partition: the bitmap of one of 2 TB, and some files
_logger = logging.getLogger(__name__)


class EnoughError(Exception):
    """Stopped, or out of time."""


class VolumeReader:
    """ports.VolumeReader on this machine."""

    def read(self, drive: Drive, stop: StopFlag) -> Iterator[Volume]:
        """See ports.VolumeReader."""
        until = time.monotonic() + _DRIVE_S
        whole = Partition(drive.node, drive.identity.size_bytes, drive.fs_type, drive.label)
        for part in drive.partitions or (whole,):
            if not is_read(part):
                continue
            try:
                yield _looked(part, stop, min(until, time.monotonic() + _PARTITION_S))
            except ValueError as error:  # not what its signature says: the next one may be
                _logger.info("%s: %s", part.node, error)
            except (OSError, EnoughError) as error:  # it fails, hangs or is wanted elsewhere
                _logger.info("%s: %s", part.node, error)
                return


def _looked(part: Partition, stop: StopFlag, until: float) -> Volume:
    with opened(part.node, stop, until, part.size_bytes) as read:
        return look_inside(part, read)


@contextmanager
def opened(
    node: str, stop: StopFlag, until: float, size_bytes: int | None = None
) -> Iterator[Read]:
    """To read a partition (or an image file), until `stop` or so late (monotonic), which reads
    answer with EnoughError. Raises OSError, ENXIO where it has another size: another drive stands
    there now."""
    number = os.open(node, os.O_RDONLY | os.O_CLOEXEC | os.O_NOFOLLOW)
    try:
        os.posix_fadvise(number, 0, 0, os.POSIX_FADV_RANDOM)  # no more than what is asked
        size = os.lseek(number, 0, os.SEEK_END)
        if size_bytes not in (None, size):
            raise OSError(errno.ENXIO, os.strerror(errno.ENXIO), node)
        yield _Reader(number, size, stop, until)
    finally:
        os.close(number)


class _Reader:
    """A Read with a purse: so many bytes, so much time; small reads come from kept blocks."""

    def __init__(self, number: int, size: int, stop: StopFlag, until: float) -> None:
        self._number, self._size = number, size
        self._stop, self._until = stop, until
        self._left = _MOST_BYTES
        self._blocks: OrderedDict[int, bytes] = OrderedDict()

    def __call__(self, offset: int, length: int, /) -> bytes:
        if self._stop.is_set() or time.monotonic() > self._until:
            raise EnoughError("stopped" if self._stop.is_set() else "out of time")
        if offset < 0 or length < 0 or offset + length > self._size:
            raise ValueError("a place outside of the partition")
        if length > MOST_AT_ONCE:
            raise ValueError("more at once than is fit")
        if length >= _BLOCK or length == 0:
            return self._read(offset, length)
        first, last = offset // _BLOCK, (offset + max(length, 1) - 1) // _BLOCK
        data = b"".join(self._block(at) for at in range(first, last + 1))
        start = offset - first * _BLOCK
        return data[start : start + length]

    def _block(self, at: int) -> bytes:
        if at in self._blocks:
            self._blocks.move_to_end(at)
            return self._blocks[at]
        start = at * _BLOCK
        data = self._blocks[at] = self._read(start, min(_BLOCK, self._size - start))
        if len(self._blocks) > _KEPT:
            self._blocks.popitem(last=False)
        return data

    def _read(self, offset: int, length: int) -> bytes:
        if length > self._left:
            raise ValueError("more would have to be read than is fit")
        self._left -= length
        data = b""
        while len(data) < length:
            part = os.pread(self._number, length - len(data), offset + len(data))
            if not part:
                raise ValueError("the partition ends early")
            data += part
        return data
