"""One drive, put together from all that was read about it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from reprise.adapters.hardware import identity, medium
from reprise.adapters.hardware.blocks import is_loop, node_of, partitions, size_bytes
from reprise.adapters.hardware.boot import by_signs, is_noted, judge_boot, read_note
from reprise.adapters.hardware.drive_asker import AMBIVALENT, DriveAsker, no_smart
from reprise.adapters.hardware.identity import Sources
from reprise.adapters.hardware.our_files import bears_fat, look_for_ours
from reprise.adapters.hardware.sanitizing import sanitizing
from reprise.adapters.hardware.sysfs import Roots, read_int, read_text
from reprise.adapters.hardware.tree import Tree
from reprise.adapters.hardware.udev import UdevLookup
from reprise.adapters.hardware.usb_port import usb_port
from reprise.adapters.hardware.uses import KernelUses, find_uses
from reprise.domain.drives.boot_medium import BootMedium, BootSign
from reprise.domain.drives.usb_port import UsbPort
from reprise.domain.pc.hardware import (
    Drive,
    DriveIdentity,
    MediaKind,
    Partition,
    Reason,
    Transport,
    Use,
    UseKind,
)
from reprise.domain.planning.safety import OUR_FILES
from reprise.ports import CommandRunner
from reprise.tools.blkid import BlkidFacts
from reprise.tools.smartctl import SmartReading

_NO_SMART = {
    Transport.LOOP: Reason.VIRTUAL,
    Transport.VIRTIO: Reason.VIRTUAL,
    Transport.MMC: Reason.NOT_SUPPORTED,
}


@dataclass(frozen=True, slots=True)
class ProbeContext:
    """What all drives of one probe share."""

    roots: Roots
    runner: CommandRunner
    udev: UdevLookup
    uses: KernelUses
    tree: Tree


def read_drive(name: str, around: ProbeContext) -> Drive:
    """All facts of the drive with this kernel name. Facts that could not be read are None with a
    reason in `unknown`: "boot", "our_files", "uses", "tree" and "identity.…" matter for safety."""
    at_work = Reason.SANITIZING if sanitizing(around.roots, name) else ""
    asker = DriveAsker(around.runner, node_of(name), silent=at_work)
    src = Sources(around.roots, name, around.udev(around.roots.block(name)), asker.lsblk())
    kind = identity.transport(src)
    src = replace(src, smart=_smart(asker, kind))
    content = _Content(around, asker, src)
    return _assemble(src, kind, content, around)


def _smart(asker: DriveAsker, kind: Transport) -> SmartReading:
    if kind in _NO_SMART:
        return no_smart(_NO_SMART[kind])
    return asker.smart(usb=kind is Transport.USB)


class _Content:
    """What is on the drive: partitions and file systems, from udev or by looking."""

    def __init__(self, around: ProbeContext, asker: DriveAsker, src: Sources) -> None:
        self._around = around
        self._asker = asker
        self._name, self._size_bytes = src.name, size_bytes(around.roots, src.name)
        self.whole = self._facts(src.name, src.udev, "fs_type")
        self._iso = asker.iso_label("iso")
        self.partitions = tuple(self._partitions(src.name))
        self.labels = tuple(f.label for f in (self.whole, self._iso) if f is not None)

    @property
    def silent(self) -> str:
        """Why the drive is asked nothing more."""
        return self._asker.silent

    @property
    def volume(self) -> Partition:
        """The drive as if it were a partition: a file system may be on all of it."""
        whole, node = self.whole or BlkidFacts(), node_of(self._name)
        return Partition(node, self._size_bytes, whole.fs_type, whole.label, whole.uuid)

    @property
    def notes(self) -> dict[str, str]:
        """Reasons by fact of Drive; "boot" where a Reprise stick could have been overlooked."""
        asked = self._asker.notes
        blind = [
            reason
            for fact, reason in asked.items()
            if fact.startswith("partitions.") and not reason.endswith(AMBIVALENT)
        ]
        if self.whole is None and self._iso is None:
            blind.append(asked["iso"])
        notes = {fact: reason for fact, reason in asked.items() if fact not in ("lsblk", "iso")}
        if blind:
            notes["boot"] = blind[0]
        return notes

    def _partitions(self, drive: str) -> Iterator[Partition]:
        roots = self._around.roots
        for name in partitions(roots, drive):
            udev = self._around.udev(roots.block(name))
            facts = self._facts(name, udev, f"partitions.{name}") or BlkidFacts()
            yield Partition(
                node=node_of(name),
                size_bytes=size_bytes(roots, name),
                fs_type=facts.fs_type,
                label=facts.label,
                uuid=facts.uuid,
                part_type=facts.part_type,
                part_label=facts.part_label,
            )

    def _facts(self, name: str, udev: Mapping[str, str], fact: str) -> BlkidFacts | None:
        """udev has probed the device already where it runs; else we look ourselves."""
        if not udev:
            return self._asker.blkid(node_of(name), fact)
        return BlkidFacts(
            fs_type=udev.get("ID_FS_TYPE"),
            label=_spaced(udev.get("ID_FS_LABEL_ENC") or udev.get("ID_FS_LABEL")),
            uuid=udev.get("ID_FS_UUID"),
            table=udev.get("ID_PART_TABLE_TYPE"),
            part_type=udev.get("ID_PART_ENTRY_TYPE"),
            part_label=_spaced(udev.get("ID_PART_ENTRY_NAME")),
        )


def _spaced(text: str | None) -> str | None:
    return text.replace("\\x20", " ") if text else None


def _assemble(src: Sources, kind: Transport, content: _Content, around: ProbeContext) -> Drive:
    name = src.name
    used = _uses(name, around)
    who = _identity(src)
    notes = dict(src.smart.unknown)
    logical = read_int(src.block / "queue/logical_block_size")
    physical = read_int(src.block / "queue/physical_block_size")
    whole = content.whole or BlkidFacts()
    boot, blind = _boot(src, kind, content, used)
    drive = Drive(
        identity=who,
        node=node_of(name),
        transport=kind,
        media=medium.media(src, kind),
        logical_sector_bytes=logical or src.smart.logical_sector_bytes or 512,
        physical_sector_bytes=physical or src.smart.physical_sector_bytes or logical or 512,
        read_only=read_text(src.block / "ro") == "1",
        removable=identity.removable(src, kind),
        boot=boot,
        vendor=identity.vendor(src),
        firmware=identity.firmware(src),
        rotation_rpm=medium.rotation_rpm(src, kind) or None,
        smart=src.smart.smart,
        fs_type=whole.fs_type,
        label=whole.label,
        partition_table=whole.table,
        partitions=content.partitions,
        uses=used,
        port=usb_port(src.block) if kind is Transport.USB else UsbPort.UNKNOWN,
        zoned=_zoned(src),
    )
    notes |= content.notes | _absent(drive, around)
    places = {
        "logical_sector_bytes": "queue/logical_block_size",
        "read_only": "ro",
        "removable": "removable",
        "size_bytes": "size",
    }
    for fact, place in places.items():
        if read_text(src.block / place) is None:
            notes[fact] = Reason.UNREADABLE.because(place)
    if blind:
        notes[OUR_FILES] = blind
    if drive.boot.is_boot:
        notes.pop("boot", None)
    if two := identity.contradiction(src, kind):
        notes["identity"] = Reason.UNREADABLE.because(two)
    return replace(drive, unknown=dict(sorted(notes.items())))


def _boot(
    src: Sources, kind: Transport, content: _Content, used: Sequence[Use]
) -> tuple[BootMedium, str]:
    """And why a stick of ours could have been overlooked. What cannot be plugged in starts nothing
    from a FAT, so that nothing on it makes it a stick; a loop device is a person's own."""
    started = _started(src, content, used)
    boot = judge_boot(content.labels, content.partitions, used, started=started)
    card = kind is Transport.MMC and identity.removable(src, kind)
    if boot.is_boot or not (card or kind in (Transport.USB, Transport.LOOP)):
        return boot, ""
    if content.silent:
        return boot, content.silent
    volumes, dev = list(content.partitions), src.roots.dev
    if content.volume.fs_type or (not volumes and bears_fat(content.volume, dev)):
        volumes.insert(0, content.volume)
    ours, blind = look_for_ours(volumes, dev)
    return (by_signs([BootSign.FILES]) if ours else boot), blind


