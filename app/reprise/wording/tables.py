"""The msgid of every member of the domain's enums. A unit test fails where one is missing."""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum

from reprise.domain.capabilities import SanitizeState, Support
from reprise.domain.delivery import Outcome as SendOutcome
from reprise.domain.events import ObservationKind, Purpose
from reprise.domain.hardware import Health, MediaKind, Transport, UseKind
from reprise.domain.images import ImageKind
from reprise.domain.lifecycle import DriveState
from reprise.domain.outcome import Outcome
from reprise.domain.pattern import Stream
from reprise.domain.plan import Preparation, RefusalCode
from reprise.domain.techniques import Method, Technique, Verdict, VerifyDepth
from reprise.domain.usb_port import UsbPort
from reprise.i18n import N_

VERDICTS: Mapping[Verdict, str] = {
    Verdict.VERIFIED: N_("Verified"),
    Verdict.UNVERIFIED: N_("Not verified"),
    Verdict.FAILED: N_("Failed"),
}

STATES: Mapping[DriveState, str] = {
    DriveState.DETECTED: N_("Detected, not treated"),
    DriveState.PLANNED: N_("Planned"),
    DriveState.REFUSED: N_("Refused"),
    DriveState.CONFIRMED: N_("Confirmed"),
    DriveState.ERASING: N_("Erasing"),
    DriveState.VERIFYING: N_("Verifying"),
    DriveState.SANITIZED: N_("Erased and verified"),
    DriveState.UNVERIFIED: N_("Erasure not verified"),
    DriveState.FAILED: N_("Erasure failed"),
    DriveState.INTERRUPTED: N_("Interrupted"),
}

METHODS: Mapping[Method, str] = {
    Method.NONE: N_("None"),
    Method.CLEAR: N_("Clear"),
    Method.PURGE: N_("Purge"),
    Method.DESTROY: N_("Destroy"),
}

METHOD_GLOSSES: Mapping[Method, str] = {
    Method.NONE: N_("no level of erasure may be claimed"),
    Method.CLEAR: N_(
        "logical erasure of all the space a PC can address; protects against simple recovery,"
        " with the drive left whole"
    ),
    Method.PURGE: N_(
        "erasure by the drive itself; recovery is infeasible even with a state-of-the-art"
        " laboratory, and the drive stays usable"
    ),
    Method.DESTROY: N_("physical destruction; the drive cannot be used again"),
}

TECHNIQUES: Mapping[Technique, str] = {
    Technique.OVERWRITE: N_("Overwrite with pseudo-random data"),
    Technique.ATA_SANITIZE_BLOCK: N_("ATA Sanitize, block erase"),
    Technique.ATA_SANITIZE_CRYPTO: N_("ATA Sanitize, crypto scramble"),
    Technique.ATA_SANITIZE_OVERWRITE: N_("ATA Sanitize, overwrite by the drive"),
    Technique.ATA_SECURITY_ERASE: N_("ATA Security Erase, normal"),
    Technique.ATA_SECURITY_ERASE_ENHANCED: N_("ATA Security Erase, enhanced"),
    Technique.NVME_SANITIZE_BLOCK: N_("NVMe Sanitize, block erase"),
    Technique.NVME_SANITIZE_OVERWRITE: N_("NVMe Sanitize, overwrite by the drive"),
    Technique.NVME_SANITIZE_CRYPTO: N_("NVMe Sanitize, cryptographic erase"),
    Technique.SCSI_SANITIZE_OVERWRITE: N_("SCSI Sanitize, overwrite by the drive"),
    Technique.SCSI_SANITIZE_BLOCK: N_("SCSI Sanitize, block erase"),
    Technique.SCSI_SANITIZE_CRYPTO: N_("SCSI Sanitize, cryptographic erase"),
    Technique.MMC_ERASE: N_("eMMC erase of every area, and Sanitize"),
    Technique.TCG_PSID_REVERT: N_("TCG revert by the PSID of the label"),
    Technique.NVME_FORMAT_USER_DATA: N_("NVMe Format, user data erase"),
    Technique.NVME_FORMAT_CRYPTO: N_("NVMe Format, cryptographic erase"),
}

