"""Who a drive is and how it is attached: udev first, the kernel's own files second, lsblk third,
smartctl last.

The order never changes with luck or load: the same drive must give the same identity when it is
asked again just before it is erased.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from reprise.adapters.hardware.sysfs import Roots, read_bytes, read_text
from reprise.adapters.hardware.udev import Properties, decoded
from reprise.domain.drives.same_drive import bare
from reprise.domain.pc.hardware import Transport
from reprise.tools.lsblk import LsblkRow
from reprise.tools.smartctl import SmartReading
from reprise.tools.wwn import canonical_wwn


@dataclass(frozen=True, slots=True)
class Sources:
    """All that was read about one drive, source by source."""

    roots: Roots
    name: str
    udev: Properties = field(default_factory=dict)
    lsblk: LsblkRow | None = None
    smart: SmartReading = field(default_factory=SmartReading)

    @property
    def block(self) -> Path:
        return self.roots.block(self.name)

    def sys_text(self, *places: str) -> str | None:
        return _first(read_text(self.block / place) for place in places)


def _first(values: Iterable[str | None]) -> str | None:
    return next((" ".join(v.split()) for v in values if v and v.strip()), None)


def model(src: Sources) -> str | None:
    row = src.lsblk
    return _first(
        (
            decoded(src.udev, "ID_MODEL"),
            src.sys_text("device/model", "device/name"),
            row.model if row else None,
            src.smart.model,
        )
    )


def serial(src: Sources) -> str | None:
    """lsblk's own order of the udev names, so that both show the same."""
    udev = (
        src.udev.get(name) for name in ("ID_SCSI_SERIAL", "SCSI_IDENT_SERIAL", "ID_SERIAL_SHORT")
    )
    row = src.lsblk
    return _first(
        (
            *udev,
            src.sys_text("device/serial", "serial"),
            _vpd_serial(src.block / "device/vpd_pg80"),
            row.serial if row else None,
            src.smart.serial,
        )
    )


def contradiction(src: Sources, kind: Transport) -> str | None:
    """Both serial numbers where the drive's own is not the one in udev's database, else None.

    udev is behind for a moment (for long, with a dying drive in its queue) when another drive was
    plugged in under the same name; the kernel's files and smartctl speak of the drive that is
    there. Not on USB and SCSI, where bridges and adapters have serial numbers of their own.
    """
    told = bare(src.udev.get("ID_SERIAL_SHORT"))
    if kind not in (Transport.SATA, Transport.ATA, Transport.NVME) or not told:
        return None
    live = (
        src.sys_text("device/serial", "serial"),
        _vpd_serial(src.block / "device/vpd_pg80"),
        src.smart.serial,
    )
    other = next((number for number in live if bare(number) not in ("", told)), None)
    return other and f"{other} / {src.udev['ID_SERIAL_SHORT']}"


def _vpd_serial(path: Path) -> str | None:
    """SPC-4 7.8.15, Unit Serial Number page: a 4-byte header (its length in bytes 2-3)."""
    data = read_bytes(path)
    if data is None or len(data) < 4:
        return None
    length = int.from_bytes(data[2:4], "big")
    text = data[4 : 4 + length].decode("ascii", "replace").replace("\0", "").strip()
    return text if text.isprintable() else None


def wwn(src: Sources) -> str | None:
    row = src.lsblk
    spellings = (
        src.udev.get("ID_WWN_WITH_EXTENSION"),
        src.udev.get("ID_WWN"),
        src.sys_text("wwid"),
        src.sys_text("device/wwid"),
        row.wwn if row else None,
        src.smart.wwn,
    )
    return _first(canonical_wwn(spelling) for spelling in spellings)


def firmware(src: Sources) -> str | None:
    row = src.lsblk
    return _first(
        (
            src.udev.get("ID_REVISION"),
            src.sys_text("device/firmware_rev", "device/fwrev"),
            src.smart.firmware,
            src.sys_text("device/rev"),
            row.revision if row else None,
        )
    )


