"""What is on a partition, in words. The names of file systems say nothing to most people."""

from __future__ import annotations

from collections.abc import Mapping

from reprise.domain.drives.volumes import SERVING, Volume, VolumeKind, volumes_of
from reprise.domain.pc.hardware import Drive, Partition
from reprise.i18n import N_, _
from reprise.wording.formats import join, printable, size

_KINDS: Mapping[VolumeKind, str] = {
    VolumeKind.WINDOWS: N_("Windows partition"),
    VolumeKind.WINDOWS_DATA: N_("data (Windows format)"),
    VolumeKind.LINUX: N_("Linux partition"),
    VolumeKind.LINUX_DATA: N_("data (Linux format)"),
    VolumeKind.MAC: N_("macOS partition"),
    VolumeKind.CHROMEOS: N_("ChromeOS partition"),
    VolumeKind.REPRISE: N_("system installed by Reprise"),
    VolumeKind.BITLOCKER: N_("encrypted (BitLocker)"),
    VolumeKind.LUKS: N_("encrypted (Linux, LUKS)"),
    VolumeKind.LVM: N_("Linux volumes (LVM)"),
    VolumeKind.RAID: N_("RAID member"),
    VolumeKind.DISC: N_("disc image"),
    VolumeKind.OTHER: N_("partition of another format"),
    VolumeKind.EFI: N_("boot partition (EFI)"),
    VolumeKind.BOOT: N_("boot partition"),
    VolumeKind.RECOVERY: N_("recovery partition"),
    VolumeKind.RESERVED: N_("reserved partition"),
    VolumeKind.SWAP: N_("swap partition"),
    VolumeKind.UNREAD: N_("could not be read"),
    VolumeKind.UNKNOWN: N_("no known file system"),
}
TABLES = (_KINDS,)


_SHORT: Mapping[VolumeKind, str] = {
    VolumeKind.WINDOWS_DATA: N_("data"),
    VolumeKind.LINUX_DATA: N_("data"),
}


def volume_title(part: Partition, volume: Volume, *, short: bool = False) -> str:
    """The system that is on it, by name, else what it is for; with the label that its owner may
    have given: Windows 10 « Disque de Marie »."""
    kind = volume.kind or VolumeKind.UNKNOWN
    plain = (_SHORT.get(kind) if short else None) or _KINDS[kind]
    title = volume.system or _(plain)
    named = part.label or (part.part_label if kind is VolumeKind.UNKNOWN else None)
    label = printable(named or "")
    if not label or kind in SERVING or label.casefold() in title.casefold():
        return title
    return _("{title} “{label}”").format(title=title, label=label)


def volume_kinds(drive: Drive) -> str:
    """What its partitions are for, each kind once; no name that its owner may have given."""
    kinds = (_KINDS[volume.kind or VolumeKind.UNKNOWN] for _part, volume in volumes_of(drive))
    return join(_(kind) for kind in dict.fromkeys(kinds))


def room(part: Partition, volume: Volume, *, short: bool = False) -> str:
    """87 GB used of 250 GB, or the size alone where what is used is not known."""
    whole = size(part.size_bytes)
    if volume.used_bytes is None:
        return whole
    used = size(_rounded(volume.used_bytes))
    return (_("{used} used") if short else _("{used} used of {whole}")).format(
        used=used, whole=whole
    )


def _rounded(size_bytes: int) -> int:
    """Whole units from ten on: nobody tells drives apart by less."""
    unit = 10 ** ((len(str(size_bytes)) - 1) // 3 * 3)
    return size_bytes if size_bytes < 10 * unit else round(size_bytes / unit) * unit
