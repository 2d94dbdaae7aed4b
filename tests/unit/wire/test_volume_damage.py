"""File systems that are damaged, or made by a stranger: any answer or ValueError, and soon."""

from __future__ import annotations

import contextlib
import random
import struct
import time
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reprise.wire.volumes.contents import look_inside
from reprise.wire.volumes.ext import Ext
from reprise.wire.volumes.ntfs import Ntfs, Stream
from reprise.wire.volumes.ntfs_record import Attribute, Run, attributes, mended
from reprise.wire.volumes.regf import Hive
from reprise.wire.volumes.superblocks import USED
from station_kit.hives import software_hive
from unit.adapters.hardware.volume_kit import KEY, part, read_of, recorded

KINDS = ("ntfs", "ext4", *USED)


def told(kind: str, data: bytes) -> None:
    """Any answer or ValueError, and soon: nothing else escapes."""
    began = time.monotonic()
    try:
        found = look_inside(part(kind), read_of(data))
    except ValueError:
        return
    finally:
        assert time.monotonic() - began < 10
    assert found.used_bytes is None or found.used_bytes >= 0
    assert found.system.isprintable()


@given(kind=st.sampled_from(KINDS), data=st.binary(max_size=8192))
@settings(max_examples=150, deadline=None)
def test_noise_is_never_a_file_system(kind: str, data: bytes) -> None:
    told(kind, data)
    told(kind, bytes(1024) + data + bytes(0x12000))


@pytest.mark.parametrize("seed", range(40))
@pytest.mark.parametrize(("name", "kind"), [("windows.ntfs", "ntfs"), ("linux.ext4", "ext4")])
def test_a_damaged_file_system_ends(name: str, kind: str, seed: int) -> None:
    """Bytes of what is read are changed: up to two hundred, of the tables alone."""
    chance = random.Random(seed)  # noqa: S311
    touched: list[int] = []
    whole = read_of(recorded(name))

    def noting(offset: int, length: int, /) -> bytes:
        touched.extend((offset + chance.randrange(min(length, 512)),) if length else ())
        return whole(offset, length)

    look_inside(part(kind), noting)
    data = bytearray(recorded(name))
    for at in chance.sample(touched, chance.randrange(1, min(len(touched), 200))):
        data[at] = chance.choice((0, 1, 0x7F, 0x80, 0xFF, chance.randrange(256)))
    told(kind, bytes(data))


@pytest.mark.parametrize("seed", range(60))
def test_a_damaged_hive_ends(seed: int) -> None:
    chance = random.Random(seed)  # noqa: S311
    hive = bytearray(software_hive({"CurrentBuildNumber": "19045", "InstallationType": "Client"}))
    for _change in range(chance.randrange(1, 30)):
        hive[chance.randrange(4096 + 32, 4096 + 1200)] = chance.randrange(256)
    with_error(lambda: Hive(read_of(bytes(hive))).values(*KEY))


def with_error(ask: Callable[[], object]) -> None:
    with contextlib.suppress(ValueError):
        ask()


def index_loop() -> bytes:
    """The recording, with every index entry's child pointing at the first block: a ring."""
    data = bytearray(recorded("windows.ntfs"))
    at = data.find(b"INDX")
    while at >= 0:
        struct.pack_into("<I", data, at + 24, 40)
        data[at + 24 + 40 + 12] |= 3  # the first entry: the last one, with a child
        at = data.find(b"INDX", at + 4)
    return bytes(data)


def test_an_index_that_points_at_itself_ends() -> None:
    told("ntfs", index_loop())


def test_a_tree_of_extents_that_points_at_itself_ends() -> None:
    data = bytearray(recorded("linux.ext4"))
    at = data.find(struct.pack("<H", 0xF30A))
    while at >= 0:
        struct.pack_into("<HHHI", data, at + 2, 4, 4, 1, 0)
        struct.pack_into("<III", data, at + 12, 0, 1, 0)
        at = data.find(struct.pack("<H", 0xF30A), at + 2)
    told("ext4", bytes(data))


def test_a_folder_of_entries_without_a_length_ends() -> None:
    data = bytearray(recorded("linux.ext4"))
    at = data.find(b"lost+found") - 8
    struct.pack_into("<H", data, at + 4, 0)
    volume = Ext(read_of(bytes(data)))
    with_error(lambda: volume.find("usr"))


