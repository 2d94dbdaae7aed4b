"""The stick: whether it takes the reports, and whether one can be made of a drive."""

from __future__ import annotations

from collections.abc import Mapping

from reprise.domain.station.stick import StickMisfit, StickReason, StickStatus
from reprise.i18n import N_

STICK_STATES: Mapping[StickStatus, str] = {
    StickStatus.READY: N_("the stick takes the reports"),
    StickStatus.CREATED: N_("the stick takes the reports; its data partition was made just now"),
    StickStatus.MEMORY: N_("the reports are in memory only"),
}

STICK_REASONS: Mapping[StickReason, str] = {
    StickReason.NONE: N_("nothing to report"),
    StickReason.NO_STICK: N_("no Reprise stick is plugged in"),
    StickReason.OPTICAL: N_("Reprise started from an optical disc"),
    StickReason.VENTOY: N_("Reprise started from a Ventoy stick, which it does not write to"),
    StickReason.WRITE_PROTECTED: N_("the stick is write-protected"),
    StickReason.NO_SPACE: N_("the stick has too little free space after the image"),
    StickReason.AMBIGUOUS: N_("several sticks look like the one that Reprise started from"),
    StickReason.TABLE_UNKNOWN: N_("the stick's partition table is not that of the image"),
    StickReason.NO_SLOT: N_("the stick's partition table has no free entry"),
    StickReason.MAKE_FAILED: N_("the data partition could not be made"),
    StickReason.MOUNT_FAILED: N_("the data partition could not be mounted"),
    StickReason.NOT_LIVE: N_("Reprise did not start from a Reprise stick"),
    StickReason.INSIDE: N_(
        "Reprise started from a drive inside the PC, which it does not write to"
    ),
    StickReason.NETWORK: N_("Reprise started from the network, and no Reprise stick is plugged in"),
}

STICK_MISFITS: Mapping[StickMisfit, str] = {
    StickMisfit.NOT_REMOVABLE: N_(
        "it is neither a memory card nor on a USB port outside the PC, so it is no stick"
    ),
    StickMisfit.TOO_SMALL: N_("it is too small for the image and its data partition"),
    StickMisfit.SECTOR_SIZE: N_("its sectors are not of 512 bytes, as the image needs them"),
}

FREE = (STICK_STATES, STICK_REASONS, STICK_MISFITS)
