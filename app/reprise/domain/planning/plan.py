"""What a plan holds, for each drive: refusals, or attempts in order. planner.py makes it.

A plan is a value: it can be printed, hashed and confirmed before anything is written."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from reprise.domain.pc.hardware import DriveIdentity
from reprise.domain.planning.techniques import Method, Technique, VerifyDepth


class RefusalCode(StrEnum):
    BOOT_MEDIUM = "boot-medium"
    REPRISE_STICK = "reprise-stick"
    MOUNTED = "mounted"
    SWAP = "swap"
    HELD = "held"
    READ_ONLY = "read-only"
    IDENTITY_CHANGED = "identity-changed"
    IDENTITY_UNKNOWN = "identity-unknown"
    IDENTITY_AMBIGUOUS = "identity-ambiguous"
    UNPLUGGED = "unplugged-since-seen"  # an earlier look of this session showed it
    NO_SIZE = "no-size"
    HOST_MANAGED = "host-managed-zones"  # SMR or ZNS: each zone is written from its start only
    NOT_INTERNAL = "not-internal"
    BOOT_MEDIUM_INSIDE = "boot-medium-inside"  # the system started from a drive of the PC itself
    USB_INSIDE = "usb-inside"  # on USB, and the firmware calls its port part of the PC
    CARD_INSIDE = "card-inside"  # a memory card in a reader that is, or may be, built in
    SANITIZING = "sanitize-in-progress"  # by a command that was given before we came
    PROBE_INCOMPLETE = "probe-incomplete"
    TECHNIQUE_UNSUPPORTED = "technique-unsupported"
    SECURITY_LOCKED = "ata-security-locked"  # by a password that is not ours
    SECURITY_EXPIRED = "ata-security-count-expired"  # until the next power cycle


class Preparation(StrEnum):
    """What must be done to a drive before an attempt can reach all of it."""

    THAW = "thaw-by-suspend"  # ATA security frozen by the firmware
    UNLOCK = "unlock-our-password"  # an erase of ours was cut off and left the drive locked
    REMOVE_HPA = "remove-hpa"
    REMOVE_AMAC = "remove-amac"
    RESTORE_DCO = "restore-dco"
    ATTACH_NAMESPACES = "attach-namespaces"  # NVMe, by the overwrite itself, and only meanwhile


# What hides part of a drive from every attempt, until it is done.
UNHIDES = frozenset({Preparation.REMOVE_HPA, Preparation.REMOVE_AMAC, Preparation.RESTORE_DCO})


class LimitationCode(StrEnum):
    """What an attempt cannot prove, however well it went. Goes into the certificate."""

    SPARE_AREA = "flash-spare-area-not-reached"  # over-provisioned and worn-out flash blocks
    REALLOCATED = "reallocated-sectors-not-reached"
    HIDDEN_AREAS = "hidden-areas-not-checked"  # HPA, DCO, AMAC
    LOWERED_CAPACITY = "lowered-capacity-not-checked"  # by MODE SELECT: sg_format(8), --resize
    MEDIA_UNKNOWN = "media-kind-unknown"  # may be flash
    FILE_ONLY = "backing-file-only"  # a loop device: the file's blocks, not the disk below
    SAMPLED = "read-back-sampled"  # SP 800-88r1, 4.7: 10 % of the surface
    ZEROS_UNPROVEN = "zeros-may-be-deallocated"
    CRYPTO_UNOBSERVABLE = "crypto-erase-not-observable"
    NOISE_MAY_BE_DATA = "noise-may-be-data"  # encrypted or well compressed
    DRIVE_WORD = "relies-on-the-drives-own-word"  # firmware did it, out of sight
    OTHER_NAMESPACES = "nvme-other-namespaces-not-reached"
    NAMESPACES_UNREAD = "nvme-detached-namespaces-not-read-back"  # a sanitize erased them, unseen
    # NVM Express Base 2.0, 8.21: not even a sanitize affects these two
    NVME_RPMB = "nvme-replay-protected-memory-not-reached"
    NVME_BOOT = "nvme-boot-partitions-not-reached"
    MMC_RPMB = "mmc-replay-protected-area-not-reached"  # JESD84-B51, 6.6.22: no host erases it
    MMC_AREAS = "mmc-boot-and-other-areas-not-reached"  # in reports made before they were reached


# Planned for whatever may leave noise; whether it holds is seen when the drive is read back.
KNOWN_AFTERWARDS = frozenset({LimitationCode.NOISE_MAY_BE_DATA})


class WarningCode(StrEnum):
    """What the operator should know before hours of erasing."""

    HEALTH_FAILING = "health-failing"
    HEALTH_UNKNOWN = "health-unknown"
    PENDING_SECTORS = "pending-sectors"
    REALLOCATED_SECTORS = "reallocated-sectors"
    FORMAT_UNKNOWN = "nvme-format-support-unknown"
    FORMAT_SEVERAL_NAMESPACES = "nvme-several-namespaces"
    UNALLOCATED_CAPACITY = "nvme-unallocated-capacity"
    OUT_OF_REACH = "nvme-parts-out-of-reach"  # of every attempt of the plan
    BELOW_POLICY = "no-technique-reaches-policy"
    HIDDEN_AREA = "hidden-area-found"
    MAY_HIDE = "hidden-areas-not-told"  # an ATA drive that cannot be asked for them
    TAIL_OUT_OF_REACH = "drive-larger-than-reachable"  # behind a bridge or adapter
    FROZEN = "ata-security-frozen"
    PASSWORD_SET = "ata-security-password-set"  # noqa: S105 - unlocked until its power is cut
    OPAL_OPEN = "tcg-locking-open"  # likewise
    LOCKED = "ata-security-locked-perhaps-ours"
    SANITIZING = "sanitizes-itself-already"  # ATA, NVMe; ours is re-attached to, others are refused
    DENIED = "technique-denied-for-this-model"
    BRIDGED = "behind-a-usb-bridge"


class ConfirmedBy(StrEnum):
    OPERATOR = "operator"  # a person typed what was asked for
    UNATTENDED = "unattended"  # the settings ask for it, and nobody stopped the countdown


@dataclass(frozen=True, slots=True)
class Refusal:
    """One reason not to touch a drive; `detail` is data (a mount point, a holder), not prose."""

    code: RefusalCode
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Attempt:
    """One technique to try, what it may claim, and how it will be verified."""

    technique: Technique
    claims: Method
    verify: VerifyDepth
    minimum: Method = Method.NONE  # of the policy: a result below it is FAILED
    expected_s: float | None = None
    limitations: tuple[str, ...] = ()  # codes: what cannot be proven (see wording)
    not_accepted: tuple[str, ...] = ()  # those that the policy does not accept: never VERIFIED


@dataclass(frozen=True, slots=True)
class DrivePlan:
    """What will be done to one drive: either refusals, or attempts in order."""

    drive: DriveIdentity
    node: str
    attempts: tuple[Attempt, ...] = ()
    preparations: tuple[Preparation, ...] = ()
    refusals: tuple[Refusal, ...] = ()
    warnings: tuple[str, ...] = ()  # codes (see wording)
    capabilities: Mapping[str, str] = field(default_factory=dict)

    @property
    def refused(self) -> bool:
        return bool(self.refusals) or not self.attempts


@dataclass(frozen=True, slots=True)
class Plan:
    drives: tuple[DrivePlan, ...]
    policy: str  # the policy's name and version
    warnings: tuple[str, ...] = ()  # about the PC as a whole: Unreached.warning
    schema: str = "reprise-plan/1"
