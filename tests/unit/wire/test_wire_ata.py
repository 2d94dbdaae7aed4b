"""ATA commands, IDENTIFY words and registers in sense data, against bytes written out from the
standards (ACS-4, ACS-2, SAT-4)."""

from __future__ import annotations

import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reprise.domain.drives.capabilities import SanitizeState, Support
from reprise.domain.planning.techniques import Technique
from reprise.errors import ToolError
from reprise.wire import ata
from reprise.wire.ata_identify import Identify, parse_dco_sectors, parse_identify
from reprise.wire.sat import (
    AtaReturn,
    SanitizeStatus,
    parse_return,
    parse_sanitize_status,
    pass_through,
)

CRYPTO, BLOCK = Technique.ATA_SANITIZE_CRYPTO, Technique.ATA_SANITIZE_BLOCK
OVERWRITE = Technique.ATA_SANITIZE_OVERWRITE


def block(words: dict[int, int], *, signature: bool = True) -> bytes:
    values = [0] * 256
    for word, value in words.items():
        values[word] = value
    raw = struct.pack("<256H", *values)
    if not signature:
        return raw
    raw = raw[:510] + b"\xa5"
    return raw + bytes([-sum(raw) & 0xFF])


# A 500 GB hard disk: HPA, DCO, 48-bit addresses, security, sanitize overwrite.
HDD = {
    0: 0x0040,
    10: 0x4142,  # "AB"
    27: 0x5454,
    59: 1 << 12 | 1 << 14,
    60: 0xFFFF,
    61: 0x0FFF,
    82: 1 << 10 | 1 << 1,
    83: 0x4000 | 1 << 10 | 1 << 11,
    89: 0x002D,
    90: 0x8120,
    100: 0x6030,
    101: 0x3A38,
    119: 0x4000,
    128: 0x0021,
    217: 7200,
}


LAST, LAST_28 = 0x1234_5678_9ABC, 0x0ABC_DEF0


@pytest.mark.parametrize(
    ("command", "cdb"),
    [
        (ata.identify_device(), "85082e00000001 000000000000 00ec00"),
        (ata.security_erase_prepare(), "85062000000000 000000000000 00f300"),
        (ata.sanitize_device(CRYPTO), "85072000110000 437000790072 40b400"),
        (ata.sanitize_device(BLOCK), "85072000120000 42720045006b 40b400"),
        (ata.sanitize_device(OVERWRITE), "85072000140001 000057004f00 40b400"),
        (ata.sanitize_status(), "85072000000000 000000000000 40b400"),
        (ata.set_max(LAST, extended=True, kept=True), "85072000000001 56bc349a1278 403700"),
        (ata.set_max(LAST, extended=True, kept=False), "85072000000000 56bc349a1278 403700"),
        (ata.set_max(LAST_28, extended=False, kept=True), "85062000000001 00f000de00bc 4af900"),
        (ata.set_max(LAST_28, extended=False, kept=False), "85062000000000 00f000de00bc 4af900"),
        (ata.read_native_max(extended=True), "85072000000000 000000000000 402700"),
        (ata.read_native_max(extended=False), "85062000000000 000000000000 40f800"),
        (ata.get_native_max(), "85072000000000 000000000000 407800"),
        (ata.set_accessible_max(0x1234_5678_9ABC), "85072000010000 56bc349a1278 407800"),
        (ata.device_configuration_identify(), "85082e00c20001 000000000000 00b100"),
        (ata.device_configuration_restore(), "85062000c00000 000000000000 00b100"),
    ],
    ids=lambda value: value.name if isinstance(value, ata.AtaCommand) else "",
)
def test_the_cdb(command: ata.AtaCommand, cdb: str) -> None:
    made = pass_through(command)
    # SAT-4, ATA PASS-THROUGH (16): LBA (31:24) (7:0) (39:32) (15:8) (47:40) (23:16)
    assert made == bytes.fromhex(cdb)