DEPTHS: Mapping[VerifyDepth, str] = {
    VerifyDepth.FULL: N_("Full read-back"),
    VerifyDepth.SAMPLE: N_("Sampled read-back"),
}

HEALTHS: Mapping[Health, str] = {
    Health.PASSED: N_("good"),
    Health.FAILING: N_("failing"),
    Health.UNKNOWN: N_("not known"),
}

TRANSPORTS: Mapping[Transport, str] = {
    Transport.SATA: "SATA",
    Transport.ATA: "ATA",
    Transport.NVME: "NVMe",
    Transport.SAS: "SAS",
    Transport.SCSI: "SCSI",
    Transport.USB: "USB",
    Transport.MMC: N_("memory card or eMMC"),
    Transport.VIRTIO: N_("virtual drive (virtio)"),
    Transport.LOOP: N_("file (loop device)"),
    Transport.UNKNOWN: N_("unknown connection"),
}

USB_PORTS: Mapping[UsbPort, str] = {
    UsbPort.UNKNOWN: N_("unknown whether its port is inside the PC"),
    UsbPort.OUTSIDE: N_("on a port outside the PC"),
    UsbPort.FIXED: N_("on a port inside the PC"),
    UsbPort.SLOT: N_("in one of several slots of a card reader"),
}

MEDIA: Mapping[MediaKind, str] = {
    MediaKind.HDD: N_("hard disk (HDD)"),
    MediaKind.SSD: N_("solid-state drive (SSD)"),
    MediaKind.FLASH: N_("flash memory (stick, card, eMMC)"),
    MediaKind.FILE: N_("file"),
    MediaKind.UNKNOWN: N_("unknown kind of media"),
}

SUPPORTS: Mapping[Support, str] = {
    Support.YES: N_("yes"),
    Support.NO: N_("no"),
    Support.UNKNOWN: N_("unknown"),
}

USES: Mapping[UseKind, str] = {
    UseKind.MOUNT: N_("mounted"),
    UseKind.SWAP: N_("used as swap"),
    UseKind.HOLDER: N_("held by another device"),
}

REFUSALS: Mapping[RefusalCode, str] = {
    RefusalCode.BOOT_MEDIUM: N_("it is the medium that Reprise started from"),
    RefusalCode.REPRISE_STICK: N_("it bears the name of a Reprise stick"),
    RefusalCode.MOUNTED: N_("a file system on it is mounted"),
    RefusalCode.SWAP: N_("it is in use as swap"),
    RefusalCode.HELD: N_("another device (RAID, LVM, encryption, multipath) holds it"),
    RefusalCode.READ_ONLY: N_("it is read-only"),
    RefusalCode.UNPLUGGED: N_("it was there and no longer is"),
    RefusalCode.IDENTITY_CHANGED: N_("it is no longer the drive that was planned"),
    RefusalCode.IDENTITY_UNKNOWN: N_("it has neither a serial number nor a WWN to name it by"),
    RefusalCode.IDENTITY_AMBIGUOUS: N_("another drive has the same identity"),
    RefusalCode.NO_SIZE: N_("it gives no usable size"),
    RefusalCode.HOST_MANAGED: N_(
        "it accepts writes only in the order of its zones (host-managed SMR), which Reprise "
        "cannot do"
    ),
    RefusalCode.NOT_INTERNAL: N_("it is not an internal drive (USB, memory card, removable)"),
    RefusalCode.BOOT_MEDIUM_INSIDE: N_("Reprise started from it, though it is inside the PC"),
    RefusalCode.USB_INSIDE: N_("it is on a USB port that the firmware calls part of the PC"),
    RefusalCode.CARD_INSIDE: N_("it is a memory card in a reader of the PC"),
    RefusalCode.SANITIZING: N_("it is erasing itself at this moment"),
    RefusalCode.PROBE_INCOMPLETE: N_("too little could be read from it to be sure"),
    RefusalCode.TECHNIQUE_UNSUPPORTED: N_("it does not support the technique asked for"),
    RefusalCode.SECURITY_LOCKED: N_("it is locked by a password that is not ours"),
    RefusalCode.SECURITY_EXPIRED: N_(
        "it is locked and accepts no more passwords until it is switched off"
    ),
}