def _started(src: Sources, content: _Content, used: Iterable[Use]) -> bool:
    note = read_note(src.roots.run)
    kind, _slash, name = note.get("node", "").rpartition("/")
    if kind == "/dev/mapper":  # Ventoy's, of the blocks of our file
        held = (use.detail for use in used if use.kind is UseKind.HOLDER)
        return any(detail.endswith(f"({name})") for detail in held)
    place = src.block.resolve()
    sys = src.roots.sys.resolve()
    below = f"/{place.relative_to(sys)}" if place.is_relative_to(sys) else str(place)
    volumes = (content.volume, *content.partitions)
    return is_noted(note, below, src.udev.get("ID_SERIAL"), volumes)


def _zoned(src: Sources) -> str | None:
    """Documentation/ABI/stable/sysfs-block: "none", "host-aware" or "host-managed"."""
    told = read_text(src.block / "queue/zoned")
    return None if told == "none" else told


def _uses(name: str, around: ProbeContext) -> tuple[Use, ...]:
    """The kernel's own lists, and what blkinfo sees beyond them."""
    used = find_uses(around.roots, name, around.uses)
    more = [
        Use(UseKind.HOLDER, node_of(name), holder)
        for holder in around.tree.held.get(name, ())
        if not any(holder in use.detail for use in used)
    ]
    return (*used, *more)


def _identity(src: Sources) -> DriveIdentity:
    size = size_bytes(src.roots, src.name)
    if is_loop(src.name):
        backing = read_text(src.block / "loop/backing_file")
        return DriveIdentity(serial=backing, size_bytes=size)
    return DriveIdentity(
        model=identity.model(src),
        serial=identity.serial(src),
        wwn=identity.wwn(src),
        size_bytes=size,
    )


def _absent(drive: Drive, around: ProbeContext) -> dict[str, str]:
    """A reason for every fact of the drive itself that no source told."""
    virtual = drive.transport in (Transport.LOOP, Transport.VIRTIO)
    reason = Reason.VIRTUAL if virtual else Reason.NOT_REPORTED
    facts = {
        "identity.model": drive.identity.model,
        "identity.serial": drive.identity.serial,
        "identity.wwn": drive.identity.wwn,
        "firmware": drive.firmware,
        "transport": None if drive.transport is Transport.UNKNOWN else drive.transport,
        "media": None if drive.media is MediaKind.UNKNOWN else drive.media,
    }
    notes = {name: reason.value for name, value in facts.items() if value is None}
    if not around.uses.complete:
        notes["uses"] = Reason.UNREADABLE.because("/proc")
    if around.tree.reason and drive.transport is not Transport.LOOP:
        notes["tree"] = around.tree.reason
    return notes
