"""Whether a FAT or an exFAT holds our files: its folders read to their end, and damaged ones."""

from __future__ import annotations

import contextlib
import random
import time
from pathlib import Path

import pytest

from reprise.wire.volumes.fat import has_file
from station_kit.volume_images import MIB, run
from unit.adapters.hardware.our_volumes import SIGN, STARTING, exfat_of, fat, linux, volume
from unit.adapters.hardware.volume_kit import read_of

pytestmark = pytest.mark.processes


def has(path: Path, kind: str) -> bool:
    return has_file(read_of(path.read_bytes()), linux(kind), *SIGN)


@pytest.mark.parametrize("kind", STARTING)
@pytest.mark.parametrize(
    ("names", "found"),
    [
        ((), False),
        (("reprise/image-id",), True),
        (("boot.cat", "reprise/policy.toml", "reprise/image-id"), True),
        (("REPRISE/IMAGE-ID",), True),
        (("reprise/letters.odt",), False),  # a French word, and a folder of anybody's
        (("reprise",), False),
        (("image-id",), False),
        (("reprise2/image-id",), False),
        (("reprise/image-id.txt",), False),
    ],
    ids=str,
)
def test_it_is_known_by_its_build_s_number(
    tmp_path: Path, kind: str, names: tuple[str, ...], found: bool
) -> None:
    assert has(volume(tmp_path / "disk", kind, *names), kind) is found


@pytest.mark.parametrize("chained", [True, False])
@pytest.mark.parametrize("last", [("reprise/image-id",), ()])
def test_a_long_folder_of_exfat_is_read_to_its_end(
    tmp_path: Path, chained: bool, last: tuple[str, ...]
) -> None:
    names = (f"reprise/a file with a long name {number}" for number in range(150))
    image = exfat_of(tmp_path / "disk", "boot.cat", *names, *last, chained=chained)
    assert "clean" in run("fsck.exfat", "-n", image)
    assert has(image, "exFAT") is bool(last)


@pytest.mark.parametrize("kind", ["FAT16", "FAT32"])
def test_a_long_folder_is_read_to_its_end(tmp_path: Path, kind: str) -> None:
    """Over several clusters, with long names and with files that were deleted."""
    files = [f"reprise/a file with a long name {number}" for number in range(150)]
    image = fat(tmp_path / "disk", kind, *files)
    run("mdel", "-i", image, "::reprise/a file with a long name 1*")
    assert not has(image, kind)
    for number in range(20):
        run("mcopy", "-i", image, "-", f"::reprise/another long name {number}", input=b"")
    run("mcopy", "-i", image, "-", "::reprise/image-id", input=b"")
    assert has(image, kind)


@pytest.mark.parametrize("names", [(), ("reprise/image-id",)])
def test_a_label_is_no_folder(tmp_path: Path, names: tuple[str, ...]) -> None:
    image = fat(tmp_path / "disk", "FAT32")
    run("mlabel", "-i", image, "::REPRISE")
    for name in names:
        run("mmd", "-i", image, "::reprise")
        run("mcopy", "-i", image, "-", f"::{name}", input=b"")
    assert has(image, "FAT32") is bool(names)


def test_it_is_found_far_behind(tmp_path: Path) -> None:
    """Its folder's cluster has a number of more than 16 bits."""
    image = fat(tmp_path / "disk", "FAT32")
    run("mcopy", "-i", image, "-", "::photos", input=bytes(40 * MIB))
    run("mmd", "-i", image, "::reprise")
    run("mcopy", "-i", image, "-", "::reprise/image-id", input=b"")
    assert has(image, "FAT32")


def test_the_four_highest_bits_of_fat32_say_nothing(tmp_path: Path) -> None:
    """fatgen103, "FAT Data Structure": they are reserved."""
    names = [f"reprise/a file with a long name {number}" for number in range(30)]
    image = fat(tmp_path / "disk", "FAT32", *names, "reprise/image-id")
    data = bytearray(image.read_bytes())
    table = int.from_bytes(data[14:16], "little") * 512
    for entry in range(2, 200):
        data[table + entry * 4 + 3] |= 0xA0
    assert has_file(read_of(bytes(data)), "vfat", *SIGN)


def test_a_file_is_no_folder_whatever_it_holds(tmp_path: Path) -> None:
    image = fat(tmp_path / "disk", "FAT16")
    run("mcopy", "-i", image, "-", "::reprise", input=b"IMAGE-ID   \x20".ljust(64, b"\0"))
    assert not has(image, "FAT16")