OBSERVATIONS: Mapping[ObservationKind, str] = {
    ObservationKind.COMMAND_ACCEPTED: N_("the drive accepted the command"),
    ObservationKind.COMMAND_FINISHED: N_("the drive reported the end of the command"),
    ObservationKind.COMMAND_FAILED: N_("the command failed"),
    ObservationKind.FLUSHED: N_("the drive's write cache was flushed"),
    ObservationKind.FLUSH_FAILED: N_("the drive's write cache could not be flushed"),
    ObservationKind.FLUSH_NOT_SENT: N_(
        "no write cache was flushed: the system takes the drive for one without, and the drive "
        "takes no such command"
    ),
    ObservationKind.CANARIES_PLANTED: N_("control marks were planted before the erasure"),
    ObservationKind.MARKS_MOVED: N_(
        "some places for control marks are bad: their marks were planted nearby"
    ),
    ObservationKind.CANARIES_GONE: N_("all control marks are gone"),
    ObservationKind.CANARY_SURVIVED: N_("a control mark survived the erasure"),
    ObservationKind.READBACK_MATCHES: N_("what was read back is exactly what was written"),
    ObservationKind.READBACK_ERASED: N_("what was read back is one erased pattern"),
    ObservationKind.READBACK_MISMATCH: N_("what was read back is not what was expected"),
    ObservationKind.READBACK_INCOMPLETE: N_("the read-back did not cover all that it should"),
    ObservationKind.WRAPPED: N_("data of another address was found: the capacity is fake"),
    ObservationKind.IDENTITY_CHANGED: N_("the drive is no longer the same"),
    ObservationKind.WRITE_ERRORS: N_("some sectors could not be written"),
    ObservationKind.READ_ERRORS: N_("some sectors could not be read"),
    ObservationKind.COMMAND_RUNNING: N_("the command was seen in progress"),
    ObservationKind.COMMAND_HUNG: N_("the command did not finish in time"),
    ObservationKind.STATUS_NOT_OURS: N_("the drive's status is about an older command"),
    ObservationKind.TOO_QUICK: N_("it was far quicker than the drive's own estimate"),
    ObservationKind.UNREADABLE_UNTIL_WRITTEN: N_(
        "after this erase the drive must be written before it can be read"
    ),
    ObservationKind.REATTACHED: N_("the operation went on without us and was taken up again"),
    ObservationKind.HIDDEN_AREA_LEFT: N_("a hidden part of the drive was not reached"),
    ObservationKind.AREA_KEPT_DATA: N_("a special area of the drive still holds data"),
    ObservationKind.AREA_ERASED: N_("a special area of the drive was looked at and holds nothing"),
    ObservationKind.AREA_UNKNOWN: N_("a special area of the drive could not be looked into"),
    ObservationKind.SMART_COUNTERS: N_("replaced and waiting sectors, before and after"),
    ObservationKind.PAUSED_HOT: N_("paused: the drive was too hot"),
    ObservationKind.RESUMED_COOL: N_("resumed: the drive had cooled down"),
    ObservationKind.TEMPERATURE_UNKNOWN: N_("its temperature could not be read"),
    ObservationKind.STALLED: N_("the drive kept a transfer waiting for long"),
    ObservationKind.STOPPED: N_("the operator stopped the work"),
}