def test_the_password_blocks() -> None:
    data = ata.security_set_password("Reprise").data
    assert data[:9] == b"\0\0Reprise"
    assert len(data) == 512
    assert not any(data[9:])
    assert ata.security_erase_unit("Reprise", enhanced=True).data[:3] == b"\x02\0R"
    assert ata.security_erase_unit("Reprise", enhanced=False).data[:3] == b"\0\0R"
    assert pass_through(ata.security_unlock("x")).hex().startswith("850a26")
    for wrong in ("", "x" * 33, "é"):
        with pytest.raises(ValueError):
            ata.security_unlock(wrong)


def test_identify_of_a_hard_disk() -> None:
    found = parse_identify(block(HDD))
    assert found.serial == "AB"
    assert found.lba48
    assert found.visible_sectors == 0x3A38_6030
    assert found.sector_bytes == 512
    assert (found.hpa, found.dco, found.amac) == (Support.YES, Support.YES, Support.NO)
    assert [found.security(bit) for bit in (0, 1, 2, 3, 4, 5, 8)] == [
        Support.YES,
        *[Support.NO] * 4,
        Support.YES,
        Support.NO,
    ]
    assert [found.sanitize(bit) for bit in (12, 13, 14, 15)] == [
        Support.YES,
        Support.NO,
        Support.YES,
        Support.NO,
    ]
    assert found.erase_minutes == 90
    assert found.erase_enhanced_minutes == 0x120 * 2
    assert found.rotational is Support.YES


def test_words_that_are_not_valid_tell_nothing() -> None:
    found = parse_identify(block(HDD | {83: 0xC400, 59: 0xFFFF, 128: 0xFFFF, 119: 0x8100}))
    assert (found.hpa, found.dco, found.amac) == (Support.UNKNOWN,) * 3
    assert found.sanitize(12) is Support.UNKNOWN
    assert found.security(2) is Support.UNKNOWN
    assert found.visible_sectors == 0x0FFF_FFFF


def test_4k_sectors() -> None:
    assert parse_identify(block(HDD | {106: 0x5000, 117: 2048})).sector_bytes == 4096


@pytest.mark.parametrize(
    "data",
    [
        b"",
        bytes(511),
        bytes(512),
        b"\xff" * 512,
        block(HDD)[:-1] + b"\0",
        block(HDD | {0: 0x8580}),
    ],
    ids=["none", "short", "zeros", "ones", "checksum", "atapi"],
)
def test_what_cannot_be_trusted_is_no_identify(data: bytes) -> None:
    with pytest.raises(ToolError):
        parse_identify(data)


def test_an_old_drive_has_no_checksum() -> None:
    assert parse_identify(block(HDD, signature=False)).lba48


@given(st.binary(min_size=512, max_size=512))
def test_garbage_with_a_wrong_checksum_never_answers(data: bytes) -> None:
    data = data[:510] + b"\xa5" + data[511:]
    if sum(data) & 0xFF:
        with pytest.raises(ToolError):
            parse_identify(data)


@given(st.binary(max_size=600))
def test_garbage_raises_nothing_but_tool_errors(data: bytes) -> None:
    for parse in (parse_identify, parse_dco_sectors):
        try:
            found = parse(data)
        except ToolError:
            continue
        if isinstance(found, Identify):
            assert isinstance(found.serial, str)
            assert found.visible_sectors is None or found.visible_sectors > 0


def test_the_size_a_drive_was_made_with() -> None:
    assert parse_dco_sectors(block({0: 2, 3: 0x602F, 4: 0x3A38})) == 0x3A38_6030
    for wrong in ({0: 2}, {0: 2, 3: 0xFFFF, 4: 0xFFFF, 5: 0xFFFF, 6: 0xFFFF}):
        with pytest.raises(ToolError):
            parse_dco_sectors(block(wrong))
    with pytest.raises(ToolError):
        parse_dco_sectors(block({0: 2, 3: 5}, signature=False))


def test_registers_in_descriptor_sense() -> None:
    sense = bytes.fromhex("7201001d0000000e090c0100800156bc349a12784050")
    found = parse_return(sense)
    assert found == AtaReturn(0x50, 0, 0x8001, 0x1234_5678_9ABC, 0x40)
    assert found.ok
    assert found.address(extended=True) == 0x1234_5678_9ABC


