"""Is this drive the stick that started the system, or any Reprise stick?

Several independent signs, because the system may have been copied to memory and the stick
unmounted: a sign may be missing, all of them may not.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from reprise.adapters.hardware.blocks import node_of
from reprise.adapters.hardware.sysfs import read_text
from reprise.domain.drives.boot_medium import DATA_LABEL, ISO_LABELS, BootMedium, BootSign
from reprise.domain.pc.hardware import Partition, Use, UseKind

# What may hold the system's files beside others, by libblkid's names: docs/decisions/0217.
FAT_KINDS = frozenset({"vfat", "exfat"})

_MEDIUM = frozenset({"/run/live/medium", "/lib/live/mount/medium"})
_ROOT = frozenset({"/", "/usr", "/boot", "/boot/efi"})
_LIVE = "/run/live/"


def judge_boot(
    labels: Iterable[str | None],
    partitions: Sequence[Partition],
    uses: Sequence[Use],
    *,
    started: bool = False,
) -> BootMedium:
    """`labels` are all file-system labels read from the whole drive, by every source; `started`:
    what is_noted says of it."""
    signs = [*_mounted(uses), *_labelled({*labels}, partitions)]
    return by_signs([*signs, BootSign.STARTED] if started else signs)


def by_signs(signs: Iterable[BootSign]) -> BootMedium:
    unique = list(dict.fromkeys(signs))
    return BootMedium(is_boot=bool(unique), how=",".join(unique) or None)


def read_note(run: Path) -> Mapping[str, str]:
    """What the initramfs wrote down of its medium (live-boot's 9991-reprise.sh): udev's names and
    values; nothing where this system did not start so."""
    pairs = (line.partition("=") for line in (read_text(run / "medium") or "").splitlines())
    return {key.strip(): value.strip().strip("'\"") for key, equals, value in pairs if equals}


def is_noted(
    note: Mapping[str, str], place: str, serial: str | None, volumes: Iterable[Partition]
) -> bool:
    """Whether a drive is the medium of the note. Copies of an image share a UUID; this one
    stands where it stood (`place`, below /sys), or has its serial number (ID_SERIAL).

    A FAT whose own serial number is 0 has no UUID: then both must be the same, and that very
    volume must have none. `volumes`: the drive as a whole, and its partitions."""
    uuid, where, who = (note.get(key, "") for key in ("ID_FS_UUID", "DEVPATH", "ID_SERIAL"))
    stands, same = f"{where}/".startswith(f"{place}/"), who != "" and who == serial
    if uuid:
        return (stands or same) and any(volume.uuid == uuid for volume in volumes)
    node = node_of(where.rpartition("/")[2])
    kind = note.get("ID_FS_TYPE", "")
    nameless = (volume.fs_type for volume in volumes if volume.node == node and volume.uuid is None)
    return stands and same and kind in FAT_KINDS and kind in nameless


def _mounted(uses: Sequence[Use]) -> Iterable[BootSign]:
    points = {use.detail for use in uses if use.kind is UseKind.MOUNT}
    if points & _MEDIUM:
        yield BootSign.LIVE_MEDIUM
    if any(point.startswith(_LIVE) for point in points - _MEDIUM):
        yield BootSign.LIVE_CHAIN
    if points & _ROOT:
        yield BootSign.ROOT


def _labelled(labels: set[str | None], partitions: Sequence[Partition]) -> Iterable[BootSign]:
    inside = {part.label for part in partitions} | {part.part_label for part in partitions}
    if ISO_LABELS & (labels | inside):
        yield BootSign.ISO_LABEL
    if DATA_LABEL in labels | inside:
        yield BootSign.DATA_PARTITION