SANITIZE_STATES: Mapping[SanitizeState, str] = {
    SanitizeState.IDLE: N_("no sanitize operation is known"),
    SanitizeState.SUCCEEDED: N_("the last sanitize operation succeeded"),
    SanitizeState.RUNNING: N_("a sanitize operation is running"),
    SanitizeState.FAILED: N_("the last sanitize operation failed"),
    SanitizeState.FROZEN: N_("sanitize operations are frozen until the next start"),
    SanitizeState.UNKNOWN: N_("unknown"),
}

PREPARATIONS: Mapping[Preparation, str] = {
    Preparation.THAW: N_("thaw it by a short suspend of the PC"),
    Preparation.UNLOCK: N_("unlock it with Reprise's published password"),
    Preparation.REMOVE_HPA: N_("remove its hidden area (HPA)"),
    Preparation.REMOVE_AMAC: N_("remove its hidden area (AMAC)"),
    Preparation.RESTORE_DCO: N_("restore its full size (DCO)"),
    Preparation.ATTACH_NAMESPACES: N_(
        "attach its detached namespaces and overwrite them too, unless it erases itself"
    ),
}

SENDINGS: Mapping[SendOutcome, str] = {
    SendOutcome.ACCEPTED: N_("the server has the report"),
    SendOutcome.REFUSED: N_("the server refused the report"),
    SendOutcome.RETRY: N_("the server could not accept the report for now"),
    SendOutcome.OFFLINE: N_("the server cannot be reached"),
}

PURPOSES: Mapping[Purpose, str] = {
    Purpose.REAL: N_("a real PC"),
    Purpose.DEMONSTRATION: N_("a demonstration: nothing was erased"),
}

IMAGE_KINDS: Mapping[ImageKind, str] = {
    ImageKind.SQUASHFS: N_("files, as a squashfs"),
    ImageKind.TAR: N_("files, as a tar"),
    ImageKind.RAW: N_("image of a whole drive"),
}

OUTCOMES: Mapping[Outcome, str] = {
    Outcome.ERASED: N_("Erased and verified"),
    Outcome.FAILED: N_("Failed"),
    Outcome.INTERRUPTED: N_("Interrupted"),
    Outcome.UNVERIFIED: N_("Not verified"),
    Outcome.INCOMPLETE: N_("Not all erased"),
    Outcome.NO_DRIVE: N_("No drive"),
}

STREAMS: Mapping[Stream, str] = {
    Stream.AES_256_CTR: N_("AES-256-CTR"),
    Stream.CHACHA20: N_("ChaCha20 (RFC 8439)"),
}

# The enums whose words are not free codes: their values may mean something else there.
TABLES: Mapping[type[Enum], Mapping[Enum, str]] = {
    Verdict: VERDICTS,  # type: ignore[dict-item]
    DriveState: STATES,  # type: ignore[dict-item]
    Method: METHODS,  # type: ignore[dict-item]
    Technique: TECHNIQUES,  # type: ignore[dict-item]
    VerifyDepth: DEPTHS,  # type: ignore[dict-item]
    Health: HEALTHS,  # type: ignore[dict-item]
    Transport: TRANSPORTS,  # type: ignore[dict-item]
    UsbPort: USB_PORTS,  # type: ignore[dict-item]
    MediaKind: MEDIA,  # type: ignore[dict-item]
    Support: SUPPORTS,  # type: ignore[dict-item]
    UseKind: USES,  # type: ignore[dict-item]
    RefusalCode: REFUSALS,  # type: ignore[dict-item]
    ObservationKind: OBSERVATIONS,  # type: ignore[dict-item]
    SanitizeState: SANITIZE_STATES,  # type: ignore[dict-item]
    Preparation: PREPARATIONS,  # type: ignore[dict-item]
    SendOutcome: SENDINGS,  # type: ignore[dict-item]
    Purpose: PURPOSES,  # type: ignore[dict-item]
    Outcome: OUTCOMES,  # type: ignore[dict-item]
    ImageKind: IMAGE_KINDS,  # type: ignore[dict-item]
    Stream: STREAMS,  # type: ignore[dict-item]
}
