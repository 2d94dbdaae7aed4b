"""How the parsers get at their bytes, and small readers of numbers."""

from __future__ import annotations

from typing import Protocol

MOST_AT_ONCE = 1 << 20  # bytes


class Read(Protocol):
    """Reads one partition (or a file on it)."""

    def __call__(self, offset: int, length: int, /) -> bytes:
        """Exactly `length` bytes, MOST_AT_ONCE or fewer. Raises ValueError outside of what is there
        or may be read, OSError where the drive does not give them. Of no bytes it tells alone
        whether there is time for more."""
        ...


def little(data: bytes, at: int, length: int) -> int:
    """An unsigned little-endian number. Raises ValueError where `data` ends before it does."""
    return int.from_bytes(_field(data, at, length), "little")


def big(data: bytes, at: int, length: int) -> int:
    """The same, big-endian."""
    return int.from_bytes(_field(data, at, length), "big")


def _field(data: bytes, at: int, length: int) -> bytes:
    if at < 0 or at + length > len(data):
        raise ValueError(f"a field at {at} lies outside of {len(data)} bytes")
    return data[at : at + length]


def power_of_two(value: int, least: int, most: int) -> int:
    """`value`. Raises ValueError where it is none between the two."""
    if not least <= value <= most or value & (value - 1):
        raise ValueError(f"{value} is no power of two from {least} to {most}")
    return value


def used_of(total: int, free: int, unit_bytes: int) -> int:
    """What is taken, in bytes. Raises ValueError where more is free than there is."""
    if not 0 <= free <= total:
        raise ValueError(f"{free} of {total} are free")
    return (total - free) * unit_bytes
