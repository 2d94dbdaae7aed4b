"""Block device input and output that cannot come from or stay in the page cache."""

from __future__ import annotations

import errno
import fcntl
import mmap
import os
import stat
import struct
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

# <linux/fs.h>
_BLKROGET = 0x125E
_BLKRRPART = 0x125F
_BLKFLSBUF = 0x1261
_BLKSSZGET = 0x1268
_BLKPBSZGET = 0x127B
_BLKGETSIZE64 = 0x80081272
_NVME_IOCTL_ID = 0x4E40  # <linux/nvme_ioctl.h>

# A drive that left the bus: hot-unplugged, link lost, controller gone.
GONE = frozenset({errno.ENODEV, errno.ENXIO, errno.ENOMEDIUM, errno.ESHUTDOWN})


class DriveGoneError(Exception):
    """The drive is no longer there (or no longer the same)."""


def aligned_buffer(length: int) -> memoryview:
    """Zeroed memory at a page boundary, as O_DIRECT needs it, in huge pages where the kernel has
    them: O_DIRECT looks every page up, and shared memory gets none by default (mmap(2), madvise(2);
    /sys/kernel/mm/transparent_hugepage).

    A child does not get it: a fork would make private memory copy-on-write, and where the kernel
    does not pin it for O_DIRECT (open(2), NOTES), a read under way could end in a page that this
    process no longer sees.
    """
    memory = mmap.mmap(-1, length, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS)
    memory.madvise(mmap.MADV_DONTFORK)
    with suppress(OSError):  # EINVAL from a kernel without huge pages
        memory.madvise(mmap.MADV_HUGEPAGE)
    return memoryview(memory)


class BlockFile:
    """One open block device. Offsets, lengths and buffers are multiples of the logical sector.

    `exclusive` claims the whole drive (O_EXCL): the kernel refuses with EBUSY where the drive or a
    part of it is mounted, swapped on or held, and refuses others as long as it is open.
    """

    def __init__(self, node: str, *, writable: bool, exclusive: bool = True) -> None:
        """Raises OSError, ENOTBLK where `node` is no block device."""
        flags = (os.O_RDWR if writable else os.O_RDONLY) | os.O_DIRECT | os.O_CLOEXEC
        self.node = node
        self._lock = threading.Lock()
        self._running = 0
        self._closing = False
        # the kind first: opening a FIFO or a regular file for writing must not even be tried
        if not stat.S_ISBLK(Path(node).stat().st_mode):
            raise OSError(errno.ENOTBLK, os.strerror(errno.ENOTBLK), node)
        self._fd = os.open(node, flags | (os.O_EXCL if exclusive else 0))
        try:
            status = os.fstat(self._fd)
            if not stat.S_ISBLK(status.st_mode):
                raise OSError(errno.ENOTBLK, os.strerror(errno.ENOTBLK), node)
            self.number = f"{os.major(status.st_rdev)}:{os.minor(status.st_rdev)}"
            self.size_bytes = self._ask("Q", _BLKGETSIZE64)
            self.logical_bytes = self._ask("i", _BLKSSZGET)
            self.physical_bytes = max(self._ask("I", _BLKPBSZGET), self.logical_bytes)
            self.read_only = bool(self._ask("i", _BLKROGET))
        except BaseException:
            os.close(self._fd)
            raise

    def _ask(self, form: str, request: int) -> int:
        answer = fcntl.ioctl(self._fd, request, bytes(struct.calcsize(form)))
        value: int = struct.unpack(form, answer)[0]
        return value

    def __enter__(self) -> BlockFile:
        return self

    def __exit__(self, *_exc: object) -> None:
        self.close()

    def close(self) -> None:
        """Close now, or when the last transfer that still runs in a thread comes back: until then
        the descriptor must not be given to another file."""
        with self._lock:
            self._closing = True
            self._close_when_idle()

    def _close_when_idle(self) -> None:
        if self._closing and self._running == 0 and self._fd >= 0:
            os.close(self._fd)
            self._fd = -1

    @contextmanager
    def _in_use(self) -> Iterator[int]:
        with self._lock:
            if self._closing:
                raise OSError(errno.EBADF, os.strerror(errno.EBADF), self.node)
            self._running += 1
        try:
            yield self._fd
        finally:
            with self._lock:
                self._running -= 1
                self._close_when_idle()

    def read_into(self, offset: int, buffer: memoryview) -> None:
        """Fill `buffer` from `offset`. Raises OSError; EIO where the drive ends early."""
        with self._in_use() as fd:
            self._all(offset, buffer, lambda part, at: os.preadv(fd, [part], at))

    def write_from(self, offset: int, buffer: memoryview) -> None:
        """Write all of `buffer` at `offset`. Raises OSError."""
        with self._in_use() as fd:
            self._all(offset, buffer, lambda part, at: os.pwrite(fd, part, at))

    @staticmethod
    def _all(offset: int, buffer: memoryview, move: Callable[[memoryview, int], int]) -> None:
        done = 0
        while done < len(buffer):
            moved = move(buffer[done:], offset + done)
            if moved <= 0:
                raise OSError(errno.EIO, "the drive ended early")
            done += moved

    def flush(self) -> None:
        """fsync: on a block device this also makes the drive empty its own write cache."""
        with self._in_use() as fd:
            os.fsync(fd)

    def ioctl(self, request: int, argument: bytearray | int = 0) -> int:
        """One ioctl on the open device; `argument` is changed in place. Returns what the driver
        returned, never negative. May run in a background thread. Raises OSError."""
        with self._in_use() as fd:
            answer: int = fcntl.ioctl(fd, request, argument)
            return answer

    def hold_udev(self, wait_s: float = 2.0) -> bool:
        """Keep udev from looking into the drive until this is closed: it leaves alone what
        somebody holds a BSD lock on (systemd, "Locking Block Device Access"). False where it, or
        somebody else, holds one for longer than `wait_s`."""
        until = time.monotonic() + wait_s
        while True:
            try:
                with self._in_use() as fd:
                    fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
                return True
            except BlockingIOError:
                if time.monotonic() > until:
                    return False
            time.sleep(0.05)

    def drop_cache(self) -> None:
        """BLKFLSBUF: throw away what the page cache holds of this drive."""
        fcntl.ioctl(self._fd, _BLKFLSBUF, 0)

    def reread_partitions(self) -> None:
        """Make the kernel forget partitions that no longer exist. Raises OSError (EINVAL for a
        device that cannot have any)."""
        fcntl.ioctl(self._fd, _BLKRRPART)

    def nvme_namespace_id(self) -> int:
        """The NSID as the kernel knows it: nvme0n1 is not always namespace 1. Raises OSError
        where this is no NVMe namespace."""
        return fcntl.ioctl(self._fd, _NVME_IOCTL_ID)

    def is_there(self) -> bool:
        """Whether the drive is still attached with its size."""
        try:
            there = Path(f"/sys/dev/block/{self.number}").exists()
            return there and self._ask("Q", _BLKGETSIZE64) == self.size_bytes
        except OSError:
            return False

    def check_there(self, error: OSError) -> None:
        """Raises DriveGoneError where `error` means, or comes with, a drive that has left."""
        if error.errno in GONE or not self.is_there():
            raise DriveGoneError(self.node) from error
