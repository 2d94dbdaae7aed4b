"""What a disk says about itself: INQUIRY, vital product data, mode pages (SPC-4, SBC-4)."""

from __future__ import annotations

import struct
from dataclasses import dataclass


@dataclass(frozen=True)
class About:
    """`wwn`: NAA, 64 bits. `rotation`: 1 for solid state, else a minute. `ata`: IDENTIFY DEVICE
    data where a SAT layer speaks."""

    vendor: str
    product: str
    revision: str
    serial: str
    wwn: int
    rotation: int
    sector_bytes: int = 512
    physical_sector_bytes: int = 4096
    write_cache: bool = False
    unmaps: bool = False
    ata: bytes = b""


def _text(text: str, length: int) -> bytes:
    return text.encode("ascii").ljust(length)[:length]


def _names(about: About) -> bytes:
    return _text(about.vendor, 8) + _text(about.product, 16) + _text(about.revision, 4)


def inquiry(about: About) -> bytes:
    """Standard INQUIRY data (SPC-4 6.6.2): SPC-4, command queuing, SAM-5, SPC-4, SBC-3."""
    head = struct.pack("8B", 0x00, 0x00, 0x06, 0x02, 91, 0, 0, 0x02)
    versions = struct.pack(">3H", 0x00A0, 0x0460, 0x04C0)
    return (head + _names(about)).ljust(58, b"\0") + versions.ljust(38, b"\0")


def vpd(about: About, page: int) -> bytes | None:
    """A vital product data page, or None where the drive has no such page."""
    made = {
        0x80: _serial_number,
        0x83: _identification,
        0xB0: _block_limits,
        0xB1: _characteristics,
        0xB2: _provisioning,
    }
    if about.ata:
        made[0x89] = _ata_information
    if page == 0x00:
        body = bytes(sorted({0x00, *made}))
    elif page in made:
        body = made[page](about)
    else:
        return None
    return struct.pack(">BBH", 0, page, len(body)) + body


def _serial_number(about: About) -> bytes:
    return _text(about.serial, 20)


def _identification(about: About) -> bytes:
    """T10 vendor identification and NAA (SPC-4 7.8.6)."""
    t10 = _text(about.vendor, 8) + _text(about.product, 40) + _text(about.serial, 20)
    naa = about.wwn.to_bytes(8, "big")
    return bytes((2, 1, 0, len(t10))) + t10 + bytes((1, 3, 0, len(naa))) + naa


def _ata_information(about: About) -> bytes:
    """SAT-3 12.4.2: who translates, the signature FIS, IDENTIFY DEVICE data."""
    signature = bytearray(20)
    signature[0], signature[1], signature[2], signature[4], signature[12] = 0x34, 0x80, 0x40, 1, 1
    names = _text("lab", 8) + _text("SAT layer", 16) + _text("1", 4)
    return bytes(4) + names + bytes(signature) + b"\xec\0\0\0" + about.ata


def _block_limits(about: About) -> bytes:
    """SBC-4 6.6.4. UNMAP: how many blocks, how many descriptors."""
    most = (0xFFFF_FFFF, 64) if about.unmaps else (0, 0)
    return struct.pack(">BBHIIIII", 0, 0, 8, 0, 0, 0, *most).ljust(60, b"\0")


def _characteristics(about: About) -> bytes:
    """SBC-4 6.6.2: rotation rate, form factor 2.5 inch."""
    return struct.pack(">HBB", about.rotation, 0, 3).ljust(60, b"\0")


def _provisioning(about: About) -> bytes:
    """SBC-4 6.6.6: LBPU and LBPRZ where UNMAP is there."""
    return bytes((0, 0x80 | 0x04 if about.unmaps else 0, 0x02 if about.unmaps else 0, 0))


def capacity_10(about: About, sectors: int) -> bytes:
    return struct.pack(">II", min(sectors - 1, 0xFFFF_FFFF), about.sector_bytes)


def capacity_16(about: About, sectors: int) -> bytes:
    """READ CAPACITY (16), SBC-4 5.22.2: LBPME and LBPRZ where UNMAP is there."""
    exponent = (about.physical_sector_bytes // about.sector_bytes).bit_length() - 1
    head = struct.pack(">QIBB", sectors - 1, about.sector_bytes, 0, exponent)
    return (head + (b"\xc0\0" if about.unmaps else b"\0\0")).ljust(32, b"\0")


def _mode_pages(about: About) -> dict[int, bytes]:
    """Read-write error recovery, caching (WCE), control, informational exceptions."""
    return {
        0x01: bytes((0x01, 0x0A, 0xC0)).ljust(12, b"\0"),
        0x08: bytes((0x08, 0x12, 0x04 if about.write_cache else 0)).ljust(20, b"\0"),
        0x0A: bytes((0x0A, 0x0A, 0)).ljust(12, b"\0"),
        0x1C: bytes((0x1C, 0x0A, 0)).ljust(12, b"\0"),
    }


def mode_sense(about: About, page: int, *, ten: bool, changeable: bool) -> bytes | None:
    """MODE SENSE without block descriptors; DPOFUA is not set. Nothing is changeable."""
    pages = _mode_pages(about)
    if page != 0x3F and page not in pages:
        return None
    chosen = [raw for number, raw in pages.items() if page in (number, 0x3F)]
    if changeable:
        chosen = [raw[:2] + bytes(len(raw) - 2) for raw in chosen]
    body = b"".join(chosen)
    if ten:
        return struct.pack(">HBBxxH", len(body) + 6, 0, 0, 0) + body
    return bytes((len(body) + 3, 0, 0, 0)) + body
