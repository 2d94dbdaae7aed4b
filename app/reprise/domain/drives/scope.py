"""Which drives are no part of the PC: leaving one of those out leaves nothing of it unfinished."""

from __future__ import annotations

from collections.abc import Collection
from typing import Protocol

from reprise.domain.drives.boot_medium import BootSign
from reprise.domain.drives.usb_port import INSIDE, UsbPort
from reprise.domain.pc.hardware import Drive, Transport
from reprise.domain.planning.plan import Refusal, RefusalCode

# Why a drive is left alone as one of ours.
STICK_CODES = frozenset({RefusalCode.BOOT_MEDIUM, RefusalCode.REPRISE_STICK})

# What a drive that this system started from is called. A detail of theirs holds BootSign words.
BOOT_CODES = frozenset({RefusalCode.BOOT_MEDIUM, RefusalCode.BOOT_MEDIUM_INSIDE})


def has_another_system(found: Refusal) -> bool:
    """Whether it is the drive of a running system that is no Reprise medium, as where `reprise
    plan` is asked on somebody's own PC."""
    return found.code in BOOT_CODES and found.detail == BootSign.ROOT


def can_be_taken_out(drive: Drive) -> bool:
    """Whether a drive that this system started from may be a stick or a card of ours: on USB, or a
    card in its slot. On a USB port that is said to be inside the PC only where its medium is
    removable: that may be a card, and firmware calls many a port outside so."""
    if drive.transport is Transport.USB:
        return drive.removable or drive.port not in INSIDE
    return drive.transport is Transport.MMC and drive.removable


class Attached(Protocol):
    """A drive, or what a quick look shows of one."""

    @property
    def transport(self) -> Transport: ...

    @property
    def port(self) -> UsbPort: ...


def hangs_outside(drive: Attached) -> bool:
    """On a USB port that nobody says to be inside the PC."""
    return drive.transport is Transport.USB and drive.port not in INSIDE


def is_outside(drive: Drive | None, refused: Collection[RefusalCode]) -> bool:
    """Whether a drive that was refused for these reasons does not belong to the PC: the stick or
    card that this system started from, and whatever hangs on a USB port outside.

    A label alone makes no stick of a drive inside the PC: anybody may call a partition so, and a
    donor's data would be left out of the count. Nor does it help that the system runs from it: the
    image may have been written onto it long ago. `drive`: None where nothing is known of it.
    """
    if drive is None:
        return False
    if RefusalCode.BOOT_MEDIUM in refused and any(drive.boot.started):
        return can_be_taken_out(drive)
    if not hangs_outside(drive):
        return False
    return not STICK_CODES.union({RefusalCode.NOT_INTERNAL}).isdisjoint(refused)
