"""What the partitions of a drive are for, so that nobody erases the wrong one. Words only: nothing
here says whether a drive may be erased, and no plan, report or confirmation holds it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from reprise.domain.drives.capabilities import Capabilities, Support
from reprise.domain.install.our_system import holds_our_system
from reprise.domain.pc.hardware import Drive, Health, Partition, Reason


class VolumeKind(StrEnum):
    """What a partition, or a drive without any, is to its owner."""

    WINDOWS = "windows"  # Windows's own format, with or without a system
    WINDOWS_DATA = "windows-data"  # the same, looked into: no system
    LINUX = "linux"
    LINUX_DATA = "linux-data"
    MAC = "mac"
    CHROMEOS = "chromeos"
    REPRISE = "reprise"  # the light system that Reprise installs
    BITLOCKER = "bitlocker"
    LUKS = "luks"
    LVM = "lvm"
    RAID = "raid"
    DISC = "disc"  # the image of a disc: installers, live systems
    OTHER = "other"  # a file system, and none of these
    EFI = "efi"
    BOOT = "boot"
    RECOVERY = "recovery"
    RESERVED = "reserved"
    SWAP = "swap"
    UNREAD = "unread"  # asked, and no answer came: anything may be there
    UNKNOWN = "unknown"  # no sign of anything


# What carries a system's own files, and nobody's work.
SERVING = frozenset(
    {
        VolumeKind.EFI,
        VolumeKind.BOOT,
        VolumeKind.RECOVERY,
        VolumeKind.RESERVED,
        VolumeKind.SWAP,
    }
)


@dataclass(frozen=True, slots=True)
class Volume:
    """What was read inside one partition, or of a whole drive. `system`: its own name, printable
    ("Windows 10", "Debian GNU/Linux 13"); "": none was read. `used_bytes`: as its file system
    counts; None: not known. `kind`: None where nothing was learnt beyond the partition table."""

    node: str
    kind: VolumeKind | None = None
    system: str = ""
    used_bytes: int | None = None


# GPT partition types (UEFI 2.10, table 5.7; Windows, "PARTITION_INFORMATION_GPT"; the others as in
# libblkid's and gdisk's lists), and MBR's as blkid writes them.
_BY_TYPE = {
    "c12a7328-f81f-11d2-ba4b-00a0c93ec93b": VolumeKind.EFI,
    "0xef": VolumeKind.EFI,
    "de94bba4-06d1-4d40-a16a-bfd50179d6ac": VolumeKind.RECOVERY,  # Windows RE
    "426f6f74-0000-11aa-aa11-00306543ecac": VolumeKind.RECOVERY,  # Apple Boot
    "0x12": VolumeKind.RECOVERY,  # the maker's diagnostics
    "0x27": VolumeKind.RECOVERY,  # hidden, Windows RE
    "0xde": VolumeKind.RECOVERY,  # Dell's utilities
    "e3c9e316-0b5c-4db8-817d-f92df00215ae": VolumeKind.RESERVED,  # Microsoft reserved
    "21686148-6449-6e6f-744e-656564454649": VolumeKind.RESERVED,  # BIOS boot
    "0657fd6d-a4ab-43c4-84e5-0933c84b4f4f": VolumeKind.SWAP,
    "fe3a2a5d-4f32-41a7-b725-accc3285a309": VolumeKind.CHROMEOS,  # kernel
    "3cb8e202-3b7e-47dd-8a3c-7ff2a13cfcec": VolumeKind.CHROMEOS,  # root
    "cab6e88e-abf3-4102-a07a-d4bb9be3c1d3": VolumeKind.RESERVED,  # ChromeOS firmware
    "2e0a753d-9e48-43b0-8337-b15192cb1b5e": VolumeKind.RESERVED,  # ChromeOS future use
    "53746f72-6167-11aa-aa11-00306543ecac": VolumeKind.MAC,  # Core Storage
    "7c3457ef-0000-11aa-aa11-00306543ecac": VolumeKind.MAC,  # APFS
}
# What a look inside may tell more of; anything else is surer by its type.
_OPEN = frozenset({VolumeKind.WINDOWS, VolumeKind.WINDOWS_DATA, VolumeKind.LINUX})
_OURS = {
    "bios-boot": VolumeKind.RESERVED,
    "efi": VolumeKind.EFI,
    "boot": VolumeKind.BOOT,
    "root": VolumeKind.REPRISE,
}
_EXTENDED = frozenset({"0x5", "0xf", "0x85"})  # only a place for others

# libblkid's names.
_BY_FORMAT = {
    "ntfs": VolumeKind.WINDOWS,
    "vfat": VolumeKind.WINDOWS_DATA,
    "exfat": VolumeKind.WINDOWS_DATA,
    "refs": VolumeKind.WINDOWS_DATA,
    "bitlocker": VolumeKind.BITLOCKER,
    "crypto_luks": VolumeKind.LUKS,
    "ext2": VolumeKind.LINUX,
    "ext3": VolumeKind.LINUX,
    "ext4": VolumeKind.LINUX,
    "btrfs": VolumeKind.LINUX,
    "xfs": VolumeKind.LINUX,
    "f2fs": VolumeKind.LINUX,
    "reiserfs": VolumeKind.LINUX,
    "jfs": VolumeKind.LINUX,
    "swap": VolumeKind.SWAP,
    "swsuspend": VolumeKind.SWAP,
    "lvm2_member": VolumeKind.LVM,
    "lvm1_member": VolumeKind.LVM,
    "hfs": VolumeKind.MAC,
    "hfsplus": VolumeKind.MAC,
    "apfs": VolumeKind.MAC,
    "iso9660": VolumeKind.DISC,
    "udf": VolumeKind.DISC,
}
_RAID = "_raid_member"


def by_format(fs_type: str | None) -> VolumeKind:
    """From libblkid's name of the contents."""
    name = (fs_type or "").casefold()
    if not name:
        return VolumeKind.UNKNOWN
    if name.endswith(_RAID):
        return VolumeKind.RAID
    return _BY_FORMAT.get(name, VolumeKind.OTHER)