def test_a_floppy_s_fat_is_left_alone(tmp_path: Path) -> None:
    assert not has(fat(tmp_path / "disk", "FAT12", "reprise/image-id"), "FAT12")


@pytest.mark.parametrize("kind", STARTING)
def test_of_a_damaged_one_nothing_but_value_errors_come(tmp_path: Path, kind: str) -> None:
    """Bytes of what is read are changed."""
    image = volume(tmp_path / "disk", kind, "boot.cat", "reprise/policy.toml", "reprise/image-id")
    whole, spans = image.read_bytes(), list[tuple[int, int]]()

    def noting(offset: int, length: int, /) -> bytes:
        spans.append((offset, length))
        return whole[offset : offset + length]

    assert has_file(noting, linux(kind), *SIGN)
    for seed in range(300):
        chance, changes = random.Random(seed), dict[int, int]()  # noqa: S311
        for _change in range(chance.randrange(1, 30)):
            offset, length = chance.choice(spans)
            byte = chance.choice((0, 1, 0x7F, 0x80, 0xFF, chance.randrange(256)))
            changes[offset + chance.randrange(min(length, 300))] = byte

        def damaged(offset: int, length: int, /, changes: dict[int, int] = changes) -> bytes:
            data = bytearray(whole[offset : offset + length])
            if len(data) < length:
                raise ValueError("outside")
            for at, byte in changes.items():
                if offset <= at < offset + length:
                    data[at - offset] = byte
            return bytes(data)

        with contextlib.suppress(ValueError):
            has_file(damaged, linux(kind), *SIGN)


def test_a_folder_that_ends_amid_an_entry(tmp_path: Path) -> None:
    image = exfat_of(tmp_path / "disk", "reprise/boot.cat")
    data = bytearray(image.read_bytes())
    at = data.index("reprise".encode("utf-16-le")) - 34  # its stream
    data[at + 1] = 3  # in one piece
    data[at + 24 : at + 32] = (97).to_bytes(8, "little")
    data[data.index("boot.cat".encode("utf-16-le")) + 30] = 0x85
    assert has_file(read_of(bytes(data)), "exfat", *SIGN) is False


def test_a_circle_ends(tmp_path: Path) -> None:
    image = fat(tmp_path / "disk", "FAT32", *(f"reprise/{number}" for number in range(20)))
    data = bytearray(image.read_bytes())
    table = int.from_bytes(data[14:16], "little") * 512
    for entry in range(2, 60):  # each goes on with itself
        data[table + entry * 4 : table + entry * 4 + 4] = entry.to_bytes(4, "little")
    began = time.monotonic()
    with pytest.raises(ValueError, match="larger than fit"):
        has_file(read_of(bytes(data)), "vfat", *SIGN)
    assert time.monotonic() - began < 5


ENDS = [0xFFFFFFFF, 0x0FFFFFFF, 0x0FFFFFF8]


@pytest.mark.parametrize("end", ENDS, ids=hex)
@pytest.mark.parametrize(("kind", "at"), [("FAT32", 44), ("exFAT", 96)])
def test_a_root_that_begins_with_an_end_is_damaged(
    tmp_path: Path, kind: str, at: int, end: int
) -> None:
    data = bytearray(volume(tmp_path / "disk", kind, "reprise/image-id").read_bytes())
    data[at : at + 4] = end.to_bytes(4, "little")
    with pytest.raises(ValueError, match="no cluster"):
        has_file(read_of(bytes(data)), linux(kind), *SIGN)


@pytest.mark.parametrize("end", ENDS, ids=hex)
@pytest.mark.parametrize("kind", STARTING)
def test_so_is_a_folder_that_does(tmp_path: Path, kind: str, end: int) -> None:
    data = bytearray(volume(tmp_path / "disk", kind, "reprise/image-id").read_bytes())
    number = end.to_bytes(4, "little")
    if kind == "exFAT":
        stream = data.index("reprise".encode("utf-16-le")) - 34
        data[stream + 1] &= ~2  # not in one piece
        data[stream + 20 : stream + 24] = number
    else:
        entry = data.index(b"REPRISE    \x10")
        data[entry + 26 : entry + 28] = number[:2]
        if kind == "FAT32":
            data[entry + 20 : entry + 22] = number[2:]
    with pytest.raises(ValueError, match="no cluster"):
        has_file(read_of(bytes(data)), linux(kind), *SIGN)
