"""Small texts and names: what each reader takes, and what it refuses to guess."""

from __future__ import annotations

import pytest

from captures.smartctl_text import grouped_int
from reprise.domain.pc.placeholders import is_placeholder
from reprise.tools.blkid import parse_blkid
from reprise.tools.dmidecode import iso_date
from reprise.tools.edid import parse_edid_model
from reprise.tools.lines import first_int, plain_int
from reprise.tools.proc import parse_cpuinfo, parse_mem_total, parse_mountinfo, parse_swaps
from reprise.tools.wwn import canonical_wwn


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("05/09/2011", "2011-05-09"),
        ("06/27/07", "2007-06-27"),  # Apple
        ("06/27/99", "1999-06-27"),
        ("13/01/2011", None),  # no month 13: not read the other way round
        ("00/00/0000", None),
        ("2011-05-09", "2011-05-09"),
        ("2021/01/13", "2021-01-13"),
        ("04.20.2021", "2021-04-20"),
        ("03/14/2011 13:49", "2011-03-14"),
        ("04/19/24 12:53:59", "2024-04-19"),
        ("Aug 23 2023", "2023-08-23"),
        ("May  5 2020 13:07:24", "2020-05-05"),
        ("02/31/2011", None),
        ("11/14/0792", None),
        ("11/12/20092", None),
        ("", None),
    ],
)
def test_bios_dates(text: str, expected: str | None) -> None:
    assert iso_date(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "To Be Filled By O.E.M.",
        "To be filled by O.E.M.",
        "System manufacturer",
        "System Product Name",
        "Default string",
        "Not Specified",
        "--",
        "...",
        "   ",
        "0000000000000000",
        "FFFFFFFF",
        "N/A",
        "System SKU#",
        "<BAD INDEX>",
        "$(DEFAULT_STRING)",
        "ITo be filled",
        "Type2 - Board Serial Number",
        "Type1ProductConfigId",
        "TBD",
        "Manufacturer0",
        "A1_Manufacturer2",
        "Array1_PartNumber0",
        "ModulePartNumber03",
        "PartNum0",
        "SerNum1",
        "Mfg 1",
        "ABCD",
        "123456789012345678",
        "0123456789ABCDEF",
        "0x0000",
        "[Empty]",
        "Unknown (0)",
        "Type1 - TBD by OEM",
        "Type2 - Board Vendor Name1",
        "Board Version",
        "Unknown ID:0x9B05",
        "All Series",
    ],
)
def test_fillers_are_no_facts(text: str) -> None:
    assert is_placeholder(text)


@pytest.mark.parametrize(
    "text",
    [
        *("Dell Inc.", "F5Z", "0Y56T3", "Surface Go", "1.0", "208", "X", "0", "ABC", "8HBL12"),
        *("MS-7817", "Array Networks", "Type 4", "Boardtech 2", "CE00000000000000", "859B", "1235"),
        *("Version 1.22", "System76", "Module 5", "Chassis X", "Serialized", "M471B5173QH0-YK0"),
    ],
)
def test_short_facts_are_facts(text: str) -> None:
    assert not is_placeholder(text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("0x50014ee2b1234567", "0x50014ee2b1234567"),
        ("naa.50014EE2B1234567", "0x50014ee2b1234567"),
        ("eui.00a0750112345678", "eui.00a0750112345678"),
        ("eui.0025385b71b09c8e0025385b71b09c8e", "eui.0025385b71b09c8e0025385b71b09c8e"),
        ("uuid.01234567-89ab-cdef-0123-456789abcdef", "uuid.01234567-89ab-cdef-0123-456789abcdef"),
        ("0x0000000000000000", None),
        ("eui.0000000000000000", None),
        ("uuid.00000000-0000-0000-0000-000000000000", None),
        ("nvme.1b36-4e564d45313233-51454d55-00000001", None),
        ("t10.ATA     QEMU HARDDISK", None),
        ("5 5cd2e4 ...", None),
        ("", None),
        (None, None),
    ],
)
def test_one_spelling_of_world_wide_names(text: str | None, expected: str | None) -> None:
    assert canonical_wwn(text) == expected


