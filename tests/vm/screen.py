"""Reads the PC's real screen: a picture of the console in, its text out.

Each character cell of the framebuffer is compared with the console font's own bitmaps, so a test
sees what a person sees (a glyph that the font lacks reads as "?"), and the guest needs no back
door for it. Which of the image's fonts it is, is found out by reading.
"""

from __future__ import annotations

import gzip
import struct
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from PIL import Image

from vm.qemu import Vm

# A PC in text mode: 80 cells, each with an empty ninth column.
_VGA_WIDTH, _VGA_PITCH = 720, 9
_FITS = 0.8  # the wrong font reads some of the frames, and hardly a letter
PSF1_MAGIC = b"\x36\x04"
PSF2_MAGIC = b"\x72\xb5\x4a\x86"


@dataclass(frozen=True)
class Font:
    """`glyphs`: the rows of a glyph, a byte or more a row -> its first character."""

    width: int
    height: int
    glyphs: dict[bytes, str]


Fonts = tuple[Font, ...]  # that a PC may show its screen with


def _psf1(data: bytes) -> Font:
    mode, size = data[2], data[3]
    count = 512 if mode & 1 else 256
    glyphs = [data[4 + i * size : 4 + (i + 1) * size] for i in range(count)]
    names: list[str] = []
    if mode & 2:
        table = struct.unpack(f"<{(len(data) - 4 - count * size) // 2}H", data[4 + count * size :])
        current: list[int] = []
        for code in table:
            if code == 0xFFFF:
                names.append(chr(current[0]) if current else "\0")
                current = []
            else:
                current.append(code)
    return Font(8, size, _by_shape(glyphs, names))


def _psf2(data: bytes) -> Font:
    _version, start, flags, count, size, height, width = struct.unpack("<7I", data[4:32])
    glyphs = [data[start + i * size : start + (i + 1) * size] for i in range(count)]
    names: list[str] = []
    if flags & 1:
        for entry in data[start + count * size :].split(b"\xff")[:count]:
            text = entry.split(b"\xfe")[0].decode("utf-8", "replace")
            names.append(text[:1] or "\0")
    return Font(width, height, _by_shape(glyphs, names))


def _by_shape(glyphs: list[bytes], names: list[str]) -> dict[bytes, str]:
    shapes: dict[bytes, str] = {}
    for glyph, name in zip(glyphs, names, strict=False):
        # Latin letters come before look-alikes of other alphabets.
        if name != "\0" and (glyph not in shapes or ord(name) < 0x250 < ord(shapes[glyph])):
            shapes[glyph] = name
    return shapes


def read_font(path: Path) -> Font:
    """A console font (PSF 1 or 2, gzipped or not)."""
    data = path.read_bytes()
    if data[:2] == b"\x1f\x8b":
        data = gzip.decompress(data)
    if data[:2] == PSF1_MAGIC:
        return _psf1(data)
    if data[:4] == PSF2_MAGIC:
        return _psf2(data)
    raise ValueError(f"not a PSF font: {path}")


def _read_ppm(path: Path) -> tuple[int, int, bytes]:
    data = path.read_bytes()
    fields = data.split(maxsplit=4)
    if fields[0] != b"P6":
        raise ValueError(f"not a PPM picture: {path}")
    width, height = int(fields[1]), int(fields[2])
    return width, height, data[-width * height * 3 :]


def _cell_shape(rows: list[bytes], width: int) -> tuple[bytes, bytes]:
    """A cell's bitmap (background = its most frequent colour), and the same inverted."""
    pixels = [row[i : i + 3] for row in rows for i in range(0, width * 3, 3)]
    ground = Counter(pixels).most_common(1)[0][0]
    stride = (width + 7) // 8
    shape = bytearray()
    for row in rows:
        bits = 0
        for i in range(0, width * 3, 3):
            bits = bits << 1 | (row[i : i + 3] != ground)
        shape += (bits << (stride * 8 - width)).to_bytes(stride, "big")
    full = (((1 << width) - 1) << (stride * 8 - width)).to_bytes(stride, "big")
    inverted = bytes(a ^ b for a, b in zip(shape, full * len(rows), strict=True))
    return bytes(shape), inverted


