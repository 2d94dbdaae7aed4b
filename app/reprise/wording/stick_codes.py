"""The msgid of codes about the stick, and about the system that is installed from it."""

from __future__ import annotations

from collections.abc import Mapping

from reprise.domain.images import InstallCheck, InstallFailure
from reprise.domain.stick import StickMisfit, StickReason, StickStatus
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

INSTALL_FAILURES: Mapping[InstallFailure, str] = {
    InstallFailure.IMAGE_UNREADABLE: N_("the system's image cannot be read"),
    InstallFailure.DIGEST_MISMATCH: N_("the system's image is damaged: its digest is wrong"),
    InstallFailure.UNSUITABLE: N_("the system's image lacks what a PC needs to start"),
    InstallFailure.SECTORS: N_("this system needs a drive with sectors of 512 bytes"),
    InstallFailure.NOT_AS_WRITTEN: N_("the drive does not give back what was written"),
    InstallFailure.DRIVE_TOO_SMALL: N_("the drive is too small for this system"),
    InstallFailure.MEMORY_TOO_SMALL: N_("this PC has too little memory for this system"),
    InstallFailure.REFUSED: N_("the drive was refused for safety"),
    InstallFailure.DRIVE_BUSY: N_("the drive is in use"),
    InstallFailure.NO_PARTITIONS: N_("the new partitions did not appear"),
    InstallFailure.TOOL_FAILED: N_("a tool that is needed failed"),
    InstallFailure.DRIVE_ERROR: N_("the drive reported an error"),
    InstallFailure.NOT_CLEAN: N_("the installed file system does not pass its check"),
    InstallFailure.STOPPED: N_("the operator stopped the work"),
}

INSTALL_CHECKS: Mapping[InstallCheck, str] = {
    InstallCheck.WHOLE: N_("every file was read back and compared with the image"),
    InstallCheck.WHOLE_ENCRYPTED: N_(
        "every file was read back and compared with the image; the drive is encrypted, and asks "
        "for its passphrase at every start"
    ),
    InstallCheck.WHOLE_FOR_OWNER: N_(
        "every file was read back and compared with the image; the drive is encrypted, and its "
        "owner chooses the passphrase at the first start: until then the drive opens by itself"
    ),
    InstallCheck.WHOLE_AS_IT_IS: N_(
        "every byte was read back and compared; the image's own names and users are in force"
    ),
}
