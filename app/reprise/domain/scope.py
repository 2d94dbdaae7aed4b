"""Which drives are no part of the PC: leaving one of those out leaves nothing of it unfinished."""

from __future__ import annotations

from collections.abc import Collection

from reprise.domain.hardware import Drive, Transport
from reprise.domain.plan import RefusalCode

# Why a drive is left alone as one of ours.
STICK_CODES = frozenset({RefusalCode.BOOT_MEDIUM, RefusalCode.REPRISE_STICK})


def is_outside(drive: Drive | None, refused: Collection[RefusalCode]) -> bool:
    """Whether a drive that was refused for these reasons does not belong to the PC: what this
    system runs from, and, on USB, a Reprise stick or what is not internal.

    A label alone makes no stick of a drive inside the PC: anybody may call a partition so, and a
    donor's data would be left out of the count. Nor does a refused memory card or eMMC go: it may
    be soldered. `drive`: None where nothing is known of it.
    """
    if drive is None:
        return False
    if any(drive.boot.running) and RefusalCode.BOOT_MEDIUM in refused:
        return True
    on_usb = drive.transport is Transport.USB
    return on_usb and not STICK_CODES.union({RefusalCode.NOT_INTERNAL}).isdisjoint(refused)
