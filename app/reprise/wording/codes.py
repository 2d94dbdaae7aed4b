"""The msgid of free codes: plain words in journals, keyed by the enum of those that have one."""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum

from reprise.domain.boot_medium import BootSign
from reprise.domain.hardware import Reason
from reprise.domain.images import InstallCheck, InstallFailure
from reprise.domain.plan import LimitationCode, WarningCode
from reprise.domain.stick import StickMisfit, StickReason, StickStatus
from reprise.domain.unreached import UnreachedKind
from reprise.domain.verification import ReasonCode
from reprise.i18n import N_
from reprise.wording.reason_codes import REASONS, SAMPLED
from reprise.wording.stick_codes import (
    INSTALL_CHECKS,
    INSTALL_FAILURES,
    STICK_MISFITS,
    STICK_REASONS,
    STICK_STATES,
)
from reprise.wording.unreached import UNREACHED

CAUSES: Mapping[str, str] = {
    "operator": N_("stopped by the operator"),
    "power-cut": N_("power cut or restart"),
    "unplugged": N_("the drive was unplugged"),
    "crash": N_("the program stopped unexpectedly"),
}

PHASES: Mapping[str, str] = {
    "write": N_("writing"),
    "read": N_("reading"),
    "verify": N_("reading back"),
    "format": N_("the drive is erasing itself"),
    "sanitize": N_("the drive is erasing itself (Sanitize)"),
    "security-erase": N_("the drive is erasing itself"),
    "prepare": N_("preparing the drive"),
    "suspend": N_("the PC sleeps for some seconds"),
    "cooling": N_("waiting for the drive to cool down"),
    "canaries": N_("planting control marks"),
    "install": N_("installing"),
}

CLOCKS: Mapping[str, str] = {
    "ntp": N_("synchronised by the network"),
    "rtc": N_("the PC's own clock, not checked"),
    "rtc-implausible": N_("the PC's own clock, which gives an impossible date"),
    "unknown": N_("unknown"),
}

UNKNOWN_REASONS: Mapping[Reason, str] = {
    Reason.NOT_REPORTED: N_("the hardware does not say"),
    Reason.PLACEHOLDER: N_("the maker left a placeholder"),
    Reason.NEEDS_ROOT: N_("reading it needs root"),
    Reason.TOOL_MISSING: N_("the tool that reads it is missing"),
    Reason.TOOL_FAILED: N_("a tool that is needed failed"),
    Reason.UNREADABLE: N_("the answer cannot be understood or relied on"),
    Reason.TIMED_OUT: N_("no answer in time"),
    Reason.SANITIZING: N_("the drive is erasing itself at this moment"),
    Reason.NOT_SUPPORTED: N_("the hardware does not support it"),
    Reason.VIRTUAL: N_("a virtual drive has no such fact"),
    Reason.ATTRIBUTES_ONLY: N_("the drive gave no verdict of its own"),
    Reason.HIDDEN_BY_RAID: N_("drives are hidden behind a RAID controller"),
    Reason.RAID_MEMBER: N_("it is part of a firmware RAID"),
    Reason.NO_DRIVER: N_("the kernel has no driver for this controller"),
    Reason.NO_NAMESPACE: N_("the NVMe drive shows no namespace"),
}

BOOT_SIGNS: Mapping[BootSign, str] = {
    BootSign.LIVE_MEDIUM: N_("the running system is mounted from it"),
    BootSign.LIVE_CHAIN: N_("it holds the running system's files"),
    BootSign.ROOT: N_("it holds the running system's root"),
    BootSign.ISO_LABEL: N_("it carries the label of a Reprise medium"),
    BootSign.DATA_PARTITION: N_("it carries a REPRISE data partition"),
    BootSign.STARTED: N_("the start found the system on it"),
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
    WarningCode.FROZEN: N_(
        "the PC's firmware froze the drive: the PC will sleep for some seconds first"
    ),
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

# What an adapter says of a drive or a PC, in the details of an event.
SAID: Mapping[str, str] = {
    "sanitize-in-progress": N_("a sanitize operation is under way already"),
    "drive-would-lock": N_(
        "a drive of this PC has a password set and would be locked after the sleep"
    ),
    "identity-silent": N_("the drive no longer says which drive it is"),
    "drive-is-larger": N_("the drive says that it is larger than this PC can reach"),
    "psid-format": N_("this is not a PSID (32 letters and digits)"),
    "wrong-psid": N_("the drive refused the PSID: check the label"),
    "too-many-wrong-psids": N_("too many wrong PSIDs: unplug the drive and plug it in again"),
    "blocked-by-firmware": N_("the PC's firmware blocks the command"),
    "no-suspend-to-memory": N_("this PC cannot be suspended to memory"),
    "suspend-is-not-deep": N_("this PC's sleep does not cut the drives' power"),
    "no-wake-up-clock": N_("this PC has no clock that could wake it"),
    "rtcwake-missing": N_("the program rtcwake is missing"),
    "not-counted": N_("the kernel counted no sleep"),
    "password-removed": N_("the password was removed"),
    "password-not-ours": N_("locked by a password that is not ours"),
    "password-attempts-expired": N_("no more passwords are accepted: switch the PC off and on"),
    "security-frozen": N_("frozen by the PC's firmware"),
    "security-state-unknown": N_("the state of the lock is unknown"),
    "password-left": N_("the password “Reprise” is still set"),
    "was-blank": N_("it was blank"),
    "was-erased": N_("erased and read again"),
    "detached-namespaces": N_("detached namespaces"),
    "unshown-namespaces": N_("namespaces that the system does not show"),
    "unallocated-capacity": N_("unallocated capacity, in bytes"),
    "namespaces-unknown": N_("how many namespaces there are is unknown"),
    "not-shown": N_("the kernel does not show it"),
    "shared": N_("another controller of this PC shows namespaces of the same drive"),
}

# Free codes that an enum of the domain declares. Two enums may share a word, never its meaning.
FREE: Mapping[type[Enum], Mapping[Enum, str]] = {
    Reason: UNKNOWN_REASONS,  # type: ignore[dict-item]
    BootSign: BOOT_SIGNS,  # type: ignore[dict-item]
    ReasonCode: REASONS,  # type: ignore[dict-item]
    LimitationCode: LIMITATIONS,  # type: ignore[dict-item]
    WarningCode: WARNINGS,  # type: ignore[dict-item]
    UnreachedKind: UNREACHED,  # type: ignore[dict-item]
    StickStatus: STICK_STATES,  # type: ignore[dict-item]
    StickReason: STICK_REASONS,  # type: ignore[dict-item]
    StickMisfit: STICK_MISFITS,  # type: ignore[dict-item]
    InstallFailure: INSTALL_FAILURES,  # type: ignore[dict-item]
    InstallCheck: INSTALL_CHECKS,  # type: ignore[dict-item]
}

CODES: Mapping[str, str] = {
    **CAUSES,
    **PHASES,
    **CLOCKS,
    **SAID,
    **{str(member.value): msgid for table in FREE.values() for member, msgid in table.items()},
}
