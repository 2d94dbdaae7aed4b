"""SATA and SAS links that are up, or were, with no drive behind them: something is attached, or
was."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from reprise.adapters.hardware.sysfs import Roots, listing, names, read_bytes, read_text
from reprise.adapters.hardware.unreached.below import scsi_below
from reprise.adapters.hardware.unreached.kernel_log import KernelLog, LinkWord
from reprise.domain.drives.unreached import Unreached, UnreachedKind

# drivers/ata/libata-core.c, sata_spd_string: the negotiated speed of SStatus after the last reset
# that went well; none where nothing is attached, and on ports without SStatus (IDE).
_DOWN = "<unknown>"
# drivers/ata/libata-transport.c, ata_class_names. A drive that libata has given up keeps its class
# ("ata" for ATA_DEV_ATA_UNSUP). "atapi": no disk, and a broken one hides none.
_DRIVES = frozenset({"ata", "zac", "semb"})
_OPTICAL, _MULTIPLIER = "atapi", "pmp"
# drivers/scsi/scsi_transport_sas.c, sas_linkspeed_names. Each other word is said of a phy that
# somebody answered (SPL-4, DISCOVER, NEGOTIATED LOGICAL LINK RATE): "6.0 Gbit"; "Spin-up hold", a
# SATA drive that waits for its turn; "Link Rate failed", no speed was agreed (mpt3sas, mpi3mr and
# mptsas map their NEGOTIATION_FAILED to it); no word at all for PHY_RESET_PROBLEM (libsas's for the
# same), PORT_SELECTOR and RESET_IN_PROGRESS.
_NOBODY = "Unknown"
_DISABLED = "Phy disabled"  # it never asks who is there
_ATA_DEVICE = re.compile(
    r"/ata(?P<port>\d+)/host\d+/target[\d:]+/\d+:(?P<channel>\d+):(?P<id>\d+):\d+/block/"
)
_ADDRESS = re.compile(r"[0-9a-f]{4,}:[0-9a-f]{2}:[0-9a-f]{2}\.[0-7]")


def ata_device(disk: Path) -> str | None:
    """As KernelLog.gone names it; None where it is not the folder of a disk on libata's ports."""
    match = _ATA_DEVICE.search(str(disk))
    # drivers/ata/libata-scsi.c, ata_scsi_scan_host: a multiplier's port is the channel, and the
    # device's number the id; one of them is 0.
    return f"link{match['port']}.{int(match['channel']) + int(match['id'])}" if match else None


def silent_ata(roots: Roots, log: KernelLog, shown: frozenset[str]) -> Iterator[Unreached]:
    """`shown`: of the disks that have left, those that this session has listed (ata_device)."""
    folder = roots.sys / "class/ata_link"
    links = listing(folder)
    if links is None:
        yield Unreached(UnreachedKind.NOT_LISTED, "ata_link")
        return
    # what is said of the second device of a port without a multiplier goes to the port's one link
    words = {link if link in links else link.partition(".")[0]: w for link, w in log.links.items()}
    for name in links:
        entry = (folder / name).resolve()  # …/ata3/link3/ata_link/link3
        speed = read_text(entry / "sata_spd")
        if speed is None:
            yield Unreached(UnreachedKind.UNREADABLE, name, _pci(entry))
        elif not any(other.startswith(f"{name}.") for other in links):  # no port multiplier
            left = _numbers(name, log.gone - shown, links)
            yield from _ata_link(roots, name, entry, words.get(name, speed), left)


def _numbers(link: str, gone: frozenset[str], found: Sequence[str]) -> list[str]:
    """Which of a link's devices are gone."""
    if "." in link:
        return ["0"] if link in gone else []
    return [disk.partition(".")[2] for disk in gone - set(found) if disk.startswith(f"{link}.")]


def _ata_link(
    roots: Roots, name: str, entry: Path, speed: str, left: Sequence[str]
) -> Iterator[Unreached]:
    port = entry.parent.parent.parent
    if not any(re.fullmatch(r"host\d+", child) for child in names(port)):
        return  # of a SAS controller (libsas), whose phys tell: silent_sas
    # drivers/ata/libata-scsi.c, ata_scsi_scan_host: the channel is the multiplier's port
    channel = name.partition(".")[2] or "0"
    classes = dict(_classes(roots, name))
    there = {tuple(device.name.split(":")[1:3]) for device in scsi_below(port)}
    given_up = [n for n, kind in classes.items() if kind in _DRIVES and (channel, n) not in there]
    left = [number for number in left if (channel, number) not in there]
    nobody = not any(place[0] == channel for place in there) and _OPTICAL not in classes.values()
    if given_up or left or (nobody and (speed != _DOWN or _MULTIPLIER in classes.values())):
        told = ",".join(classes.values()) or "?"
        kind = _kind(speed, is_disk=bool(given_up or left))
        word = LinkWord.GONE if left else speed
        yield Unreached(kind, name, f"{_pci(entry)} sata_spd={word} class={told}")


def _kind(speed: str, *, is_disk: bool) -> UnreachedKind:
    """Of a link that nothing answers for."""
    if speed is LinkWord.BUSY:
        return UnreachedKind.STARTING
    maybe = speed is LinkWord.DETECTED and not is_disk  # a person can look
    return UnreachedKind.UNREADABLE if maybe else UnreachedKind.SILENT


def _classes(roots: Roots, link: str) -> Iterator[tuple[str, str]]:
    """Number -> class of each device that libata looked for there: dev3.0, dev3.1, dev3.2.0 …"""
    folder = roots.sys / "class/ata_device"
    lead = link.replace("link", "dev") + "."
    for name in listing(folder) or ():
        number = name.removeprefix(lead)
        if name.startswith(lead) and number.isdecimal():
            yield number, read_text(folder / name / "class") or "unknown"


def silent_sas(roots: Roots) -> Iterator[Unreached]:
    folder = roots.sys / "class/sas_phy"
    phys = listing(folder)
    if phys is None:
        yield Unreached(UnreachedKind.NOT_LISTED, "sas_phy")
        return
    for name in phys:
        entry = (folder / name).resolve()  # …/phy-4:0/sas_phy/phy-4:0
        told = read_bytes(entry / "negotiated_linkrate")
        rate = None if told is None else told.decode("utf-8", "replace").strip()
        if rate != _NOBODY and not _leads_on(entry.parent.parent):
            blind = rate is None or rate == _DISABLED
            kind = UnreachedKind.UNREADABLE if blind else UnreachedKind.SILENT
            yield Unreached(kind, name, f"{_pci(entry)} linkrate={rate or '?'}")


def _leads_on(phy: Path) -> bool:
    """Whether a SCSI device of any kind or an expander, whose own phys are listed, is behind."""
    port = phy / "port"
    if not port.exists():
        return False
    below = listing(port.resolve()) or ()
    return any(name.startswith("expander-") for name in below) or any(scsi_below(port))


def _pci(entry: Path) -> str:
    """The nearest PCI function above."""
    above = (part for part in reversed(entry.parts) if _ADDRESS.fullmatch(part))
    return f"pci={next(above, '?')}"
