#!/usr/bin/python3
"""Completes a console font: block elements and a few signs, drawn into slots of scripts not used.

    console_font.py FONT.psf.gz OUT.psf.gz

Debian's console fonts lack most of U+2580-259F, which Textual draws its borders and bars with; the
Linux console shows a diamond for each missing glyph, and a font holds 512 glyphs at most.
Formats: PSF 1 and PSF 2 as kbd's psf.h describes them. Run in the image's chroot, standard library
only.
"""

from __future__ import annotations

import gzip
import struct
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path

Shape = Callable[[float, float], bool]  # (x, y) in 0..1, origin top left -> ink?

_SPARE = ((0x0370, 0x03FF), (0x0400, 0x052F), (0x0590, 0x06FF), (0x10A0, 0x10FF), (0x1E00, 0x1EFF))
# U+2596..259F: which quarters are inked (1 top left, 2 top right, 4 bottom left, 8 bottom right).
_QUARTERS = (4, 8, 1, 13, 9, 7, 11, 2, 6, 14)


@dataclass
class Font:
    width: int
    height: int
    glyphs: list[bytes]
    codes: list[set[int]] = field(default_factory=list)  # the characters of each glyph


def read_font(data: bytes) -> Font:
    if data[:2] == b"\x36\x04":  # PSF 1
        mode, height = data[2], data[3]
        count = 512 if mode & 1 else 256
        font = Font(8, height, _cut(data[4:], count, height))
        codes: set[int] = set()
        for (code,) in struct.iter_unpack("<H", data[4 + count * height :]):
            if code == 0xFFFF:
                font.codes.append(codes)
                codes = set()
            elif code != 0xFFFE:
                codes.add(code)
        return font
    magic, _, header, _, count, size, height, width = struct.unpack("<4s7I", data[:32])
    if magic != b"\x72\xb5\x4a\x86":
        raise SystemExit("console_font: not a PSF font")
    font = Font(width, height, _cut(data[header:], count, size))
    for entry in data[header + count * size :].split(b"\xff")[:count]:
        font.codes.append({ord(char) for char in entry.split(b"\xfe")[0].decode()})
    return font


def _cut(data: bytes, count: int, size: int) -> list[bytes]:
    return [data[i * size : (i + 1) * size] for i in range(count)]


def write_font(font: Font) -> bytes:
    head = struct.pack(
        "<4s7I", b"\x72\xb5\x4a\x86", 0, 32, 1, len(font.glyphs), len(font.glyphs[0]),
        font.height, font.width,
    )  # fmt: skip
    table = b"".join("".join(map(chr, sorted(c))).encode() + b"\xff" for c in font.codes)
    return head + b"".join(font.glyphs) + table


def draw(shape: Shape, width: int, height: int) -> bytes:
    rows = []
    for row in range(height):
        bits = 0
        for column in range(width):
            inked = shape((column + 0.5) / width, (row + 0.5) / height)
            bits = bits << 1 | inked
        padded = (width + 7) // 8
        rows.append((bits << (padded * 8 - width)).to_bytes(padded, "big"))
    return b"".join(rows)


def _quarter(mask: int) -> Shape:
    return lambda x, y: bool(mask >> ((x >= 0.5) + 2 * (y >= 0.5)) & 1)


def _box(left: float, top: float, right: float, bottom: float) -> Shape:
    return lambda x, y: left <= x < right and top <= y < bottom


def _line(points: tuple[tuple[float, float], ...], half: float) -> Shape:
    """A stroke through `points`; y counts double, because a cell is twice as high as wide."""

    def inked(x: float, y: float) -> bool:
        for (ax, ay), (bx, by) in pairwise(points):
            dx, dy = bx - ax, 2 * (by - ay)
            t = ((x - ax) * dx + 2 * (y - ay) * dy) / (dx * dx + dy * dy)
            t = max(0.0, min(1.0, t))
            if (x - ax - t * dx) ** 2 + (2 * (y - ay) - t * dy) ** 2 <= half**2:
                return True
        return False

    return inked


def _square(half: float, hollow: bool = False) -> Shape:
    def inked(x: float, y: float) -> bool:
        far = max(abs(x - 0.5), 2 * abs(y - 0.5))
        return far <= half and not (hollow and far <= half - 0.13)

    return inked


def _diamond(hollow: bool = False) -> Shape:
    def inked(x: float, y: float) -> bool:
        far = abs(x - 0.5) + 2 * abs(y - 0.5)
        return far <= 0.45 and not (hollow and far <= 0.28)

    return inked


def _ring(outer: float, dot: float) -> Shape:
    def inked(x: float, y: float) -> bool:
        far = ((x - 0.5) ** 2 + 4 * (y - 0.5) ** 2) ** 0.5
        return outer - 0.13 <= far <= outer or far <= dot

    return inked


def _warning(x: float, y: float) -> bool:
    if not 0.2 <= y <= 0.85:
        return False
    half = (y - 0.2) / 0.65 * 0.5
    bar = abs(x - 0.5) < 0.1 and (0.42 <= y <= 0.63 or 0.7 <= y <= 0.77)
    return abs(x - 0.5) <= half and not bar


def shapes() -> dict[int, Shape]:
    found: dict[int, Shape] = {0x2580: _box(0, 0, 1, 0.5), 0x2590: _box(0.5, 0, 1, 1)}
    found.update({0x2580 + n: _box(0, 1 - n / 8, 1, 1) for n in range(1, 9)})
    found.update({0x2590 - n: _box(0, 0, n / 8, 1) for n in range(1, 8)})
    found[0x2593] = lambda x, y: (int(x * 8) + int(y * 16) * 2) % 4 != 0
    found[0x2594] = _box(0, 0, 1, 1 / 8)
    found[0x2595] = _box(7 / 8, 0, 1, 1)
    found.update({0x2596 + i: _quarter(mask) for i, mask in enumerate(_QUARTERS)})
    found[0x25A0], found[0x25A1] = _square(0.4), _square(0.45, hollow=True)
    found[0x25AA], found[0x25AB] = _square(0.25), _square(0.3, hollow=True)
    found[0x25BA] = lambda x, y: abs(2 * y - 1) <= 0.5 - x / 2
    found[0x25C4] = lambda x, y: abs(2 * y - 1) <= x / 2
    found[0x25C6], found[0x25C7] = _diamond(), _diamond(hollow=True)
    found[0x25C9], found[0x25CB] = _ring(0.45, 0.2), _ring(0.42, 0.0)
    tick = ((0.1, 0.55), (0.35, 0.72), (0.9, 0.3))
    found[0x2713], found[0x2714] = _line(tick, 0.09), _line(tick, 0.15)
    found[0x26A0] = _warning
    return found


def complete(font: Font) -> Font:
    """Add what is missing. Slots are taken from characters of scripts in _SPARE only."""
    present = set().union(*font.codes)
    spare = [
        slot
        for slot, codes in enumerate(font.codes)
        if codes and all(any(low <= c <= high for low, high in _SPARE) for c in codes)
    ]
    missing = {code: shape for code, shape in shapes().items() if code not in present}
    if len(spare) < len(missing):
        raise SystemExit(f"console_font: {len(spare)} free slots for {len(missing)} glyphs")
    for slot, (code, shape) in zip(spare, missing.items(), strict=False):
        font.glyphs[slot] = draw(shape, font.width, font.height)
        font.codes[slot] = {code}
    return font


if __name__ == "__main__":
    source, target = map(Path, sys.argv[1:3])
    completed = write_font(complete(read_font(gzip.decompress(source.read_bytes()))))
    target.write_bytes(gzip.compress(completed, mtime=0))
