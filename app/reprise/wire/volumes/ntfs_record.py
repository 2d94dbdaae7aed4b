"""NTFS's file records and their attributes, as bytes (after the documentation of the Linux-NTFS
project and ntfs-3g's layout.h)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from reprise.wire.volumes.reading import little

_STRIDE = 512  # of the update sequence, whatever the sectors are
_END = 0xFFFFFFFF
_IN_USE = 1
_UNREADABLE = 0x4000 | 0x00FF  # encrypted, compressed
_MOST_RUNS = 100_000  # of one attribute; a record has no room for as many


@dataclass(frozen=True, slots=True)
class Run:
    """Clusters in one piece; `lcn` None: a hole, which reads as zeros."""

    vcn: int
    count: int
    lcn: int | None


@dataclass(frozen=True, slots=True)
class Attribute:
    """`value`: of a resident one; else its clusters are `runs`, from `vcn` on. `size_bytes`: of the
    whole stream, told by the piece that begins it."""

    kind: int
    name: str
    value: bytes | None
    vcn: int = 0
    runs: tuple[Run, ...] = ()
    size_bytes: int = 0


def mended(block: bytes, magic: bytes) -> bytes:
    """A record or index block with its update sequence undone. Raises ValueError where it is none,
    or was torn while it was written."""
    if block[:4] != magic:
        raise ValueError(f"NTFS: {magic!r} expected")
    at, count = little(block, 4, 2), little(block, 6, 2)
    if count != len(block) // _STRIDE + 1:
        raise ValueError("NTFS: an update sequence of another length")
    data = bytearray(block)
    number = block[at : at + 2]
    for stride in range(1, count):
        end, own = stride * _STRIDE - 2, block[at + stride * 2 : at + stride * 2 + 2]
        if data[end : end + 2] != number or len(own) != 2:
            raise ValueError("NTFS: a torn block")
        data[end : end + 2] = own
    return bytes(data)


def attributes(record: bytes) -> Iterator[Attribute]:
    """Of a record in use. Raises ValueError; compressed and encrypted ones are left out."""
    if not little(record, 0x16, 2) & _IN_USE:
        raise ValueError("NTFS: a record that is not in use")
    at = little(record, 0x14, 2)
    while little(record, at, 4) != _END:
        length = little(record, at + 4, 4)
        if length < 24 or at + length > len(record):
            raise ValueError("NTFS: an attribute of a wrong length")
        data = record[at : at + length]
        if not little(data, 0x0C, 2) & _UNREADABLE:
            yield _attribute(data)
        at += length


def _attribute(data: bytes) -> Attribute:
    kind, letters, at = little(data, 0, 4), little(data, 9, 1), little(data, 0x0A, 2)
    name = data[at : at + letters * 2].decode("utf-16-le", "replace")
    if little(data, 8, 1) == 0:
        start, length = little(data, 0x14, 2), little(data, 0x10, 4)
        if start + length > len(data):
            raise ValueError("NTFS: a value outside of its attribute")
        return Attribute(kind, name, data[start : start + length], size_bytes=length)
    first = little(data, 0x10, 8)
    runs = tuple(_runs(data[little(data, 0x20, 2) :], first))
    size = little(data, 0x30, 8) if first == 0 else 0
    return Attribute(kind, name, None, first, runs, size)


def _runs(data: bytes, vcn: int) -> Iterator[Run]:
    at, lcn = 0, 0
    for _run in range(_MOST_RUNS):
        head = little(data, at, 1)
        if head == 0:
            return
        lengths, offsets = head & 15, head >> 4
        count = little(data, at + 1, lengths)
        if not 0 < lengths <= 8 or offsets > 8 or not 0 < count < 1 << 56:
            raise ValueError("NTFS: a wrong run")
        place = None
        if offsets:
            little(data, at + 1 + lengths, offsets)  # it must be there
            step = data[at + 1 + lengths : at + 1 + lengths + offsets]
            lcn = place = lcn + int.from_bytes(step, "little", signed=True)
            if lcn < 0:
                raise ValueError("NTFS: a run before the volume")
        yield Run(vcn, count, place)
        vcn += count
        at += 1 + lengths + offsets