def record(count: int = 3, **fields: int) -> bytes:
    data = bytearray(1024)
    data[:4] = b"FILE"
    struct.pack_into("<HH", data, 4, 0x30, count)
    struct.pack_into("<HH", data, 0x14, 0x38, 1)
    struct.pack_into("<II", data, 0x38, fields.get("kind", 0x80), fields.get("length", 0x48))
    data[0x38 + 8] = 1
    struct.pack_into("<H", data, 0x38 + 0x20, 0x40)
    struct.pack_into("<Q", data, 0x38 + 0x30, 1)
    data[0x38 + 0x40] = fields.get("run", 0)
    struct.pack_into("<I", data, 0x38 + 0x48, 0xFFFFFFFF)
    return bytes(data)


def test_a_record_in_order_is_read() -> None:
    assert list(attributes(mended(record(), b"FILE"))) == [Attribute(0x80, "", None, 0, (), 1)]


@pytest.mark.parametrize(
    "data",
    [
        record(count=2),
        record(length=0),
        record(length=23),
        record(length=4000),
        record(run=0x0F),
        record(run=0x11),
        b"",
    ],
)
def test_a_record_that_does_not_fit_is_refused(data: bytes) -> None:
    with pytest.raises(ValueError):
        list(attributes(mended(data, b"FILE")))


def test_a_hole_of_petabytes_takes_no_memory() -> None:
    stream = Stream(read_of(b""), 4096, (Run(0, 1 << 50, None),), 1 << 60)
    assert stream(1 << 40, 8) == bytes(8)
    with pytest.raises(ValueError, match="at once"):
        stream(0, 1 << 45)


def test_a_value_of_a_megabyte_is_not_read() -> None:
    hive = software_hive({"CurrentBuildNumber": "19045", "ProductName": "x" * 400_000})
    asked: list[int] = []
    whole = read_of(hive)

    def noting(offset: int, length: int, /) -> bytes:
        asked.append(length)
        return whole(offset, length)

    assert dict(Hive(noting).values(*KEY)) == {"CurrentBuildNumber": "19045"}
    assert max(asked) < 5000


def nested_lists(count: int, kind: bytes = b"ri") -> bytes:
    """A root whose subkeys are lists of lists of lists, each `count` times the next: `count` cubed
    steps in some kilobytes."""
    cells = bytearray(32)

    def add(content: bytes) -> int:
        at = len(cells)
        size = -(-(len(content) + 4) // 8) * 8
        cells.extend(struct.pack("<i", -size) + content.ljust(size - 4, b"\0"))
        return at

    key = bytearray(0x60)
    key[:2] = b"nk"
    struct.pack_into("<I", key, 0x14, 1)
    root = add(bytes(key))
    lists = add(kind + struct.pack("<HII", 1, root, 0x12345678))
    for _level in range(3):
        lists = add(b"ri" + struct.pack("<H", count) + struct.pack("<I", lists) * count)
    struct.pack_into("<I", cells, root + 4 + 0x1C, lists)
    head = bytearray(4096)
    head[:4] = b"regf"
    struct.pack_into("<I", head, 0x24, root)
    return bytes(head + cells)


@pytest.mark.parametrize("kind", [b"lh", b"lf", b"ri"])
def test_a_hive_of_lists_of_lists_costs_no_more_than_its_purse(kind: bytes) -> None:
    """It lies in a file's record, in memory: no read of the drive would ever look at the clock."""
    asked = 0
    whole = read_of(nested_lists(200, kind))

    def counting(offset: int, length: int, /) -> bytes:
        nonlocal asked
        asked += 1
        assert asked < 200_000, "without an end"
        return whole(offset, length)

    with pytest.raises(ValueError, match="registry"):
        Hive(counting).values(*KEY)


class OverError(Exception):
    """The drive's reader: stopped, or out of time."""


def test_a_file_in_its_record_is_read_no_longer_than_the_drive() -> None:
    """Nor a hole: both are read without the drive, and for ever where nobody looks at the clock."""
    over = False
    whole = read_of(recorded("windows.ntfs"))

    def read(offset: int, length: int, /) -> bytes:
        if over:
            raise OverError
        return whole(offset, length)

    root = Ntfs(read).stream(5, 0x90, "$I30")
    hole = Stream(read, 4096, (Run(0, 1 << 50, None),), 1 << 60)
    assert root(8, 4) and hole(0, 8) == bytes(8)
    over = True
    for stream in (root, hole):
        with pytest.raises(OverError):
            stream(0, 8)


def test_a_hive_without_hashes_and_with_many_keys_is_read() -> None:
    """Old Windows: each of a long list's keys is looked at. SOFTWARE\\Microsoft has about 200."""
    others = [f"A{number:04d}" for number in range(800)]
    values = {"CurrentBuildNumber": "2600"}
    hive = software_hive(values, others=others).replace(b"lh", b"lf")
    assert Hive(read_of(hive)).values(*KEY)["CurrentBuildNumber"] == "2600"
