"""An NTFS volume: its records, its folders, the streams of its files, and how full it is."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence

from reprise.wire.volumes.ntfs_record import Attribute, Run, attributes, mended
from reprise.wire.volumes.reading import MOST_AT_ONCE, Read, little, power_of_two
from reprise.wire.volumes.superblocks import bits_set

_LIST, _DATA, _INDEX_ROOT, _INDEX_BLOCKS = 0x20, 0x80, 0x90, 0xA0
_INDEX = "$I30"
_BITMAP, _ROOT = 6, 5  # records that are always there
_NUMBER = (1 << 48) - 1  # of a reference; above it the sequence number
_MOST_RECORDS = 1024  # of one file
_MOST_RUNS = 200_000  # of one file
_DEEPEST = 32
_HAS_CHILD, _IS_LAST = 1, 2


class Stream:
    """What a file holds, by its runs."""

    def __init__(
        self, read: Read, cluster_bytes: int, runs: Sequence[Run], size_bytes: int
    ) -> None:
        self._read, self._cluster, self._runs = read, cluster_bytes, runs
        self._starts = [run.vcn for run in runs]
        self.size_bytes = size_bytes

    def __call__(self, offset: int, length: int, /) -> bytes:
        """Exactly so many bytes, a mebibyte at most: a hole costs its maker nothing. Raises
        ValueError outside of the stream."""
        if length > MOST_AT_ONCE:
            raise ValueError("more at once than is fit")
        if offset < 0 or length < 0 or offset + length > self.size_bytes:
            raise ValueError("NTFS: a place outside of the file")
        self._read(0, 0)  # a value or a hole reads nothing of the drive, but takes time
        data = b"".join(self._parts(offset, offset + length))
        if len(data) != length:
            raise ValueError("NTFS: a file with missing pieces")
        return data

    def _parts(self, offset: int, end: int) -> Iterator[bytes]:
        at = max(bisect_right(self._starts, offset // self._cluster) - 1, 0)
        for run in self._runs[at:]:
            if run.vcn * self._cluster >= end:
                break
            first = run.vcn * self._cluster
            after = first + run.count * self._cluster
            start, stop = max(offset, first), min(end, after)
            if start >= stop:
                continue
            if run.lcn is None:
                yield bytes(stop - start)
            else:
                yield self._read(run.lcn * self._cluster + start - first, stop - start)


class Ntfs:
    """Raises ValueError where it is none."""

    def __init__(self, read: Read) -> None:
        boot = read(0, 512)
        if boot[3:11] != b"NTFS    ":
            raise ValueError("no NTFS")
        self._read = read
        sector = power_of_two(little(boot, 0x0B, 2), 256, 4096)
        each = little(boot, 0x0D, 1)
        each = each if each <= 0x80 else 1 << (256 - each)
        self.cluster_bytes = power_of_two(sector * each, 512, 2 << 20)
        self._clusters = little(boot, 0x28, 8) // each
        told = int.from_bytes(boot[0x40:0x41], "little", signed=True)
        size = told * self.cluster_bytes if told > 0 else 1 << min(-told, 16)
        self._record_bytes = power_of_two(size, 512, 1 << 16)
        at = little(boot, 0x30, 8) * self.cluster_bytes
        first = list(attributes(mended(read(at, self._record_bytes), b"FILE")))
        self._mft = self._joined([attr for attr in first if attr.kind == _DATA and not attr.name])
        self._mft = self.stream(0)  # with the pieces that other records tell

    def used_bytes(self) -> int:
        return bits_set(self.stream(_BITMAP), 0, self._clusters) * self.cluster_bytes

    def find(self, *path: str) -> int | None:
        """The record of a file or folder; capitals do not count. Names of ASCII letters only."""
        number: int | None = _ROOT
        for name in path:
            number = None if number is None else self._child(number, _collated(name))
        return number

    def stream(self, number: int, kind: int = _DATA, name: str = "") -> Stream:
        """Raises ValueError where the record has none that can be read."""
        pieces = [
            attr for attr in self._all_attributes(number) if (attr.kind, attr.name) == (kind, name)
        ]
        return self._joined(pieces)

    def _joined(self, found: Sequence[Attribute]) -> Stream:
        pieces = sorted(found, key=lambda attr: attr.vcn)
        if not pieces or pieces[0].vcn != 0:
            raise ValueError("NTFS: no such stream")
        value = pieces[0].value
        if value is not None:
            return _Value(self._read, value)
        runs = [run for attr in pieces for run in attr.runs]
        return Stream(self._read, self.cluster_bytes, runs, pieces[0].size_bytes)

    def _record(self, number: int) -> list[Attribute]:
        size = self._record_bytes
        return list(attributes(mended(self._mft(number * size, size), b"FILE")))

    def _all_attributes(self, number: int) -> Iterator[Attribute]:
        """With those that did not fit into its own record."""
        own = self._record(number)
        lists = [attr for attr in own if attr.kind == _LIST]
        if not lists:
            yield from own
            return
        stream = self._joined(lists)
        listed = stream(0, min(stream.size_bytes, 1 << 18))
        runs = 0
        for other in list(dict.fromkeys(_listed(listed)))[:_MOST_RECORDS]:
            batch = own if other == number else self._record(other)
            runs += sum(len(attr.runs) for attr in batch)
            if runs > _MOST_RUNS:
                raise ValueError("NTFS: a file of too many pieces")
            yield from batch

    def _child(self, folder: int, name: bytes) -> int | None:
        if not any(attr.kind == _INDEX_ROOT for attr in self._all_attributes(folder)):
            return None  # a file
        root = self.stream(folder, _INDEX_ROOT, _INDEX)
        head = root(0, root.size_bytes)
        size = power_of_two(little(head, 8, 4), 512, 1 << 16)
        unit = self.cluster_bytes if self.cluster_bytes <= size else 512
        node = head[16:]
        for _level in range(_DEEPEST):
            number, child = _looked_up(node, name)
            if child is None:
                return number
            block = self.stream(folder, _INDEX_BLOCKS, _INDEX)(child * unit, size)
            node = mended(block, b"INDX")[24:]
        raise ValueError("NTFS: an index without an end")


class _Value(Stream):
    """A file that lies in its record."""

    def __init__(self, read: Read, value: bytes) -> None:
        super().__init__(read, 1, (), len(value))
        self._value = value

    def _parts(self, offset: int, end: int) -> Iterator[bytes]:
        yield self._value[offset:end]


def _listed(entries: bytes) -> Iterator[int]:
    """The records that an attribute list names."""
    at = 0
    while at + 24 <= len(entries):
        length = little(entries, at + 4, 2)
        if length < 24:
            raise ValueError("NTFS: an attribute list without an end")
        yield little(entries, at + 16, 8) & _NUMBER
        at += length


def _collated(name: str) -> bytes:
    """Names compare by their capitals; big-endian, so that bytes compare as letters do. Only
    ASCII letters are raised: what we look for has no others."""
    raised = "".join(letter.upper() if letter.isascii() else letter for letter in name)
    return raised.encode("utf-16-be", "surrogatepass")


def _looked_up(node: bytes, name: bytes) -> tuple[int | None, int | None]:
    """Where `name` is (its record), or in which block it may be; both None: it is not there."""
    at, end = little(node, 0, 4), min(little(node, 4, 4), len(node))
    while at < end:
        length, flags = little(node, at + 8, 2), little(node, at + 12, 2)
        if length < 16 or at + length > end:
            break
        entry = node[at : at + length]
        key = b"" if flags & _IS_LAST else _key(entry)
        if not flags & _IS_LAST and key == name:
            return little(entry, 0, 8) & _NUMBER, None
        if flags & _IS_LAST or name < key:
            return None, little(entry, length - 8, 8) if flags & _HAS_CHILD else None
        at += length
    raise ValueError("NTFS: an index that breaks off")


def _key(entry: bytes) -> bytes:
    """The name in an index entry ($FILE_NAME begins at 16), as _collated gives it."""
    letters = little(entry, 0x50, 1)
    return _collated(entry[0x52 : 0x52 + letters * 2].decode("utf-16-le", "surrogatepass"))
