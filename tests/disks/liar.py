"""A file whose behaviour a test decides, served by this process to the kernel (FUSE protocol).

A loop device over it is a real block device that lies: it wraps round, drops writes, fails or
hangs, on the kernel's real paths. Runs as its own process, as a file system must not share the
interpreter of those who use it:

    python liar.py MOUNTPOINT CONTROL.json

The control file is read again whenever it changes:
    size         apparent bytes of the file MOUNTPOINT/disk
    wrap         bytes that really exist: addresses are taken modulo
    drop         [[first, end], …] bytes whose writes are acknowledged and forgotten
    shift        [[first, end, by], …] requests that begin there are written `by` bytes further on
    read_error   [[first, end], …] bytes whose reads fail with EIO
    write_error  [[first, end], …] bytes whose writes fail with EIO
    erased       true: all bytes that can be read are zeros
    delay_s      seconds that every request takes
"""

from __future__ import annotations

import ctypes
import errno
import json
import os
import struct
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

# <linux/fuse.h>, protocol 7.31
_IN_HEADER = struct.Struct("<IIQQIIIHH")
_OUT_HEADER = struct.Struct("<IiQ")
_ATTR = struct.Struct("<QQQQQQIIIIIIIIII")
_IO = struct.Struct("<QQIIQII")
_MAX_WRITE = 128 << 10
_ROOT, _DISK = 1, 2
_DIRECT_IO = 1  # FOPEN_DIRECT_IO: the kernel keeps no pages of this file
_BIG_WRITES = 1 << 5
_NO_REPLY = frozenset({2, 36, 42})  # FORGET, INTERRUPT, BATCH_FORGET


class _Control:
    def __init__(self, path: Path) -> None:
        self._path = path
        self._seen = 0
        self._values: dict[str, Any] = {}

    def values(self) -> dict[str, Any]:
        stamp = self._path.stat().st_mtime_ns
        if stamp != self._seen:
            self._values = json.loads(self._path.read_text())
            self._seen = stamp
        return self._values


class Liar:
    def __init__(self, control: _Control) -> None:
        self._control = control
        values = control.values()
        self._data = bytearray(int(values.get("wrap") or values["size"]))
        self._operations: dict[int, Callable[[int, bytes], bytes]] = {
            1: self._lookup,
            3: self._getattr,
            4: self._getattr,
            14: lambda _node, _body: struct.pack("<QII", 1, _DIRECT_IO, 0),
            15: self._read,
            16: self._write,
            18: lambda _node, _body: b"",
            20: lambda _node, _body: b"",
            25: lambda _node, _body: b"",
            26: self._init,
            38: lambda _node, _body: b"",
        }

    def serve(self, device: int) -> None:
        while True:
            try:
                request = os.read(device, _MAX_WRITE + 8192)
            except OSError as error:
                if error.errno == errno.ENODEV:  # unmounted
                    return
                raise
            _length, opcode, unique, node, *_rest = _IN_HEADER.unpack_from(request)
            if opcode in _NO_REPLY:
                continue
            code, answer = self._answer(opcode, node, request[_IN_HEADER.size :])
            os.write(
                device, _OUT_HEADER.pack(_OUT_HEADER.size + len(answer), -code, unique) + answer
            )

    def _answer(self, opcode: int, node: int, body: bytes) -> tuple[int, bytes]:
        operation = self._operations.get(opcode)
        if operation is None:
            return errno.ENOSYS, b""
        try:
            return 0, operation(node, body)
        except OSError as error:
            return error.errno or errno.EIO, b""

    def _init(self, _node: int, body: bytes) -> bytes:
        _major, _minor, readahead, flags = struct.unpack_from("<IIII", body)
        flags &= _BIG_WRITES
        return struct.pack("<IIIIHHIIHHI28x", 7, 31, readahead, flags, 0, 0, _MAX_WRITE, 1, 0, 0, 0)

    @property
    def _size(self) -> int:
        return int(self._control.values()["size"])

    def _attributes(self, node: int) -> bytes:
        root = node == _ROOT
        size = 0 if root else self._size
        mode = 0o40755 if root else 0o100600
        return _ATTR.pack(node, size, size // 512, 0, 0, 0, 0, 0, 0, mode, 1, 0, 0, 0, 4096, 0)

    def _lookup(self, _node: int, body: bytes) -> bytes:
        if body.rstrip(b"\0") != b"disk":
            raise OSError(errno.ENOENT, "")
        return struct.pack("<QQQQII", _DISK, 0, 3600, 0, 0, 0) + self._attributes(_DISK)

    def _getattr(self, node: int, _body: bytes) -> bytes:
        return struct.pack("<QII", 0, 0, 0) + self._attributes(node)

    def _spans(self, offset: int, length: int) -> list[tuple[int, int, int]]:
        """(place in the request, place in the real store, length)"""
        found: list[tuple[int, int, int]] = []
        at = 0
        while at < length:
            place = (offset + at) % len(self._data)
            part = min(length - at, len(self._data) - place)
            found.append((at, place, part))
            at += part
        return found

    def _enter(self, kind: str, offset: int, length: int) -> dict[str, Any]:
        values = self._control.values()
        time.sleep(values.get("delay_s", 0))
        if _touches(values.get(kind, ()), offset, length):
            raise OSError(errno.EIO, "")
        return values

    def _read(self, _node: int, body: bytes) -> bytes:
        _handle, offset, size, *_rest = _IO.unpack_from(body)
        size = max(0, min(size, self._size - offset))
        if self._enter("read_error", offset, size).get("erased"):
            return bytes(size)
        spans = self._spans(offset, size)
        return b"".join(self._data[place : place + part] for _at, place, part in spans)

    def _write(self, _node: int, body: bytes) -> bytes:
        _handle, offset, size, *_rest = _IO.unpack_from(body)
        data = body[_IO.size : _IO.size + size]
        values = self._enter("write_error", offset, size)
        shifts = values.get("shift", ())
        offset += sum(by for first, end, by in shifts if first <= offset < end)
        kept = bytearray(data)
        for first, end in values.get("drop", ()):
            low, high = max(first, offset), min(end, offset + size)
            if low < high:  # what stood there before stays
                old = self._data[low % len(self._data) :][: high - low]
                kept[low - offset : high - offset] = old
        for at, place, part in self._spans(offset, size):
            self._data[place : place + part] = kept[at : at + part]
        return struct.pack("<II", size, 0)


def _touches(ranges: Any, offset: int, length: int) -> bool:
    return any(first < offset + length and offset < end for first, end in ranges)


def main() -> None:
    mountpoint, control = sys.argv[1], Path(sys.argv[2])
    device = os.open("/dev/fuse", os.O_RDWR)
    options = f"fd={device},rootmode=40000,user_id=0,group_id=0".encode()
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.mount(b"liar", mountpoint.encode(), b"fuse", 6, options) != 0:
        raise OSError(ctypes.get_errno(), "mount")
    liar = Liar(_Control(control))
    print("mounted", flush=True)
    liar.serve(device)


if __name__ == "__main__":
    main()
