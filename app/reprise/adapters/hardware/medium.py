"""What a drive stores on, by its own word."""

from __future__ import annotations

from collections.abc import Iterator

from reprise.adapters.hardware.identity import Sources
from reprise.adapters.hardware.sysfs import read_bytes, read_int
from reprise.domain.pc.hardware import MediaKind, Transport
from reprise.errors import ToolError
from reprise.wire.scsi import parse_characteristics

_FIXED = {
    Transport.LOOP: MediaKind.FILE,
    Transport.NVME: MediaKind.SSD,
    Transport.MMC: MediaKind.FLASH,
    Transport.VIRTIO: MediaKind.UNKNOWN,
}


def rotation_rpm(src: Sources, kind: Transport) -> int | None:
    """0: it does not turn; None: no source tells, or they contradict each other."""
    told = _told(src, kind)
    return told.pop() if len(told) == 1 else None


def _told(src: Sources, kind: Transport) -> set[int]:
    return {rate for rate in _rates(src, kind) if rate is not None and _is_told(rate)}


def _rates(src: Sources, kind: Transport) -> Iterator[int | None]:
    yield src.smart.rotation_rpm
    said = src.udev.get("ID_ATA_ROTATION_RATE_RPM", "")  # ata_id: IDENTIFY DEVICE word 217
    yield int(said) if said.isdecimal() else None
    if kind is not Transport.USB:  # a bridge makes its pages up
        yield _vpd_rate(src)


def _is_told(rate: int) -> bool:
    """ACS-4, word 217, and SBC-4, MEDIUM ROTATION RATE, alike: all other values are reserved."""
    return rate == 0 or 0x0401 <= rate <= 0xFFFE


def _vpd_rate(src: Sources) -> int | None:
    page = read_bytes(src.block / "device/vpd_pgb1")  # as the kernel read it (Linux 5.18)
    try:
        return None if page is None else parse_characteristics(page).rotation_rpm
    except ToolError:
        return None


def media(src: Sources, kind: Transport) -> MediaKind:
    """UNKNOWN rather than a guess. The kernel calls "rotational" whatever does not say that it
    does not turn (drivers/scsi/sd.c, sd_read_block_characteristics): only its "no" tells."""
    if kind in _FIXED:
        return _FIXED[kind]
    rate = rotation_rpm(src, kind)
    if rate is not None:
        return MediaKind.HDD if rate else MediaKind.SSD
    if kind is Transport.USB and read_int(src.block / "removable") == 1:
        return MediaKind.FLASH
    still = read_int(src.block / "queue/rotational") == 0
    return MediaKind.SSD if still and not _told(src, kind) else MediaKind.UNKNOWN
