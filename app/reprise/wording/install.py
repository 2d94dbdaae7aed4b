"""The system that is installed: its name, its image, and what came of it."""

from __future__ import annotations

from collections.abc import Mapping

from reprise.domain.install.images import ImageKind, InstallCheck, InstallFailure
from reprise.i18n import N_, _

IMAGE_KINDS: Mapping[ImageKind, str] = {
    ImageKind.SQUASHFS: N_("files, as a squashfs"),
    ImageKind.TAR: N_("files, as a tar"),
    ImageKind.RAW: N_("image of a whole drive"),
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
    InstallFailure.ANOTHER_DRIVE: N_("another drive was there than the one that was chosen"),
    InstallFailure.SILENT_DRIVE: N_("the drive did not say any more which one it is"),
    InstallFailure.DRIVE_BUSY: N_("the drive is in use"),
    InstallFailure.NO_PARTITIONS: N_("the new partitions did not appear"),
    InstallFailure.TOOL_FAILED: N_("a tool that is needed failed"),
    InstallFailure.DRIVE_GONE: N_("the drive was not there any more"),
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

# The titles of our own systems in config/images.toml, where a report has the name alone.
_SYSTEMS: Mapping[str, str] = {
    "debian-minimal": N_("Debian 13 minimal (text)"),
    "debian-desktop": N_("Debian 13 with a desktop"),
}

TABLES = (IMAGE_KINDS,)
FREE = (INSTALL_FAILURES, INSTALL_CHECKS)


def system(image: str, version: str) -> str:
    """An installed system by its title, where it is one of ours, with its version."""
    msgid = _SYSTEMS.get(image)
    if msgid is None:
        return f"{image} {version}".strip()
    return f"{_(msgid)}, {version}" if version else _(msgid)
