"""The user-space end of the kernel's TCM target: commands come through a ring in shared memory.

Layout: include/uapi/linux/target_core_user.h and Documentation/target/tcmu-design.rst of Linux
6.12. All offsets count from the start of the mapping; 32-bit words are read and written whole, as
the kernel moves them meanwhile.
"""

from __future__ import annotations

import mmap
import os
import select
import struct
import threading
import traceback
from pathlib import Path
from typing import Protocol

from lab.scsi.sense import HARDWARE_ERROR, Reply, Sense, check

# struct tcmu_mailbox, in 32-bit words: version and flags, cmdr_off, cmdr_size, cmd_head; cmd_tail
# stands on its own cache line.
_VERSION, _RING_AT, _RING_SIZE, _HEAD, _TAIL = 0, 1, 2, 3, 16
MAILBOX_VERSION = 2
_OP_MASK, _OP_PAD, _OP_COMMAND, _OP_TASK_MANAGEMENT = 0x7, 0, 1, 2
_UNKNOWN_OP, _READ_LENGTH = 0x1, 0x2  # uflags
_IOV_COUNT, _CDB_AT, _IOVS = 8, 24, 48  # struct tcmu_cmd_entry: req
_STATUS, _READ_LEN, _SENSE = 8, 12, 16  # and rsp
_SENSE_ROOM = 96
# CDB length by group, as the kernel counts it; ATA PASS-THROUGH (16) is in group 4.
_CDB_LENGTHS = (6, 10, 10, 12, 16, 12, 10, 10)
_TO_DEVICE = frozenset(
    {0x0A, 0x2A, 0xAA, 0x8A, 0x15, 0x55, 0x42, 0x41, 0x93, 0x48, 0x04, 0x3B, 0xB5, 0x2F, 0x8F}
)


class Target(Protocol):
    def handle(self, cdb: bytes, data: bytes | memoryview, room: int) -> Reply:
        """`data`: what came with the command; `room`: how many bytes it takes back."""


def _writes(cdb: bytes) -> bool:
    """Does this command bring data? Of ATA PASS-THROUGH, T_DIR says it: 0 is to the device."""
    if cdb[0] in (0x85, 0xA1):
        return bool(cdb[2] & 0x03) and not cdb[2] & 0x08
    return cdb[0] in _TO_DEVICE


class Ring:
    """One thread that answers one device's commands in their order, as one drive does."""

    def __init__(self, uio: Path, target: Target) -> None:
        self._target = target
        size = int((Path("/sys/class/uio") / uio.name / "maps/map0/size").read_text(), 16)
        self._fd = os.open(uio, os.O_RDWR | os.O_CLOEXEC)
        self._map = mmap.mmap(self._fd, size)
        self._bytes = memoryview(self._map)
        self._words = self._bytes.cast("I")
        if self._words[_VERSION] & 0xFFFF != MAILBOX_VERSION:
            raise RuntimeError(f"mailbox of version {self._words[_VERSION] & 0xFFFF}")
        self._at, self._size = self._words[_RING_AT], self._words[_RING_SIZE]
        self._stop_r, self._stop_w = os.pipe()
        self.failure: BaseException | None = None
        self._thread = threading.Thread(target=self._serve, name=f"ring {uio.name}", daemon=True)
        self._thread.start()

    def close(self, timeout_s: float = 30.0) -> None:
        """End the thread and let the mapping go. Raises what went wrong in the thread."""
        os.write(self._stop_w, b"x")
        self._thread.join(timeout_s)
        if self._thread.is_alive():
            raise RuntimeError("the ring's thread did not end")
        self._words.release()
        self._bytes.release()
        self._map.close()
        for fd in (self._fd, self._stop_r, self._stop_w):
            os.close(fd)
        if self.failure is not None:
            raise RuntimeError("the emulated drive failed") from self.failure

    def _serve(self) -> None:
        watch = select.poll()
        watch.register(self._fd, select.POLLIN)
        watch.register(self._stop_r, select.POLLIN)
        while True:
            self._drain()
            ready = {fd for fd, _event in watch.poll()}
            if self._stop_r in ready:
                return
            os.read(self._fd, 4)

    def _drain(self) -> None:
        tail = self._words[_TAIL]
        while tail != self._words[_HEAD]:
            entry = self._at + tail
            length_op = self._words[entry // 4]
            self._entry(entry, length_op & _OP_MASK)
            tail = (tail + (length_op & ~_OP_MASK)) % self._size
            self._words[_TAIL] = tail
            os.write(self._fd, b"\0\0\0\0")

    def _entry(self, entry: int, op: int) -> None:
        if op == _OP_COMMAND:
            self._command(entry)
        elif op not in (_OP_PAD, _OP_TASK_MANAGEMENT):
            self._bytes[entry + 7] |= _UNKNOWN_OP

    def _command(self, entry: int) -> None:
        iov_count = struct.unpack_from("=I", self._bytes, entry + _IOV_COUNT)[0]
        cdb_at = struct.unpack_from("=Q", self._bytes, entry + _CDB_AT)[0]
        length = _CDB_LENGTHS[self._bytes[cdb_at] >> 5]
        cdb = bytes(self._bytes[cdb_at : cdb_at + length])
        iovs = [
            struct.unpack_from("=QQ", self._bytes, entry + _IOVS + 16 * at)
            for at in range(iov_count)
        ]
        parts = [self._bytes[at : at + size] for at, size in iovs]
        try:
            self._answer(entry, cdb, parts)
        finally:
            for part in parts:
                part.release()

    def _answer(self, entry: int, cdb: bytes, parts: list[memoryview]) -> None:
        writes, room = _writes(cdb), sum(len(part) for part in parts)
        reply = self._ask(cdb, _gather(parts) if writes else b"", 0 if writes else room)
        flags = self._bytes[entry + 7]
        read_length = 0
        if not writes and room:
            read_length = _scatter(parts, reply.data, zero=not reply.data)
            flags |= _READ_LENGTH if read_length else 0
        struct.pack_into("=BxxxI", self._bytes, entry + _STATUS, reply.status, read_length)
        sense = reply.sense.ljust(_SENSE_ROOM, b"\0")[:_SENSE_ROOM]
        self._bytes[entry + _SENSE : entry + _SENSE + _SENSE_ROOM] = sense
        self._bytes[entry + 7] = flags

    def _ask(self, cdb: bytes, data: bytes | memoryview, room: int) -> Reply:
        """A bug in the model must not leave the kernel waiting: it is a hardware error, and
        `close()` raises it."""
        try:
            return self._target.handle(cdb, data, room)
        except Exception as error:  # noqa: BLE001 (kept, and raised by close)
            traceback.clear_frames(error.__traceback__)  # they hold slices of the mapping
            self.failure = self.failure or error
            return check(Sense(HARDWARE_ERROR, 0x4400))


def _gather(parts: list[memoryview]) -> bytes | memoryview:
    return parts[0] if len(parts) == 1 else b"".join(parts)


def _scatter(parts: list[memoryview], data: bytes, *, zero: bool) -> int:
    """Copy Data-In out; how many bytes. Without any, what the area held before is wiped."""
    at, whole = 0, memoryview(data)
    for part in parts:
        if zero:
            part[:] = bytes(len(part))
            continue
        chunk = whole[at : at + len(part)]
        part[: len(chunk)] = chunk
        at += len(chunk)
    return at
