"""REPORT SUPPORTED OPERATION CODES (SPC-4 6.35)."""

from __future__ import annotations

import struct
from collections.abc import Iterable

# Operation code: CDB length, by its group (SPC-4 4.2.5.1).
_LENGTHS = {0: 6, 1: 10, 2: 10, 4: 16, 5: 12}
SUPPORTED, NOT_SUPPORTED = 0b011, 0b001

Command = tuple[int, int | None]  # operation code, service action


def length_of(opcode: int) -> int:
    return _LENGTHS[opcode >> 5]


def every(commands: Iterable[Command]) -> bytes:
    """The list of all, 8 bytes each."""
    out = b""
    for opcode, action in sorted(commands, key=lambda each: (each[0], each[1] or 0)):
        has = action is not None
        out += struct.pack(">BBHBBH", opcode, 0, action or 0, 0, has, length_of(opcode))
    return struct.pack(">I", len(out)) + out


def one(opcode: int, action: int | None, known: bool) -> bytes:
    """One command with its CDB usage bits, or the word that it is not supported."""
    if not known:
        return struct.pack(">BBH", 0, NOT_SUPPORTED, 0)
    usage = bytearray(b"\xff" * length_of(opcode))
    usage[0], usage[-1] = opcode, 0
    if action is not None:
        usage[1] = 0xE0 | action
    return struct.pack(">BBH", 0, SUPPORTED, len(usage)) + bytes(usage)