def test_numbers() -> None:
    for text in ("500,107,862,016", "500 107 862 016", "500\u202f107\u202f862\u202f016"):
        assert grouped_int(text) == 500107862016
    assert grouped_int("") is None
    assert grouped_int("12x") is None
    assert plain_int("²") is None, "a digit to Python, not to us"
    assert plain_int("-1") is None
    assert first_int("36 (Min/Max 15/41)") == 36
    assert first_int("0x24") is None
    assert first_int("21655h+26m") is None


def test_blkid_export() -> None:
    facts = parse_blkid("DEVNAME=/dev/sda1\nLABEL=donor\\ data\nTYPE=ext4\nPART_ENTRY_NAME=a=b\n")
    assert (facts.label, facts.fs_type, facts.part_label) == ("donor data", "ext4", "a=b")
    assert parse_blkid("") == parse_blkid("nothing here")


def test_mountinfo_names_spaces_and_optional_fields() -> None:
    text = (
        "36 35 98:0 /mnt1 /mnt/two\\040words rw,noatime master:1 shared:2 - ext3 /dev/sda1 rw\n"
        "37 35 0:44 / /plain rw - tmpfs tmpfs rw\n"
        "half a line\n"
    )
    first, second = parse_mountinfo(text)
    assert (first.devno, first.point, first.source) == ("98:0", "/mnt/two words", "/dev/sda1")
    assert (second.devno, second.fs_type) == ("0:44", "tmpfs")
    assert parse_swaps("Filename Type\n/swap\\040file file 1 0 -2\n") == ("/swap file",)


def test_processor_and_memory() -> None:
    entry = "processor\t: {n}\nmodel name\t: A  CPU\nphysical id\t: 0\ncore id\t\t: {core}\n\n"
    text = "".join(entry.format(n=n, core=n // 2) for n in range(4))
    cpu = parse_cpuinfo(text, "x86_64")
    assert (cpu.model, cpu.cores, cpu.threads) == ("A CPU", 2, 4)
    assert parse_cpuinfo("", "x86_64").threads is None
    assert parse_mem_total("MemTotal:       24684092 kB\n") == 24684092 * 1024
    assert parse_mem_total("MemFree: 1 kB\n") is None


def edid(*texts: tuple[int, bytes]) -> bytes:
    """A first block with valid sum: maker DEL, product 4077."""
    block = bytearray(bytes.fromhex("00ffffffffffff00") + b"\x10\xac\x77\x40" + bytes(115))
    for place, (tag, text) in zip((54, 72), texts, strict=False):
        block[place : place + 18] = bytes([0, 0, 0, tag, 0]) + text.ljust(13, b" ")[:13]
    return bytes(block) + bytes([-sum(block) % 256])


def test_display_names() -> None:
    assert parse_edid_model(edid((0xFC, b"U2412M\n"))) == "DEL U2412M"
    assert parse_edid_model(edid((0xFE, b"LP156WH2\n"))) == "DEL LP156WH2"
    assert parse_edid_model(edid()) == "DEL 4077"
    assert parse_edid_model(edid((0xFC, b"Color LCD\n"))) == "DEL Color LCD"


def test_a_panel_that_says_its_maker_once_more() -> None:
    """Its model stands in the next text, or is the product's number."""
    assert parse_edid_model(edid((0xFE, b"DEL\n"), (0xFE, b"B156XW02 V3\n"))) == "DEL B156XW02 V3"
    assert parse_edid_model(edid((0xFC, b"DEL\n"))) == "DEL 4077"
    assert parse_edid_model(edid((0xFE, b"LG Display\n"))) == "DEL 4077"
    assert parse_edid_model(edid((0xFE, b"\xf8\xd3\x11\n"))) == "DEL 4077"


def test_a_display_whose_text_is_damaged() -> None:
    damaged = bytearray(edid((0xFC, b"U2412M\n")))
    damaged[60] ^= 1
    assert parse_edid_model(bytes(damaged)) is None
    assert parse_edid_model(b"") is None
