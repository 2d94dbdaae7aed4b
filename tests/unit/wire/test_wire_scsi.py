"""SCSI bytes: commands against the standards' tables, and nothing good out of garbage."""

from __future__ import annotations

import contextlib
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reprise.domain.drives.capabilities import Support
from reprise.errors import ToolError
from reprise.wire import scsi
from reprise.wire.scsi import Page, SanitizeAction
from reprise.wire.sense import Sense, SenseKey, parse_sense

# As a drive sends them: fixed format, NOT READY, sanitize in progress, 25 % (SKSV, 4000h).
RUNNING_FIXED = bytes.fromhex("700002000000000a00000000041b00804000")


def descriptor(key: int, asc: int, ascq: int, *descriptors: bytes) -> bytes:
    body = b"".join(descriptors)
    return bytes((0x72, key, asc, ascq, 0, 0, 0, len(body))) + body


INFORMATION = bytes.fromhex("000a80000000000000001234")
PROGRESS = bytes.fromhex("0206000080800000")


def fixed(key: int, asc: int, ascq: int, code: int = 0x70) -> bytes:
    return bytes((code, 0, key, 0, 0, 0, 0, 10, 0, 0, 0, 0, asc, ascq, 0, 0, 0, 0))


def test_sanitize_as_in_the_standard() -> None:
    block = scsi.sanitize(SanitizeAction.BLOCK_ERASE)
    assert block.hex() == "48820000000000000000"
    assert scsi.sanitize(SanitizeAction.CRYPTOGRAPHIC_ERASE, ause=True).hex() == (
        "48a30000000000000000"
    )
    assert scsi.sanitize(SanitizeAction.OVERWRITE, ause=True, parameter_bytes=8).hex() == (
        "48a10000000000000800"
    )
    # EXIT FAILURE MODE: only the service action
    assert scsi.sanitize(SanitizeAction.EXIT_FAILURE_MODE, ause=True).hex() == (
        "481f0000000000000000"
    )


def test_overwrite_is_one_pass_of_zeros_never_zero_passes() -> None:
    assert scsi.overwrite_parameters().hex() == "0100000400000000"
    assert scsi.overwrite_parameters(b"\xde\xad", passes=3).hex() == "03000002dead"
    for passes, pattern in ((0, b"\0"), (32, b"\0"), (1, b"")):
        with pytest.raises(ValueError, match="passes"):
            scsi.overwrite_parameters(pattern, passes)


def test_other_commands() -> None:
    assert scsi.inquiry().hex() == "12000000fc00"
    assert scsi.inquiry(Page.BLOCK_DEVICE_CHARACTERISTICS).hex() == "1201b100fc00"
    assert scsi.request_sense().hex() == "03000000fc00"
    assert scsi.test_unit_ready() == bytes(6)
    assert scsi.report_supported(scsi.SANITIZE, 0x1F).hex() == "a30c0248001f000000400000"
    assert scsi.security_protocol_in(1, 1, 2048).hex() == "a20100018000000000040000"


@pytest.mark.parametrize(
    ("data", "support"),
    [
        ("0003000a", Support.YES),
        ("0083000a", Support.YES),  # CTDP set: time-out descriptors follow
        ("00010000", Support.NO),
        ("00000000", Support.UNKNOWN),
        ("0005000a", Support.UNKNOWN),  # in a vendor's own manner
        ("0002000a", Support.UNKNOWN),  # reserved
    ],
)
def test_only_plain_words_count_as_support(data: str, support: Support) -> None:
    assert scsi.parse_support(bytes.fromhex(data)) is support


