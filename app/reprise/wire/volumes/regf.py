"""A hive of Windows's registry: the values of one key (after msuhanov's "Windows registry file
format specification"). Its transaction logs are not replayed: the names asked for here do not
change from day to day."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from reprise.wire.volumes.reading import Read, little

_FIRST_BIN = 4096
_MOST_CELL = 1 << 20
_MOST_VALUES = 1000
_MOST_NAME = 256
_MOST_DATA = 1024  # bytes of a value: longer ones are of no use here
_MOST_STEPS = 20_000  # cells read and entries of lists: Windows's own way here takes some hundreds
_DEEPEST = 4  # of lists of subkeys; real ones have two
_ASCII_KEY, _ASCII_VALUE = 0x20, 1
_TEXTS, _NUMBER = (1, 2), 4  # REG_SZ, REG_EXPAND_SZ; REG_DWORD
_INLINE = 1 << 31


class Hive:
    """Raises ValueError where it is none."""

    def __init__(self, read: Read) -> None:
        head = read(0, 512)
        if head[:4] != b"regf":
            raise ValueError("no registry hive")
        self._read = read
        self._left = _MOST_STEPS
        self._root = little(head, 0x24, 4)

    def values(self, *path: str) -> Mapping[str, str]:
        """Texts and numbers of the key at `path`, by name. Raises ValueError where none is."""
        place = self._root
        for name in path:
            place = self._subkey(place, name)
        key = self._cell(place, b"nk")
        count = min(little(key, 0x24, 4), _MOST_VALUES)
        places = self._cell(little(key, 0x28, 4)) if count else b""
        pairs = (self._value(little(places, at * 4, 4)) for at in range(count))
        return {name: text for name, text in pairs if text is not None}

    def _take(self, steps: int) -> None:
        """Lists may name each other: some kilobytes of them have billions of ways."""
        self._left -= steps
        if self._left < 0:
            raise ValueError("registry: more to look through than is fit")

    def _cell(self, place: int, magic: bytes = b"") -> bytes:
        self._take(1)
        at = _FIRST_BIN + place
        size = -int.from_bytes(self._read(at, 4), "little", signed=True)
        if not 8 <= size <= _MOST_CELL:
            raise ValueError("registry: a cell that is free or too large")
        cell = self._read(at + 4, size - 4)
        if not cell.startswith(magic):
            raise ValueError(f"registry: {magic!r} expected")
        return cell

    def _subkey(self, place: int, name: str) -> int:
        key = self._cell(place, b"nk")
        if little(key, 0x14, 4) == 0:
            raise ValueError(f"registry: no key {name!r}")
        for child in self._candidates(little(key, 0x1C, 4), name, _DEEPEST):
            cell = self._cell(child, b"nk")
            length, is_ascii = little(cell, 0x48, 2), little(cell, 2, 2) & _ASCII_KEY
            if _text(cell[0x4C : 0x4C + length], is_ascii).casefold() == name.casefold():
                return child
        raise ValueError(f"registry: no key {name!r}")

    def _candidates(self, place: int, name: str, depth: int) -> Iterator[int]:
        """Subkeys that may have this name: lists tell a hash, so that few are read."""
        if depth == 0:
            raise ValueError("registry: lists without an end")
        lists = self._cell(place)
        kind, count = lists[:2], little(lists, 2, 2)
        self._take(count)
        if kind == b"ri":
            for at in range(count):
                yield from self._candidates(little(lists, 4 + at * 4, 4), name, depth - 1)
        elif kind == b"li":
            yield from (little(lists, 4 + at * 4, 4) for at in range(count))
        elif kind in (b"lf", b"lh"):
            for at in range(count):
                told = little(lists, 8 + at * 8, 4)
                if kind == b"lf" or told == _hash(name):
                    yield little(lists, 4 + at * 8, 4)
        else:
            raise ValueError("registry: an unknown list of subkeys")

    def _value(self, place: int) -> tuple[str, str | None]:
        cell = self._cell(place, b"vk")
        length, kind = little(cell, 2, 2), little(cell, 0x0C, 4)
        name = _text(cell[0x14 : 0x14 + length], little(cell, 0x10, 2) & _ASCII_VALUE)
        size, at = little(cell, 4, 4), _FIRST_BIN + little(cell, 8, 4) + 4
        is_long = length > _MOST_NAME or size & ~_INLINE > _MOST_DATA
        if is_long or kind not in (*_TEXTS, _NUMBER):
            return "", None
        data = cell[8:12][: size & ~_INLINE] if size & _INLINE else self._read(at, size)
        return name, str(little(data, 0, 4)) if kind == _NUMBER else _text(data, is_ascii=0)


def _text(data: bytes, is_ascii: int) -> str:
    text = data.decode("latin-1" if is_ascii else "utf-16-le", "replace")
    return text.partition("\0")[0]


def _hash(name: str) -> int:
    """Of a hash leaf (lh)."""
    hashed = 0
    for letter in name.upper():
        hashed = (hashed * 37 + ord(letter)) & 0xFFFFFFFF
    return hashed