def vendor(src: Sources) -> str | None:
    """ "ATA" is what the kernel writes for every SATA drive: it names nobody."""
    name = _first((src.sys_text("device/vendor"), src.lsblk.vendor if src.lsblk else None))
    return None if name == "ATA" or (name or "").startswith("0x") else name


_BUSES = (
    ("/usb", Transport.USB),
    ("/mmc_host/", Transport.MMC),
    ("/end_device-", Transport.SAS),
    ("/session", Transport.UNKNOWN),  # iSCSI: a drive in another machine
    ("/rport-", Transport.UNKNOWN),  # Fibre Channel
)


def transport(src: Sources) -> Transport:
    """From the drive's place in the device tree; lsblk's TRAN is empty for many of them."""
    if src.name.startswith("loop"):
        return Transport.LOOP
    if src.name.startswith("nvme"):
        return _nvme(src.block / "device")
    return _by_place(src, str(src.block.resolve()))


def _nvme(device: Path) -> Transport:
    """A drive of this PC; one behind a network is another machine's, whoever connected it. With
    several controllers `device` is their subsystem, and each of them must be of this PC."""
    controllers = [device] if (device / "transport").exists() else sorted(device.glob("nvme*"))
    foreign = any(_is_foreign(controller) for controller in controllers)
    return Transport.UNKNOWN if foreign else Transport.NVME


def _is_foreign(controller: Path) -> bool:
    kind = read_text(controller / "transport")
    if kind in (None, "pcie"):
        return False
    # "traddr=127.0.0.1,trsvcid=4420,…": a target within this PC, as a test bench has it
    address = read_text(controller / "address") or ""
    return kind != "tcp" or not address.startswith("traddr=127.0.0.1,")


def _by_place(src: Sources, place: str) -> Transport:
    for sign, kind in _BUSES:
        if sign in place:
            return kind
    if re.search(r"/ata\d+/", place):
        return _ata(src)
    if re.search(r"/virtio\d+/block/", place):
        return Transport.VIRTIO
    return Transport.SCSI if re.search(r"/host\d+/", place) else Transport.UNKNOWN


def removable(src: Sources, kind: Transport) -> bool:
    """Whether somebody may take it away without opening the PC. The kernel says 0 of an SD card in
    a slot (only eMMC, "MMC", is part of the PC) and of every disk on FireWire or Thunderbolt."""
    if read_text(src.block / "removable") == "1":
        return True
    if kind is Transport.MMC:
        return read_text(src.block / "device/type") == "SD"
    return kind is not Transport.USB and _on_outer_port(src)


def _on_outer_port(src: Sources) -> bool:
    """FireWire, or below a PCI port that the firmware calls external
    (Documentation/ABI/testing/sysfs-devices-removable). Nothing tells eSATA from SATA."""
    ways = [src.block.resolve()]
    if src.name.startswith("nvme"):  # with several ways to it, its own place is virtual
        ways += [way.resolve() for way in (src.block / "device").glob("nvme*")]
    return any(
        re.fullmatch(r"fw\d+", folder.name) or read_text(folder / "removable") == "removable"
        for way in ways
        for folder in way.parents
        if folder.is_relative_to(src.roots.sys.resolve())
    )


def _ata(src: Sources) -> Transport:
    """SATA where a source says so; else parallel ATA or a SATA drive that nobody vouches for."""
    said = src.lsblk.transport if src.lsblk else None
    serial_ata = src.udev.get("ID_ATA_SATA") == "1" or said == "sata"
    return Transport.SATA if serial_ata or _sata_speed(src) else Transport.ATA


def _sata_speed(src: Sources) -> bool:
    """libata gives a link speed for serial links only."""
    match = re.search(r"/ata(\d+)/", str(src.block.resolve()))
    folder = src.roots.sys / f"class/ata_link/link{match[1] if match else ''}"
    return "Gbps" in (read_text(folder / "sata_spd") or "")
