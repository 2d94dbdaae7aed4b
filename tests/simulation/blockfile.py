"""What reprise.adapters.drives.blockio.BlockFile is, on simulated nodes."""

from __future__ import annotations

import errno
from typing import TYPE_CHECKING

from reprise.adapters.drives.blockio import GONE, DriveGoneError
from simulation.baton import baton
from simulation.drives import SimDrive, trouble
from simulation.drives_nvme import NvmeDrive
from simulation.ioctls import ioctl
from simulation.kernel import is_area

if TYPE_CHECKING:
    from simulation.pc import Pc


class SimBlockFile:
    """What reprise.adapters.drives.blockio.BlockFile is, on a simulated node of the PC that
    asks."""

    def __init__(self, node: str, *, writable: bool, exclusive: bool = True) -> None:
        turn = baton()
        turn.pause()
        pc: Pc = turn.current.owner.pc  # type: ignore[union-attr]
        kernel = pc.kernel
        found = kernel.node(node)
        if found is None:
            raise OSError(errno.ENOENT, "no such node", node)
        if exclusive and found.holder is not None:
            raise OSError(errno.EBUSY, "held", node)
        self.node, self.number = node, found.number
        self._node, self._pc, self._writable = found, pc, writable
        self._closing = False
        self._claims = exclusive
        if exclusive:
            found.holder = self
        self.size_bytes = found.size_bytes
        self.logical_bytes = found.unit.logical_bytes
        self.physical_bytes = found.unit.physical_bytes
        self.read_only = kernel.force_ro(found) if is_area(found) else found.read_only

    def __enter__(self) -> SimBlockFile:
        return self

    def __exit__(self, *_exc: object) -> None:
        self.close()

    def close(self) -> None:
        self._closing = True
        if self._claims and self._node.holder is self:
            self._node.holder = None

    def _drive(self) -> SimDrive:
        baton().check()
        if self._closing:
            raise trouble(errno.EBADF)
        if not self._node.there:
            raise trouble(errno.ENODEV)
        return self._node.drive

    def read_into(self, offset: int, buffer: memoryview) -> None:
        drive = self._drive()
        if offset + len(buffer) > self._node.size_bytes:
            raise trouble()
        buffer[:] = drive.read(self._node.unit.name, offset, len(buffer))
        self._drive()

    def write_from(self, offset: int, buffer: memoryview) -> None:
        drive = self._drive()
        if not self._writable:
            raise trouble(errno.EBADF)
        if offset + len(buffer) > self._node.size_bytes:
            raise trouble(errno.ENOSPC)
        if is_area(self._node) and self._pc.kernel.force_ro(self._node):
            raise trouble(errno.EPERM)
        self._pc.touches(drive)
        drive.write(self._node.unit.name, offset, buffer)
        self._drive()

    def flush(self) -> None:
        """As the kernel: a flush goes to a drive that it takes for one with a cache."""
        drive = self._drive()
        if self._node.write_back:
            drive.flush()
        else:
            baton().pause()

    def hold_udev(self, wait_s: float = 2.0) -> bool:
        baton().pause()
        return True

    def drop_cache(self) -> None:
        """No error where the drive is gone: the kernel's own (blkdev_flushbuf) tells none."""
        baton().check()

    def reread_partitions(self) -> None:
        self._drive()

    def nvme_namespace_id(self) -> int:
        self._drive()
        name = self._node.unit.name
        if not isinstance(self._node.drive, NvmeDrive):
            raise trouble(errno.ENOTTY)
        return int(name[1:])

    def is_there(self) -> bool:
        return self._node.there and self._node.size_bytes == self.size_bytes

    def check_there(self, error: OSError) -> None:
        baton().check()
        if error.errno in GONE or not self.is_there():
            raise DriveGoneError(self.node) from error

    def ioctl(self, request: int, argument: bytearray | int = 0) -> int:
        drive = self._drive()
        before = drive.changed
        drive.changed = False
        try:
            answer = ioctl(drive, self._node.unit.name, request, argument)
        finally:
            if drive.changed:
                self._pc.touches(drive)
            drive.changed |= before
        self._drive()
        return answer
