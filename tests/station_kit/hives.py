"""Makes a small hive of Windows's registry: Windows NT\\CurrentVersion with its values."""

from __future__ import annotations

import struct
from collections.abc import Mapping, Sequence

_PATH = ("Microsoft", "Windows NT", "CurrentVersion")
_OTHERS = ("Classes", "Clients", "ODBC", "Policies", "WOW6432Node")


def software_hive(
    values: Mapping[str, str | int], pad_bytes: int = 0, others: Sequence[str] = _OTHERS
) -> bytes:
    """SOFTWARE with these values; `pad_bytes` in front of what is asked for, as in a large one;
    `others`: keys beside each on the way."""
    cells = _Cells()
    if pad_bytes:
        cells.add(bytes(pad_bytes))
    entries = [cells.add(_value(cells, name, value)) for name, value in values.items()]
    key = cells.add(_key(_PATH[-1], (), cells, entries))
    for name in reversed(("", *_PATH[:-1])):
        beside = [(other, cells.add(_key(other, (), cells, ()))) for other in others]
        child = _PATH[("", *_PATH[:-1]).index(name)]
        key = cells.add(_key(name or "ROOT", sorted([*beside, (child, key)]), cells, ()))
    return cells.hive(root=key)


class _Cells:
    def __init__(self) -> None:
        self._data = bytearray(32)  # the bin's own head

    def add(self, content: bytes) -> int:
        """Its offset, from the first bin on."""
        size = -(-(len(content) + 4) // 8) * 8
        at = len(self._data)
        self._data += struct.pack("<i", -size) + content.ljust(size - 4, b"\0")
        return at

    def hive(self, root: int) -> bytes:
        size = -(-len(self._data) // 4096) * 4096
        left = size - len(self._data)
        data = self._data + (struct.pack("<i", left) + bytes(left - 4) if left else b"")
        data[:12] = b"hbin" + struct.pack("<II", 0, size)
        head = bytearray(4096)
        head[:0x30] = struct.pack("<4sIIQIIIIIII", b"regf", 1, 1, 0, 1, 5, 0, 1, root, size, 1)
        check = 0
        for at in range(0, 508, 4):
            check ^= struct.unpack_from("<I", head, at)[0]
        struct.pack_into("<I", head, 508, check)
        return bytes(head + data)


def _key(
    name: str, children: Sequence[tuple[str, int]], cells: _Cells, values: Sequence[int]
) -> bytes:
    none = 0xFFFFFFFF
    lists = none
    if children:
        rows = b"".join(struct.pack("<II", at, _hash(child)) for child, at in children)
        lists = cells.add(b"lh" + struct.pack("<H", len(children)) + rows)
    listed = cells.add(struct.pack(f"<{len(values)}I", *values)) if values else none
    flags = 0x20 | (0x04 if name == "ROOT" else 0)
    head = struct.pack("<2sHQII", b"nk", flags, 0, 0, none)
    counts = struct.pack(
        "<IIIIIIII", len(children), 0, lists, none, len(values), listed, none, none
    )
    sizes = struct.pack("<IIIII", 0, 0, 0, 0, 0)
    return head + counts + sizes + struct.pack("<HH", len(name), 0) + name.encode("ascii")


def _value(cells: _Cells, name: str, value: str | int) -> bytes:
    if isinstance(value, int):
        kind, size, data = 4, 4 | 1 << 31, value
    else:
        text = value.encode("utf-16-le") + b"\0\0"
        kind, size, data = 1, len(text), cells.add(text)
    head = struct.pack("<2sHIIIHH", b"vk", len(name), size, data, kind, 1, 0)
    return head + name.encode("ascii")


def _hash(name: str) -> int:
    value = 0
    for letter in name.upper():
        value = (value * 37 + ord(letter)) & 0xFFFFFFFF
    return value
