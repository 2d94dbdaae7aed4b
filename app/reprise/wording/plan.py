"""What is to be done with a drive: techniques, what goes before, what one must know first."""

from __future__ import annotations

from collections.abc import Mapping

from reprise.domain.erasure.pattern import Stream
from reprise.domain.planning.plan import ConfirmedBy, LimitationCode, Preparation, WarningCode
from reprise.domain.planning.techniques import Method, Technique, VerifyDepth
from reprise.domain.planning.unusual import Unusual, UnusualCode
from reprise.i18n import N_
from reprise.i18n import _ as translate
from reprise.wording.verdicts import SAMPLED

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

STREAMS: Mapping[Stream, str] = {
    Stream.AES_256_CTR: N_("AES-256-CTR"),
    Stream.CHACHA20: N_("ChaCha20 (RFC 8439)"),
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

LIMITATIONS: Mapping[LimitationCode, str] = {
    LimitationCode.SPARE_AREA: N_(
        "flash memory keeps spare and worn-out blocks that a PC cannot address: it is not"
        " proven that the erasure reached them, and they may hold remains of data"
    ),
    LimitationCode.REALLOCATED: N_(
        "sectors that the drive had already replaced by spare ones cannot be addressed: it is"
        " not proven that the erasure reached them, and they may hold remains of data"
    ),
    LimitationCode.LOWERED_CAPACITY: N_(
        "whether the drive's capacity was lowered (MODE SELECT) was not looked for: what may lie "
        "beyond is not reached"
    ),
    LimitationCode.HIDDEN_AREAS: N_(
        "hidden areas (HPA, DCO, AMAC) were not looked for: nothing can be said of what they may"
        " hold"
    ),
    LimitationCode.MEDIA_UNKNOWN: N_(
        "whether the drive uses flash memory is unknown: it may have spare blocks that were not"
        " reached"
    ),
    LimitationCode.FILE_ONLY: N_(
        "this is a file presented as a drive: the disk that carries the file was not treated"
    ),
    LimitationCode.SAMPLED: SAMPLED,
    LimitationCode.ZEROS_UNPROVEN: N_(
        "blocks that read as zeros may be unmapped rather than erased: a PC cannot see the"
        " difference"
    ),
    LimitationCode.CRYPTO_UNOBSERVABLE: N_(
        "that the drive destroyed its encryption key cannot be observed from outside"
    ),
    LimitationCode.NOISE_MAY_BE_DATA: N_(
        "what reads as noise may be encrypted or well compressed data, too: no statistic can tell"
    ),
    LimitationCode.DRIVE_WORD: N_(
        "the drive's own firmware did the erasure, out of sight: part of the proof rests on its"
        " word"
    ),
    LimitationCode.OTHER_NAMESPACES: N_(
        "the drive holds other namespaces or unallocated space that were not reached"
    ),
    LimitationCode.NAMESPACES_UNREAD: N_(
        "the NVMe drive has, or may have, namespaces that no PC sees at the moment: its own erasure"
        " covers them, but they were not read back"
    ),
    LimitationCode.NVME_RPMB: N_(
        "the small replay-protected memory of the NVMe drive, which no PC can erase, was not"
        " reached"
    ),
    LimitationCode.NVME_BOOT: N_(
        "the NVMe drive's boot partitions, which hold firmware and no files, were not reached"
    ),
    LimitationCode.MMC_RPMB: N_(
        "the small replay-protected area of the eMMC, which no PC can erase, was not reached"
    ),
    LimitationCode.MMC_AREAS: N_("the boot and other special areas of the eMMC were not reached"),
}

WARNINGS: Mapping[WarningCode, str] = {
    WarningCode.HEALTH_FAILING: N_("the drive reports that it is failing"),
    WarningCode.HEALTH_UNKNOWN: N_("the drive's health is unknown"),
    WarningCode.PENDING_SECTORS: N_("some sectors are waiting to be replaced"),
    WarningCode.REALLOCATED_SECTORS: N_("some sectors have been replaced already"),
    WarningCode.FORMAT_UNKNOWN: N_("whether the drive supports NVMe Format is unknown"),
    WarningCode.FORMAT_SEVERAL_NAMESPACES: N_(
        "the drive has several namespaces, so NVMe Format is not used"
    ),
    WarningCode.UNALLOCATED_CAPACITY: N_(
        "part of the drive's capacity is not allocated to any namespace"
    ),
    WarningCode.OUT_OF_REACH: N_(
        "part of the drive (detached namespaces or unallocated capacity) is out of reach: what is "
        "erased will not count as a success"
    ),
    WarningCode.BELOW_POLICY: N_(
        "nothing that this drive can do reaches what the policy asks for: it will be erased "
        "and still not count as a success"
    ),
    WarningCode.HIDDEN_AREA: N_(
        "the drive hides part of its space; it will be made visible and erased too"
    ),
    WarningCode.MAY_HIDE: N_(
        "the drive cannot be asked whether it hides a part of itself, so its erasure cannot be "
        "verified"
    ),
    WarningCode.TAIL_OUT_OF_REACH: N_(
        "the drive says that it is larger than this PC can reach through its adapter: what lies "
        "beyond is not erased"
    ),
    WarningCode.PASSWORD_SET: N_(
        "a password is set on the drive, and it is open only until its power is cut: the PC is "
        "not put to sleep, so some of what its drives can do is not used. Remove the password in "
        "the PC's firmware setup first if you can"
    ),
    WarningCode.OPAL_OPEN: N_(
        "the drive locks itself with a password (Opal), and it is open only until its power is "
        "cut: the PC is not put to sleep, so some of what its drives can do is not used. Remove "
        "the password first, in the PC's firmware setup or with the program that set it, if you can"
    ),
    WarningCode.FROZEN: N_("frozen by the firmware: the PC sleeps a few seconds first"),
    WarningCode.LOCKED: N_(
        "the drive is locked, perhaps by an erasure of ours that was cut off: our password "
        "will be tried once"
    ),
    WarningCode.SANITIZING: N_("the drive is erasing itself at this moment"),
    WarningCode.DENIED: N_("the policy rules out a technique for this model"),
    WarningCode.BRIDGED: N_(
        "the drive is behind a USB adapter: what it can do by itself is not used"
    ),
}

UNUSUAL: Mapping[UnusualCode, str] = {
    UnusualCode.NOT_INTERNAL: N_("{detail} is not inside the PC: it is removable or on USB."),
    UnusualCode.NEIGHBOUR_REFUSED: N_("{detail}, a drive of this PC, will not be erased."),
    UnusualCode.MANY_DRIVES: N_("This PC has {detail} drives to erase: is it still in use?"),
    UnusualCode.SERVER: N_("This machine is a server: is it still in use?"),
    UnusualCode.HIDDEN_STORAGE: N_("A controller of this PC may hide drives."),
    UnusualCode.FROM_ANOTHER_PC: N_("The erasure of {detail} began in another PC."),
    UnusualCode.PERHAPS_FROM_ANOTHER_PC: N_(
        "The erasure of {detail} perhaps began in another PC: no number tells the PCs apart."
    ),
    UnusualCode.BELOW_POLICY: N_("{detail} cannot be erased as strongly as the policy asks."),
    UnusualCode.ABSENT: N_(
        "The erasure of {detail} began in this PC and did not come to its end, and the drive is "
        "not there: a report of what is there may call the PC erased."
    ),
    UnusualCode.MORE_ABSENT: N_(
        "The erasure of {detail} other drives began in this PC and did not come to its end, and "
        "they are not there either."
    ),
}

CONFIRMED_BY: Mapping[ConfirmedBy, str] = {
    ConfirmedBy.OPERATOR: N_("the operator"),
    ConfirmedBy.UNATTENDED: N_("the station's settings, without an operator"),
}

TABLES = (METHODS, TECHNIQUES, DEPTHS, STREAMS, PREPARATIONS, UNUSUAL, CONFIRMED_BY)
FREE = (LIMITATIONS, WARNINGS)


def technique(value: Technique) -> str:
    return translate(TECHNIQUES[value])


def method(value: Method) -> str:
    return translate(METHODS[value])


def method_gloss(value: Method) -> str:
    """A plain sentence part on what the method protects against."""
    return translate(METHOD_GLOSSES[value])


def depth(value: VerifyDepth) -> str:
    return translate(DEPTHS[value])


def preparation(value: Preparation) -> str:
    return translate(PREPARATIONS[value])


def unusual(one: Unusual) -> str:
    """Why something is unusual, as a sentence."""
    return translate(UNUSUAL[one.code]).format(detail=one.detail)
