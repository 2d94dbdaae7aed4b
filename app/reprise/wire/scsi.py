"""SCSI commands as bytes, and what a drive answers to them.

Clauses are of SCSI Primary Commands 5 (SPC-5) and SCSI Block Commands 4 (SBC-4); numbers are
big-endian. Parsers raise ToolError with a code, never anything else: what cannot be trusted is no
answer.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import IntEnum

from reprise.domain.drives.capabilities import Support
from reprise.domain.planning.techniques import Technique
from reprise.errors import ToolError

# SAM-5, status codes.
GOOD, CHECK_CONDITION = 0x00, 0x02

# Operation codes (SPC-5 and SBC-4, tables of commands).
_TEST_UNIT_READY = 0x00
_REQUEST_SENSE = 0x03
_INQUIRY = 0x12
_SYNCHRONIZE_CACHE_10, _SYNCHRONIZE_CACHE_16 = 0x35, 0x91
SANITIZE = 0x48
_SERVICE_ACTION_IN, _READ_CAPACITY_16 = 0x9E, 0x10
_SECURITY_PROTOCOL_IN = 0xA2
_MAINTENANCE_IN = 0xA3
_REPORT_SUPPORTED_OPERATION_CODES = 0x0C  # SPC-5, service action of MAINTENANCE IN

REPLY_BYTES = 252  # INQUIRY, REQUEST SENSE: what every device takes as an allocation length
SUPPORT_BYTES = 64
CAPACITY_BYTES = 32
DIRECT_ACCESS = (0x00, 0x14)  # SPC-5, PERIPHERAL DEVICE TYPE: block, host managed zoned


class SanitizeAction(IntEnum):
    """SBC-4, SANITIZE command, table of service actions."""

    OVERWRITE = 0x01
    BLOCK_ERASE = 0x02
    CRYPTOGRAPHIC_ERASE = 0x03
    EXIT_FAILURE_MODE = 0x1F


ACTIONS: Mapping[Technique, SanitizeAction] = {
    Technique.SCSI_SANITIZE_OVERWRITE: SanitizeAction.OVERWRITE,
    Technique.SCSI_SANITIZE_BLOCK: SanitizeAction.BLOCK_ERASE,
    Technique.SCSI_SANITIZE_CRYPTO: SanitizeAction.CRYPTOGRAPHIC_ERASE,
}


def test_unit_ready() -> bytes:
    """SPC-5, TEST UNIT READY. No data."""
    return bytes((_TEST_UNIT_READY, 0, 0, 0, 0, 0))


def request_sense() -> bytes:
    """SPC-5, REQUEST SENSE, DESC=0: fixed format, which every device knows. Gives REPLY_BYTES at
    most."""
    return bytes((_REQUEST_SENSE, 0, 0, 0, REPLY_BYTES, 0))


def inquiry(page: int | None = None, length: int = REPLY_BYTES) -> bytes:
    """SPC-5, INQUIRY; with a `page`, EVPD=1. Gives `length` bytes at most."""
    evpd = 0 if page is None else 1
    return bytes((_INQUIRY, evpd, page or 0, *length.to_bytes(2, "big"), 0))


def synchronize_cache(length: int) -> bytes:
    """SBC-4, SYNCHRONIZE CACHE (10) or (16), IMMED=0: all blocks from address 0 (NUMBER OF LOGICAL
    BLOCKS 0: to the last one). No data."""
    opcode = {10: _SYNCHRONIZE_CACHE_10, 16: _SYNCHRONIZE_CACHE_16}[length]
    return bytes((opcode,)) + bytes(length - 1)


def read_capacity() -> bytes:
    """SBC-4, READ CAPACITY (16). Gives CAPACITY_BYTES at most."""
    head = bytes((_SERVICE_ACTION_IN, _READ_CAPACITY_16)) + bytes(8)
    return head + CAPACITY_BYTES.to_bytes(4, "big") + bytes(2)


def parse_capacity(data: bytes) -> int:
    """What READ CAPACITY (16) told, in bytes: RETURNED LOGICAL BLOCK ADDRESS (bytes 0 to 7) is the
    last one. Raises ToolError."""
    if len(data) < 12:
        raise ToolError(f"read-capacity: {len(data)} bytes")
    return (_number(data, 0, 8) + 1) * _number(data, 8, 4)


def report_supported(opcode: int, service_action: int) -> bytes:
    """SPC-5, REPORT SUPPORTED OPERATION CODES, REPORTING OPTIONS 010b: this one command, which has
    service actions. Gives SUPPORT_BYTES at most."""
    return bytes((_MAINTENANCE_IN, _REPORT_SUPPORTED_OPERATION_CODES, 0b010, opcode)) + (
        service_action.to_bytes(2, "big") + SUPPORT_BYTES.to_bytes(4, "big") + bytes(2)
    )


def security_protocol_in(protocol: int, specific: int, length: int) -> bytes:
    """SPC-5, SECURITY PROTOCOL IN, INC_512=1: `length` in bytes, a multiple of 512 (ATA knows no
    other)."""
    return bytes((_SECURITY_PROTOCOL_IN, protocol)) + (
        specific.to_bytes(2, "big") + b"\x80\0" + (length // 512).to_bytes(4, "big") + bytes(2)
    )


def sanitize(action: SanitizeAction, *, ause: bool = False, parameter_bytes: int = 0) -> bytes:
    """SBC-4, SANITIZE: byte 1 holds IMMED (bit 7), ZNR (6), AUSE (5) and the service action.

    IMMED=1: the drive answers at once and is then asked for its progress. `ause`: a sanitize that
    failed may be left by EXIT FAILURE MODE; without it only another sanitize that succeeds
    makes the drive usable again.
    """
    flags = 0x80 | (0x20 if ause else 0)
    if action is SanitizeAction.EXIT_FAILURE_MODE:
        flags = 0
    head = bytes((SANITIZE, flags | action, 0, 0, 0, 0, 0))
    return head + parameter_bytes.to_bytes(2, "big") + bytes(1)


def overwrite_parameters(pattern: bytes = bytes(4), passes: int = 1) -> bytes:
    """SBC-4, SANITIZE, parameter list of OVERWRITE: INVERT (byte 0, bit 7), TEST (6:5), OVERWRITE
    COUNT (4:0; 0 is reserved), INITIALIZATION PATTERN LENGTH (bytes 2 and 3), the pattern. A
    translated ATA drive takes four bytes only (SAT-4, SANITIZE)."""
    if not 1 <= passes <= 31 or not pattern:
        raise ValueError(f"passes {passes}, pattern of {len(pattern)} bytes")
    return bytes((passes, 0)) + len(pattern).to_bytes(2, "big") + pattern


# SPC-5, REPORT SUPPORTED OPERATION CODES, one_command format, byte 1 bits 2:0, SUPPORT. 000b: not
# known now; 101b: supported in a vendor-specific manner, which nobody can rely on.
_SUPPORT = {0b001: Support.NO, 0b011: Support.YES}


def parse_support(data: bytes) -> Support:
    """UNKNOWN for every word that is not a plain yes or no. Raises ToolError."""
    if len(data) < 4:
        raise ToolError(f"supported-operation-codes: {len(data)} bytes")
    return _SUPPORT.get(data[1] & 0b111, Support.UNKNOWN)


@dataclass(frozen=True, slots=True)
class Inquiry:
    """Standard INQUIRY data (SPC-5). `connected`: PERIPHERAL QUALIFIER 000b."""

    device_type: int
    connected: bool
    vendor: str
    product: str
    revision: str


def parse_inquiry(data: bytes) -> Inquiry:
    """Raises ToolError where it is shorter than the mandatory 36 bytes."""
    if len(data) < 36:
        raise ToolError(f"inquiry: {len(data)} bytes")
    return Inquiry(
        device_type=data[0] & 0x1F,
        connected=not data[0] >> 5,
        vendor=_ascii(data[8:16]),
        product=_ascii(data[16:32]),
        revision=_ascii(data[32:36]),
    )


def _ascii(data: bytes) -> str:
    """SPC-5, ASCII data: 20h to 7Eh, padded with spaces; some firmware pads with NUL."""
    shown = data.replace(b"\0", b" ").decode("ascii", "replace")
    return "".join(sign if sign.isprintable() else "?" for sign in shown).strip()


class Page(IntEnum):
    """Vital product data pages (SPC-5; SBC-4 for B0h to B2h)."""

    SUPPORTED = 0x00
    UNIT_SERIAL_NUMBER = 0x80
    DEVICE_IDENTIFICATION = 0x83
    ATA_INFORMATION = 0x89  # SAT-4: an ATA drive behind a translation
    BLOCK_DEVICE_CHARACTERISTICS = 0xB1
    LOGICAL_BLOCK_PROVISIONING = 0xB2


def page_body(data: bytes, page: Page) -> bytes:
    """What is behind the four bytes of header: byte 1 is the page code, bytes 2 and 3 the
    length. Raises ToolError where another page (or standard INQUIRY data, as some bridges send)
    came back."""
    if len(data) < 4 or data[1] != page:
        raise ToolError(f"vpd-{page:02x}: another page")
    return data[4 : 4 + int.from_bytes(data[2:4], "big")]


def parse_supported_pages(data: bytes) -> frozenset[int]:
    """Page 00h. Raises ToolError."""
    return frozenset(page_body(data, Page.SUPPORTED))


def parse_unit_serial_number(data: bytes) -> str:
    """Page 80h. Raises ToolError; "" where the drive left it blank."""
    return _ascii(page_body(data, Page.UNIT_SERIAL_NUMBER))


@dataclass(frozen=True, slots=True)
class Designator:
    """SPC-5, Device Identification page, designation descriptor. `association` 0: of the logical
    unit; `kind` 1: T10 vendor ID, 2: EUI-64, 3: NAA. `text` is hex for binary designators."""

    association: int
    kind: int
    text: str


def parse_designators(data: bytes) -> tuple[Designator, ...]:
    """Page 83h; a descriptor that is cut off is left out. Raises ToolError."""
    body = page_body(data, Page.DEVICE_IDENTIFICATION)
    designators: list[Designator] = []
    at = 0
    while at + 4 <= len(body):
        code_set, kind, length = body[at] & 0xF, body[at + 1], body[at + 3]
        value = body[at + 4 : at + 4 + length]
        if len(value) == length:
            text = value.hex() if code_set == 1 else _ascii(value)
            designators.append(Designator(kind >> 4 & 0b11, kind & 0xF, text))
        at += 4 + length
    return tuple(designators)


@dataclass(frozen=True, slots=True)
class Characteristics:
    """SBC-4, Block Device Characteristics page. `rotation_rpm` (MEDIUM ROTATION RATE): 0 for a
    non-rotating medium (0001h), None where it is not told or reserved. `write_after_block`
    (WABEREQ), `write_after_crypto` (WACEREQ): whether what such a sanitize erased must be written
    before it can be read, and a read of it ends with MEDIUM ERROR until then."""

    rotation_rpm: int | None
    write_after_block: Support
    write_after_crypto: Support


# SBC-4, WABEREQ and WACEREQ. 00b: not specified; 01b: reads succeed, with any data; 10b: MEDIUM
# ERROR with some additional sense code; 11b: with WRITE AFTER SANITIZE REQUIRED (11h/15h).
_WRITE_REQUIRED = {0b01: Support.NO, 0b10: Support.YES, 0b11: Support.YES}


def parse_characteristics(data: bytes) -> Characteristics:
    """Page B1h. Raises ToolError."""
    body = page_body(data, Page.BLOCK_DEVICE_CHARACTERISTICS)
    if len(body) < 2:
        raise ToolError(f"vpd-b1: {len(body)} bytes")
    rate, flags = _number(body, 0, 2), body[3] if len(body) > 3 else 0
    return Characteristics(
        0 if rate == 1 else rate if 0x0401 <= rate <= 0xFFFE else None,
        _WRITE_REQUIRED.get(flags >> 6, Support.UNKNOWN),
        _WRITE_REQUIRED.get(flags >> 4 & 0b11, Support.UNKNOWN),
    )


@dataclass(frozen=True, slots=True)
class Provisioning:
    """SBC-4, Logical Block Provisioning page. `kind` (PROVISIONING TYPE): 0 full, 1 resource, 2
    thin. `reads_zeros` (LBPRZ xx1b): unmapped blocks read as zeros, so zeros are no evidence of an
    erase."""

    kind: int
    unmaps: bool  # LBPU
    reads_zeros: bool


def parse_provisioning(data: bytes) -> Provisioning:
    """Page B2h. Raises ToolError."""
    body = page_body(data, Page.LOGICAL_BLOCK_PROVISIONING)
    if len(body) < 3:
        raise ToolError(f"vpd-b2: {len(body)} bytes")
    return Provisioning(body[2] & 0b111, bool(body[1] & 0x80), bool(body[1] >> 2 & 1))


def _number(data: bytes, at: int, length: int) -> int:
    return int.from_bytes(data[at : at + length], "big")