def kind_of(part: Partition) -> VolumeKind:
    """What the partition table and the signature of its contents tell."""
    named = _BY_TYPE.get((part.part_type or "").casefold())
    return named or by_format(part.fs_type)


def is_extended(part: Partition) -> bool:
    return (part.part_type or "").casefold() in _EXTENDED


def volumes_of(drive: Drive, read: Iterable[Volume] = ()) -> tuple[tuple[Partition, Volume], ...]:
    """Every partition that is one, or the drive itself where a file system is on all of it; with
    what it is for, never None. `read`: what was learnt inside."""
    inside = {volume.node: volume for volume in read}
    parts: Sequence[Partition] = drive.partitions
    if not parts and drive.fs_type:
        size = drive.identity.size_bytes
        parts = (Partition(drive.node, size, drive.fs_type, drive.label),)
    ours = holds_our_system(drive)
    return tuple(
        (part, _volume(part, _unread(drive, part) or inside.get(part.node), ours=ours))
        for part in parts
        if not is_extended(part)
    )


def is_unread(drive: Drive, name: str = "") -> bool:
    """Whether what is on it, or on its partition of this name, was asked for in vain."""
    place = f"partitions.{name}." if name else "fs_type."
    return any(f"{fact}.".startswith(place) for fact in drive.unknown)


def _unread(drive: Drive, part: Partition) -> Volume | None:
    name = part.node.removeprefix("/dev/").replace("/", "!")
    unread = is_unread(drive, name) and part.fs_type is None
    return Volume(part.node, VolumeKind.UNREAD) if unread else None


def _volume(part: Partition, read: Volume | None, *, ours: bool) -> Volume:
    kind, known = kind_of(part), read or Volume(part.node)
    if ours:  # then each has one of these names
        return Volume(part.node, _OURS[part.part_label or ""], "", known.used_bytes)
    if known.kind is not None and (kind in _OPEN or known.kind is VolumeKind.UNREAD):
        return Volume(part.node, known.kind, known.system, known.used_bytes)
    return Volume(part.node, kind, "", known.used_bytes)


def may_look_inside(drive: Drive, capabilities: Capabilities) -> bool:
    """Whether reading some megabytes of it for the sake of words is fit: not where it fails, hangs,
    is locked or at work, and not of our own medium."""
    ata = capabilities.ata
    hangs = (Reason.TIMED_OUT.value, Reason.SANITIZING.value)
    return not (
        drive.boot.is_boot
        or drive.smart.health is Health.FAILING
        or drive.zoned == "host-managed"
        or (ata is not None and ata.security_locked is Support.YES)
        or any(reason.startswith(hangs) for reason in drive.unknown.values())
    )
