"""What a drive can do. UNKNOWN is an answer of its own, never "no" and never "yes"."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class Support(StrEnum):
    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"


class SanitizeState(StrEnum):
    """What a drive says of its last sanitize operation."""

    IDLE = "idle"  # never sanitized, or it does not remember
    SUCCEEDED = "succeeded"
    RUNNING = "running"
    FAILED = "failed"
    FROZEN = "frozen"  # ATA: SANITIZE FREEZE LOCK was given since the last reset
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class OwnWord:
    """Who a drive says that it is, and how large, over the very way that its commands take: asked
    when it is planned and again before the first write. `by`: "ata", "scsi", "nvme" or "mmc"; ""
    where it was not asked or told nothing."""

    by: str = ""
    serial: str = ""  # IDENTIFY DEVICE, VPD page 80h, Identify Controller, or the card's CID
    address: str = ""  # world wide name: words 108 to 111, VPD page 83h, NGUID or EUI-64
    size_bytes: int | None = None  # what it says that a host may address


@dataclass(frozen=True, slots=True)
class AtaCapabilities:
    """IDENTIFY DEVICE (ACS-4, table of IDENTIFY DEVICE data) and what follows from it.

    Sectors are logical sectors. A hidden area is there where a `native` or `dco` count exceeds
    `visible_sectors`.
    """

    security: Support = Support.UNKNOWN  # word 128 bit 0
    security_enhanced: Support = Support.UNKNOWN  # word 128 bit 5
    security_enabled: Support = Support.UNKNOWN  # word 128 bit 1: a user password is set
    security_locked: Support = Support.UNKNOWN  # word 128 bit 2
    security_frozen: Support = Support.UNKNOWN  # word 128 bit 3
    security_expired: Support = Support.UNKNOWN  # word 128 bit 4: too many wrong passwords
    security_maximum: Support = Support.UNKNOWN  # word 128 bit 8: level "maximum"
    erase_minutes: int | None = None  # word 89
    erase_enhanced_minutes: int | None = None  # word 90
    sanitize: Support = Support.UNKNOWN  # word 59 bit 12
    sanitize_crypto: Support = Support.UNKNOWN  # word 59 bit 13
    sanitize_overwrite: Support = Support.UNKNOWN  # word 59 bit 14
    sanitize_block: Support = Support.UNKNOWN  # word 59 bit 15
    sanitize_state: SanitizeState = SanitizeState.UNKNOWN  # SANITIZE STATUS EXT
    visible_sectors: int | None = None  # words 100..103 (or 60..61)
    visible_bytes: int | None = None  # those, of the length that words 106, 117 and 118 tell
    hpa: Support = Support.UNKNOWN  # word 82 bit 10: HPA feature set
    amac: Support = Support.UNKNOWN  # word 119 bit 8: Accessible Max Address Configuration
    dco: Support = Support.UNKNOWN  # word 83 bit 11: Device Configuration Overlay
    native_sectors: int | None = None  # READ NATIVE MAX ADDRESS EXT, or AMAC's native maximum
    dco_sectors: int | None = None  # DEVICE CONFIGURATION IDENTIFY: the factory's maximum
    flush_cache: Support = Support.UNKNOWN  # word 83 bit 12
    flush_cache_ext: Support = Support.UNKNOWN  # word 83 bit 13
    rotational: Support = Support.UNKNOWN  # word 217
    known: bool = False  # it is an ATA drive: by its IDENTIFY, or the kernel or SAT says so


@dataclass(frozen=True, slots=True)
class NvmeCapabilities:
    """Identify Controller, Identify Namespace, and the Sanitize Status log."""

    format: Support = Support.UNKNOWN  # OACS bit 1
    format_crypto: Support = Support.UNKNOWN  # FNA bit 2
    erase_all_namespaces: Support = Support.UNKNOWN  # FNA bit 1: secure erase hits all
    format_all_namespaces: Support = Support.UNKNOWN  # FNA bit 0: any format hits all
    sanitize_crypto: Support = Support.UNKNOWN  # SANICAP bit 0
    sanitize_block: Support = Support.UNKNOWN  # SANICAP bit 1
    sanitize_overwrite: Support = Support.UNKNOWN  # SANICAP bit 2
    # SANICAP bit 5 (SPRRS): it tells a sanitize that purges from one that clears
    sanitize_purge: Support = Support.UNKNOWN
    sanitize_state: SanitizeState = SanitizeState.UNKNOWN  # log 81h, SSTAT bits 2:0
    sanitize_estimate_s: Mapping[str, int] = field(default_factory=dict)  # technique -> seconds
    namespace_management: Support = Support.UNKNOWN  # OACS bit 3: namespaces can be detached
    namespace_id: int | None = None  # of the node that was asked
    namespaces: int | None = None  # active on this controller
    # of those, the ones that have a node, so a drive of the inventory; None: none but this one
    namespaces_shown: int | None = None
    namespaces_allocated: int | None = None  # in the whole subsystem; None: not told
    # drives of this PC with this serial number on another controller; None: none is known
    siblings: int | None = None
    total_bytes: int | None = None  # TNVMCAP
    unallocated_bytes: int | None = None  # UNVMCAP
    replay_protected: Support = Support.UNKNOWN  # RPMBS bits 2:0: units of that memory
    boot_partitions: Support = Support.UNKNOWN  # log 15h is among the supported ones


@dataclass(frozen=True, slots=True)
class ScsiCapabilities:
    """REPORT SUPPORTED OPERATION CODES (SPC-5) for SANITIZE, by service action; and whether what
    was erased must be written before it can be read (SBC-4, VPD page B1h)."""

    sanitize_overwrite: Support = Support.UNKNOWN
    sanitize_block: Support = Support.UNKNOWN
    sanitize_crypto: Support = Support.UNKNOWN
    sanitize_state: SanitizeState = SanitizeState.UNKNOWN
    write_after_block: Support = Support.UNKNOWN  # WABEREQ
    write_after_crypto: Support = Support.UNKNOWN  # WACEREQ


@dataclass(frozen=True, slots=True)
class MmcCapabilities:
    """EXT_CSD (JESD84-B51)."""

    secure_erase: Support = Support.UNKNOWN  # SEC_FEATURE_SUPPORT [231] bit 0
    trim: Support = Support.UNKNOWN  # SEC_FEATURE_SUPPORT [231] bit 4
    sanitize: Support = Support.UNKNOWN  # SEC_FEATURE_SUPPORT [231] bit 6
    boot_areas: int | None = None  # BOOT_SIZE_MULT [226] > 0: two areas
    general_purpose_areas: int | None = None  # GP_SIZE_MULT [143..154]
    user_bytes: int | None = None  # SEC_COUNT [212..215], of the user area


@dataclass(frozen=True, slots=True)
class Capabilities:
    """Per command set, with the raw evidence it was read from. A command set that does not
    apply is None."""

    ata: AtaCapabilities | None = None
    nvme: NvmeCapabilities | None = None
    scsi: ScsiCapabilities | None = None
    mmc: MmcCapabilities | None = None
    opal: Support = Support.UNKNOWN  # TCG Opal, Pyrite … found by Level 0 Discovery
    # its TCG locking is enabled, and it is open now: as is found, so of a moment
    opal_open: Support = Support.UNKNOWN
    bridged: bool = False  # commands go through a USB bridge
    own: OwnWord = field(default_factory=OwnWord)
    evidence: Mapping[str, str] = field(default_factory=dict)

    @property
    def sanitizing(self) -> bool:
        """The drive says that it sanitizes itself at this moment."""
        told = (part.sanitize_state for part in (self.ata, self.nvme, self.scsi) if part)
        return SanitizeState.RUNNING in told