def test_registers_after_another_descriptor() -> None:
    tail = "090c000000ff00f000de00bc4a50"
    found = parse_return(bytes.fromhex("7201001d0000001a000a80000000000000000000" + tail))
    assert found is not None
    assert found.address(extended=False) == 0x0ABC_DEF0


def test_registers_in_fixed_sense_are_cut() -> None:
    # error 04h, status 51h, device 40h, count 00h; extended; LBA(23:0) = 000001h
    sense = bytes.fromhex("f0000b045140000a80010000000000000000")
    found = parse_return(sense)
    assert found == AtaReturn(0x51, 0x04, 0, 1, 0x40, count_upper=Support.NO)
    assert parse_sanitize_status(found).state is SanitizeState.FAILED
    upper = parse_return(sense[:8] + b"\xc0" + sense[9:])
    assert upper is not None
    assert not upper.whole
    assert upper.address(extended=True) is None


@pytest.mark.parametrize(
    ("flags", "lba", "told"),
    [
        ("80", "ffff00", SanitizeStatus(SanitizeState.IDLE)),
        ("c0", "004000", SanitizeStatus(SanitizeState.RUNNING, 0x4000)),
        ("c0", "000000", SanitizeStatus(SanitizeState.RUNNING, 0)),
        ("c0", "ffff00", SanitizeStatus(SanitizeState.UNKNOWN, ended=True)),
        ("a0", "ffff00", SanitizeStatus(SanitizeState.IDLE)),
        ("e0", "010000", SanitizeStatus(SanitizeState.RUNNING, 1)),
    ],
)
def test_a_sanitize_status_in_fixed_sense(flags: str, lba: str, told: SanitizeStatus) -> None:
    """Error 00h, status 50h, device 40h, COUNT(7:0) 00h."""
    sense = bytes.fromhex("70000100504000" + "0a" + flags + lba + "001d00000000")
    assert parse_sanitize_status(parse_return(sense)) == told


def test_a_cut_status_that_does_not_say_what_was_cut_is_none() -> None:
    sense = bytes.fromhex("70000100504000" + "0a" + "60" + "004000" + "001d00000000")
    with pytest.raises(ToolError):
        parse_sanitize_status(parse_return(sense))


def test_fixed_sense_of_a_scsi_drive_has_no_registers() -> None:
    assert parse_return(bytes.fromhex("700005000000000a00000000200000000000")) is None


def status(count: int, lba: int = 0, *, whole: bool = True) -> AtaReturn:
    return AtaReturn(0x50, 0, count, lba, 0x40, whole)


@pytest.mark.parametrize(
    ("count", "state"),
    [
        (0x0000, SanitizeState.IDLE),
        (0x8000, SanitizeState.SUCCEEDED),
        (0x4000, SanitizeState.RUNNING),
        (0x2000, SanitizeState.FROZEN),
        (0x9000, SanitizeState.SUCCEEDED),  # antifreeze (bit 12) changes nothing
    ],
)
def test_the_state_of_sanitize(count: int, state: SanitizeState) -> None:
    found = parse_sanitize_status(status(count, 0x7FFF))
    assert found.state is state
    assert found.progress == (0x7FFF if state is SanitizeState.RUNNING else 0)


@pytest.mark.parametrize(
    "registers",
    [
        None,
        status(0xC000),
        status(0x8000, whole=False),
        AtaReturn(0x51, 0x04, 0, 0, 0x40),
        AtaReturn(0x51, 0x10, 0, 1, 0x40),
        AtaReturn(0xD0, 0, 0x8000, 0, 0x40),
    ],
    ids=["none", "contradiction", "cut", "aborted", "other-error", "busy"],
)
def test_no_state_where_it_was_not_told(registers: AtaReturn | None) -> None:
    with pytest.raises(ToolError):
        parse_sanitize_status(registers)


@given(st.binary(max_size=80))
def test_garbage_sense_never_raises(sense: bytes) -> None:
    found = parse_return(sense)
    try:
        parse_sanitize_status(found)
    except ToolError:
        return
    assert found is not None
