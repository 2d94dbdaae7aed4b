"""A firmware table that calls the ports of a USB controller part of the PC: as a board with a disk
on module says. Made of AML bytes (ACPI 6.5, chapter 20), so that no compiler is needed."""

from __future__ import annotations

import struct
from pathlib import Path

SLOT = 0x10  # of the PCI bus; QEMU calls what stands there S80 (slot and function)
CONTROLLER = ("-device", f"qemu-xhci,id=inner,addr={SLOT:#x}")
_PORTS = 8  # of qemu-xhci: four for USB 2, four for USB 3
_CONNECTABLE = 0xFF


def _length(body: bytes) -> bytes:
    """PkgLength, which counts itself."""
    if len(body) + 1 < 1 << 6:
        return bytes([len(body) + 1]) + body
    size = len(body) + 2
    return bytes([0x40 | size & 0xF, size >> 4]) + body


def _device(name: bytes, body: bytes) -> bytes:
    return b"\x5b\x82" + _length(name + body)


def _name(name: bytes, value: bytes) -> bytes:
    return b"\x08" + name + value


def _byte(value: int) -> bytes:
    return bytes([0x0A, value])


def _package(*items: bytes) -> bytes:
    return b"\x12" + _length(bytes([len(items)]) + b"".join(items))


def _port(number: int) -> bytes:
    """_UPC: something is connected. _PLD: revision 1, and no user sees it (bit 64 is 0)."""
    place = b"\x11" + _length(_byte(16) + b"\x81" + bytes(15))
    return _device(
        b"PRT%d" % number,
        _name(b"_ADR", _byte(number))
        + _name(b"_UPC", _package(_byte(_CONNECTABLE), _byte(0xFF), b"\0", b"\0"))
        + _name(b"_PLD", _package(place)),
    )


def table(path: Path) -> Path:
    """The SSDT, for QEMU's -acpitable file=."""
    ports = b"".join(_port(number) for number in range(1, _PORTS + 1))
    hub = _device(b"RHUB", _name(b"_ADR", b"\0") + ports)
    body = b"\x10" + _length(b"\\\x2f\x03_SB_PCI0S%02X_" % (SLOT << 3) + hub)
    head = struct.pack(
        "<4sIBB6s8sI4sI", b"SSDT", 36 + len(body), 2, 0, b"REPRIS", b"USBPORT", 1, b"TEST", 1
    )
    whole = bytearray(head + body)
    whole[9] = -sum(whole) & 0xFF
    path.write_bytes(whole)
    return path