def test_sense_in_both_formats() -> None:
    told = parse_sense(RUNNING_FIXED)
    assert told == Sense(SenseKey.NOT_READY, 0x04, 0x1B, 65_536 // 4)
    assert told.sanitizing
    assert told.text == "2h 04h/1Bh"
    again = parse_sense(descriptor(2, 0x04, 0x1B, INFORMATION, PROGRESS))
    assert again == Sense(2, 0x04, 0x1B, 0x8000)
    failed = parse_sense(fixed(3, 0x31, 0x03))
    assert failed.sanitize_failed
    assert not failed.sanitizing
    assert parse_sense(fixed(6, 0x29, 0, code=0x71)).deferred


def test_progress_only_of_a_unit_that_is_not_ready() -> None:
    """With ILLEGAL REQUEST the same bytes are a field pointer."""
    pointing = bytearray(fixed(5, 0x24, 0))
    pointing[15:18] = b"\xc0\x00\x01"
    assert parse_sense(bytes(pointing)).progress is None
    assert parse_sense(fixed(2, 0x04, 0x1B)).progress is None  # SKSV=0
    short = bytearray(RUNNING_FIXED)
    short[7] = 6  # ADDITIONAL SENSE LENGTH ends before the progress
    assert parse_sense(bytes(short)) == Sense(2, 0x04, 0x1B)


@pytest.mark.parametrize("data", ["", "70", "000000000000", "7f020000000000"])
def test_what_is_no_sense_data(data: str) -> None:
    with pytest.raises(ToolError):
        parse_sense(bytes.fromhex(data))


def inquiry_data(kind: int = 0, vendor: bytes = b"SEAGATE ") -> bytes:
    return bytes((kind, 0, 6, 0x12, 31, 0, 0, 2)) + vendor + b"ST300MM0006     B001"


def test_inquiry() -> None:
    told = scsi.parse_inquiry(inquiry_data())
    assert (told.device_type, told.connected) == (0, True)
    assert (told.vendor, told.product, told.revision) == ("SEAGATE", "ST300MM0006", "B001")
    assert not scsi.parse_inquiry(inquiry_data(0x3F)).connected
    with pytest.raises(ToolError):
        scsi.parse_inquiry(inquiry_data()[:35])


def page(code: int, body: bytes) -> bytes:
    return bytes((0, code)) + len(body).to_bytes(2, "big") + body


def test_vital_product_data() -> None:
    assert scsi.parse_supported_pages(page(0, bytes((0, 0x80, 0x83)))) == {0, 0x80, 0x83}
    assert scsi.parse_unit_serial_number(page(0x80, b"  S0K1AB\0\0")) == "S0K1AB"
    naa = bytes.fromhex("01030008") + bytes.fromhex("5000c50012345678")
    t10 = bytes.fromhex("02010008") + b"SEAGATE "
    target = bytes.fromhex("01930008") + bytes.fromhex("5000c50012345679")
    found = scsi.parse_designators(page(0x83, naa + t10 + target + b"\x01\x03\0\x20cut"))
    assert [(one.association, one.kind, one.text) for one in found] == [
        (0, 3, "5000c50012345678"),
        (0, 1, "SEAGATE"),
        (1, 3, "5000c50012345679"),
    ]


@pytest.mark.parametrize(
    ("rate", "rpm"), [("2a30", 10800), ("0001", 0), ("0000", None), ("0400", None), ("ffff", None)]
)
def test_rotation(rate: str, rpm: int | None) -> None:
    assert scsi.parse_characteristics(page(0xB1, bytes.fromhex(rate))).rotation_rpm == rpm


@pytest.mark.parametrize(
    ("flags", "block", "crypto"),
    [
        (0x03, "unknown", "unknown"),  # the form factor alone
        (0x43, "no", "unknown"),
        (0x13, "unknown", "no"),
        (0x80, "yes", "unknown"),
        (0xC3, "yes", "unknown"),
        (0x20, "unknown", "yes"),
        (0x30, "unknown", "yes"),
        (0x70, "no", "yes"),
    ],
)
def test_what_must_be_written_after_an_erase(flags: int, block: str, crypto: str) -> None:
    """SBC-4, Block Device Characteristics, byte 7: WABEREQ 7:6, WACEREQ 5:4."""
    told = scsi.parse_characteristics(page(0xB1, bytes((0, 1, 0, flags))))
    assert (told.write_after_block.value, told.write_after_crypto.value) == (block, crypto)


def test_provisioning() -> None:
    thin = scsi.parse_provisioning(page(0xB2, bytes((0, 0x84, 0x02, 0))))
    assert (thin.kind, thin.unmaps, thin.reads_zeros) == (2, True, True)
    full = scsi.parse_provisioning(page(0xB2, bytes(4)))
    assert (full.kind, full.unmaps, full.reads_zeros) == (0, False, False)


@pytest.mark.parametrize("answer", [inquiry_data(), page(0x80, b"S"), b"", b"\0\xb1"])
def test_another_page_is_no_answer(answer: bytes) -> None:
    """Some bridges answer every EVPD request with standard INQUIRY data."""
    with pytest.raises(ToolError):
        scsi.parse_characteristics(answer)


PARSERS = [
    parse_sense,
    scsi.parse_support,
    scsi.parse_inquiry,
    scsi.parse_supported_pages,
    scsi.parse_unit_serial_number,
    scsi.parse_designators,
    scsi.parse_characteristics,
    scsi.parse_provisioning,
]

Parser = Callable[[bytes], object]


@given(st.binary(max_size=300), st.sampled_from(PARSERS))
def test_garbage_raises_nothing_but_toolerror(data: bytes, parse: Parser) -> None:
    with contextlib.suppress(ToolError):
        parse(data)


@given(st.sampled_from(list(Page)), st.binary(max_size=260), st.sampled_from(PARSERS[3:]))
def test_garbage_behind_a_good_header(code: Page, body: bytes, parse: Parser) -> None:
    with contextlib.suppress(ToolError):
        parse(page(code, body))


@given(st.binary(min_size=4, max_size=80))
def test_sanitizing_is_only_ever_said_by_its_code(data: bytes) -> None:
    with contextlib.suppress(ToolError):
        told = parse_sense(data)
        assert not told.sanitizing or (bytes((0x04, 0x1B)) in data and told.key == 2)
        assert told.progress is None or 0 <= told.progress < 65_536