class _OneFont:
    """Reads with one font; remembers cells it has seen, and the last picture's lines: a screen that
    is waited for hardly changes."""

    def __init__(self, font: Font) -> None:
        self.font = font
        self._seen: dict[bytes, str] = {}
        self._last: dict[bytes, str] = {}

    def _character(self, rows: list[bytes]) -> str:
        key = b"".join(rows)
        if key not in self._seen:
            shape, inverted = _cell_shape(rows, self.font.width)
            character = self.font.glyphs.get(shape) or self.font.glyphs.get(inverted)
            if character is None:
                character = " " if not any(shape) else "?"
            self._seen[key] = character
        return self._seen[key]

    def lines(self, width: int, pixels: bytes) -> list[str]:
        size = self.font.height * width * 3
        strips = [pixels[top : top + size] for top in range(0, len(pixels) - size + 1, size)]
        self._last = {
            strip: self._last[strip] if strip in self._last else self._line(strip, width)
            for strip in set(strips)
        }
        return [self._last[strip] for strip in strips]

    def _line(self, strip: bytes, width: int) -> str:
        pitch = _VGA_PITCH if width == _VGA_WIDTH else self.font.width
        across = self.font.width * 3
        rows = [strip[top : top + width * 3] for top in range(0, len(strip), width * 3)]
        lefts = range(0, width * 3 - across + 1, pitch * 3)
        cells = ([row[left : left + across] for row in rows] for left in lefts)
        return "".join(self._character(cell) for cell in cells).rstrip()


def _read_share(lines: list[str]) -> float:
    """The part of what stands there that is a glyph of the font; 0 of a blank screen."""
    text = "".join(lines).replace(" ", "")
    return 1 - text.count("?") / len(text) if text else 0.0


class Reader:
    """Turns pictures into text with the font that fits best: the last one while it fits."""

    def __init__(self, fonts: Fonts) -> None:
        self._readers = [_OneFont(font) for font in fonts]

    @property
    def font(self) -> Font:
        """Of the last picture that had text."""
        return self._readers[0].font

    def lines(self, picture: Path) -> list[str]:
        width, _height, pixels = _read_ppm(picture)
        best, most = self._readers[0], 0.0
        for reader in self._readers:
            share = _read_share(reader.lines(width, pixels))
            if share > most:
                best, most = reader, share
            if most >= _FITS:
                break
        if best is not self._readers[0]:
            self._readers.remove(best)
            self._readers.insert(0, best)
        return best.lines(width, pixels)


class ScreenTimeoutError(AssertionError):
    """The awaited words did not come. The message carries the last screen."""


@dataclass
class Console:
    """One PC's screen and keyboard."""

    vm: Vm
    reader: Reader
    pictures: int = 0

    def text(self) -> str:
        path = self.vm.picture(self.vm.pc.folder / "screen.ppm")
        return "\n".join(self.reader.lines(path)).replace("\u2019", "'")

    def keep(self, name: str) -> Path:
        """Keep a picture for people to look at."""
        self.pictures += 1
        kept = self.vm.pc.folder / f"{self.pictures:02}-{name}.png"
        with Image.open(self.vm.picture(self.vm.pc.folder / "screen.ppm")) as picture:
            picture.save(kept)
        return kept

    def wait_until(
        self, holds: Callable[[str], bool], what: str, timeout_s: float, pause_s: float = 1.0
    ) -> str:
        end = time.monotonic() + timeout_s
        while True:
            text = self.text()
            if holds(text):
                return text
            if self.vm.process.poll() is not None:
                raise ScreenTimeoutError(f"the PC went off while waiting for {what}")
            if time.monotonic() > end:
                kept = self.keep("timeout")
                raise ScreenTimeoutError(
                    f"no {what} within {timeout_s:.0f} s; picture {kept};"
                    f" processor: {self.vm.processor_stands()}; screen:\n{text.strip()}"
                )
            time.sleep(pause_s)

    def wait_for(self, words: str, timeout_s: float) -> str:
        """Wait until these words stand on the screen; returns the whole screen."""
        return self.wait_until(lambda text: words in text, f"“{words}”", timeout_s)

    def type(self, text: str) -> None:
        types(self.vm, text)


# Where a keyboard's characters lie: the US key's name for QEMU, where it is another one.
AZERTY = {"a": "q", "q": "a", "z": "w", "w": "z", "m": "semicolon", " ": "spc", "-": "6"}
BEPO = {
    **dict(zip("bpovdljauiectsryxkq", "qeruiopasdfhjklxcbm", strict=True)),
    **{"n": "semicolon", "m": "apostrophe", "g": "comma", "h": "dot", "f": "slash"},
    **{" ": "spc", "-": "8"},
}


# Of a French keyboard: what stands in an address.
_OF_AN_ADDRESS = {":": ("dot",), "/": ("shift", "dot"), ".": ("shift", "comma")}


def types(vm: Vm, text: str, keyboard: dict[str, str] = AZERTY) -> None:
    """On a screen that is read or not."""
    for character in text:
        vm.press(*keys(character, keyboard))


def keys(character: str, keyboard: dict[str, str] = AZERTY) -> tuple[str, ...]:
    """The physical keys for a letter, a digit, a space or a hyphen; in French, for an address."""
    if keyboard is AZERTY and character in _OF_AN_ADDRESS:
        return _OF_AN_ADDRESS[character]
    if character.isdigit():
        return ("shift", character)
    lower = character.lower()
    key = keyboard.get(lower, lower)
    return ("shift", key) if character.isupper() else (key,)
