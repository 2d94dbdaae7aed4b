"""The words of NIST SP 800-88r2: a *method* is the level of protection reached, a *technique* is
how it was done. One row per technique: what planning, judging and recovery need to know of it. That
the PC itself writes a keyed stream, which is resumed and judged by rules of its own, is asked by
name (Technique.OVERWRITE).

A new technique is a member of Technique and a row here, its command (in `wire`) with whoever gives
it (`adapters/drives/firmware`), a word (`wording.plan`), and a line of `config/policy.toml`.

Where a claim comes from, by medium:

- SP 800-88r1 (2014), Appendix A, the last NIST text that has a table per medium: A-5 (magnetic) and
  A-8 (flash). r2 (2025) leaves techniques to IEEE 2883 and to policy.
- The labels of a drive maker's own tool (openSeaChest, 2025, opensea-operations
  `src/operations.c`), which it gives by IEEE 2883-2022; that text itself was not at hand.

Where they differ, or one of them does not name the technique for the medium, the lower claim
stands; `further` is what the one that goes further says, for a policy that takes its view. A medium
that nobody told counts as the one with the lowest claim.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum, StrEnum, auto
from functools import partial

from reprise.domain.pc.hardware import MediaKind


class Method(StrEnum):
    """NIST SP 800-88r2: Clear, Purge, Destroy. NONE: nothing may be claimed."""

    NONE = "none"
    CLEAR = "clear"
    PURGE = "purge"
    DESTROY = "destroy"


_RANKS = {Method.NONE: 0, Method.CLEAR: 1, Method.PURGE: 2, Method.DESTROY: 3}


def reaches(achieved: Method, minimum: Method) -> bool:
    """Whether `achieved` is at least `minimum`."""
    return _RANKS[achieved] >= _RANKS[minimum]


class Technique(StrEnum):
    OVERWRITE = "overwrite"
    # ACS-4, SANITIZE DEVICE (B4h), by FEATURE.
    ATA_SANITIZE_BLOCK = "ata-sanitize-block-erase"  # 0012h
    ATA_SANITIZE_CRYPTO = "ata-sanitize-crypto-scramble"  # 0011h
    ATA_SANITIZE_OVERWRITE = "ata-sanitize-overwrite"  # 0014h
    # ACS-4, SECURITY ERASE UNIT (F4h), ERASE MODE bit.
    ATA_SECURITY_ERASE = "ata-security-erase"  # normal erase mode
    ATA_SECURITY_ERASE_ENHANCED = "ata-security-erase-enhanced"
    # NVM Express Base Specification, Sanitize command (84h), CDW10 bits 02:00 (SANACT).
    NVME_SANITIZE_BLOCK = "nvme-sanitize-block-erase"  # 010b
    NVME_SANITIZE_OVERWRITE = "nvme-sanitize-overwrite"  # 011b
    NVME_SANITIZE_CRYPTO = "nvme-sanitize-crypto-erase"  # 100b
    # NVM Express Base Specification, Format NVM command, CDW10 bits 11:09 (SES).
    NVME_FORMAT_USER_DATA = "nvme-format-user-data-erase"  # SES = 001b
    NVME_FORMAT_CRYPTO = "nvme-format-crypto-erase"  # SES = 010b
    # SBC-4, SANITIZE (48h), by service action.
    SCSI_SANITIZE_OVERWRITE = "scsi-sanitize-overwrite"  # 01h
    SCSI_SANITIZE_BLOCK = "scsi-sanitize-block-erase"  # 02h
    SCSI_SANITIZE_CRYPTO = "scsi-sanitize-crypto-erase"  # 03h
    # JESD84-B51: secure trim or trim or erase of every area, then SANITIZE_START.
    MMC_ERASE = "mmc-erase-and-sanitize"
    # TCG Storage, PSID feature set: Revert of the Admin SP by the password on the label.
    TCG_PSID_REVERT = "tcg-psid-revert"


class VerifyDepth(StrEnum):
    FULL = "full"
    SAMPLE = "sample"


class Verdict(StrEnum):
    """What `judge` says of one attempt. Never a bool: "unknown" is not "yes"."""

    VERIFIED = "verified"
    UNVERIFIED = "unverified"
    FAILED = "failed"


class Family(Enum):
    """Techniques that one command set and one sanitizer carry out."""

    HOST_OVERWRITE = auto()
    ATA_SANITIZE = auto()
    ATA_SECURITY = auto()
    NVME_SANITIZE = auto()
    NVME_FORMAT = auto()
    SCSI_SANITIZE = auto()
    MMC = auto()
    TCG = auto()


@dataclass(frozen=True, slots=True)
class Claims:
    """The most that may be said afterwards of a hard disk, a solid-state drive, and flash without
    a drive around it (cards, sticks, chips on boards: A-8 has no Purge for any of them)."""

    hdd: Method
    ssd: Method
    flash: Method = Method.CLEAR

    def of(self, media: MediaKind) -> Method:
        told = {MediaKind.HDD: self.hdd, MediaKind.SSD: self.ssd, MediaKind.FLASH: self.flash}
        return told.get(media, self.unknown)

    @property
    def unknown(self) -> Method:
        """Whatever obeys these commands is a hard disk or solid-state."""
        return self.ssd if reaches(self.hdd, self.ssd) else self.hdd


_CLEAR, _PURGE = Method.CLEAR, Method.PURGE
_CLEAR_ON_ALL = Claims(hdd=_CLEAR, ssd=_CLEAR)
_PURGE_ON_DRIVES = Claims(hdd=_PURGE, ssd=_PURGE)
_PURGE_ON_HDD = Claims(hdd=_PURGE, ssd=_CLEAR)
_PURGE_ON_SSD = Claims(hdd=_CLEAR, ssd=_PURGE)


class Means(Enum):
    """How the data goes: it decides what may be seen afterwards, and what that proves."""

    CELLS = auto()  # what a solid-state drive reads then may come from its tables, not its flash
    KEY = auto()  # a key is thrown away, whatever else is done
    # The drive writes a pattern that was asked for; after anything else it may show noise: a
    # self-encrypting drive may carry out any erase by throwing its key away (SP 800-88r1, table
    # A-8 and its notes; Seagate product manuals, "security erase on SED").
    PATTERN = auto()
    HOST = auto()  # we write


@dataclass(frozen=True, slots=True)
class TechniqueSpec:
    """What is claimed and how has no default: none may come in unasked. `command`: its standard's
    name of the command, in short, shown as it is. `told`: its name in the observations
    COMMAND_ACCEPTED and COMMAND_FINISHED; several techniques may have one. `capability`: the field
    of the family's capabilities in which the drive must say YES; "" where the family has a rule of
    its own. `phase`: word for Progress (wording.codes)."""

    family: Family
    claims: Claims
    means: Means
    command: str
    told: str = ""
    further: Claims | None = None
    capability: str = ""
    phase: str = "sanitize"
    # A drive that was told to goes on by itself after a power cut, and can be asked how far it is:
    # whoever comes back re-attaches instead of beginning anew.
    runs_by_itself: bool = False
    one_namespace: bool = False  # reaches no more than the namespace that it names
    # The field of the family's capabilities that says YES where what was erased must be written
    # before it can be read (SBC-4; ATA and NVMe have no such word).
    write_first: str = ""
    minutes: str = ""  # the field of AtaCapabilities with the drive's own estimate
    by_label: bool = False  # needs the password that is printed on the drive: never by itself
    by_pass: bool = False  # a hard disk takes as long as one pass over all of it

    @property
    def crypto(self) -> bool:
        return self.means is Means.KEY

    @property
    def from_tables(self) -> bool:
        return self.means is Means.CELLS

    @property
    def pattern_asked_for(self) -> bool:
        return self.means is Means.PATTERN


# One operation of three command sets, and the same sources for each.
_sanitize = partial(TechniqueSpec, command="Sanitize", runs_by_itself=True)
# Purge; A-5 does not name it. The labels: Purge.
_block_erase = partial(
    _sanitize,
    claims=_PURGE_ON_SSD,
    further=_PURGE_ON_DRIVES,
    means=Means.CELLS,
    capability="sanitize_block",
)
# and the labels: Purge.
_crypto_erase = partial(
    _sanitize, claims=_PURGE_ON_DRIVES, means=Means.KEY, capability="sanitize_crypto"
)
# Purge; A-8 does not name it, as an overwrite of flash may leave what it replaced. The
# labels: Purge.
_overwrite = partial(
    _sanitize,
    claims=_PURGE_ON_HDD,
    further=_PURGE_ON_DRIVES,
    means=Means.PATTERN,
    capability="sanitize_overwrite",
    by_pass=True,
)
# Purge for both. The labels: Clear for the erase of user data; "Clear, possible Purge" for
# the crypto erase, as it is the maker's affair whether that meets the standard.
_format = partial(
    TechniqueSpec,
    Family.NVME_FORMAT,
    claims=_CLEAR_ON_ALL,
    further=_PURGE_ON_SSD,
    phase="format",
    command="Format",
    told="Format NVM",
    one_namespace=True,
)
_security_erase = partial(
    TechniqueSpec,
    Family.ATA_SECURITY,
    phase="security-erase",
    means=Means.CELLS,
    command="Security Erase",
    told="SECURITY ERASE UNIT",
    by_pass=True,
)

_NVME = "Sanitize"

# In the order in which the policy tries them where it names no other: within one method the one
# that leaves most to see comes first (a block erase can be looked at, a thrown-away key cannot),
# then the quicker one.
SPECS: Mapping[Technique, TechniqueSpec] = {
    # NVMe Sanitize is younger than r1: what r1 says of the same operation elsewhere.
    Technique.NVME_SANITIZE_BLOCK: _block_erase(Family.NVME_SANITIZE, told=_NVME),
    Technique.NVME_SANITIZE_CRYPTO: _crypto_erase(Family.NVME_SANITIZE, told=_NVME),
    Technique.NVME_SANITIZE_OVERWRITE: _overwrite(Family.NVME_SANITIZE, told=_NVME),
    Technique.NVME_FORMAT_USER_DATA: _format(means=Means.CELLS, capability="format"),
    Technique.NVME_FORMAT_CRYPTO: _format(means=Means.KEY, capability="format_crypto"),
    Technique.ATA_SANITIZE_BLOCK: _block_erase(Family.ATA_SANITIZE, told="BLOCK ERASE EXT"),
    Technique.ATA_SANITIZE_CRYPTO: _crypto_erase(Family.ATA_SANITIZE, told="CRYPTO SCRAMBLE EXT"),
    Technique.ATA_SANITIZE_OVERWRITE: _overwrite(Family.ATA_SANITIZE, told="OVERWRITE EXT"),
    # Purge; A-8: Clear, in either mode. The labels: Purge.
    Technique.ATA_SECURITY_ERASE_ENHANCED: _security_erase(
        claims=_PURGE_ON_HDD,
        further=_PURGE_ON_DRIVES,
        capability="security_enhanced",
        minutes="erase_enhanced_minutes",
    ),
    # Clear; A-5 wants the enhanced mode, as this one leaves reallocated sectors. The labels:
    # Clear.
    Technique.ATA_SECURITY_ERASE: _security_erase(
        claims=_CLEAR_ON_ALL, capability="security", minutes="erase_minutes"
    ),
    Technique.SCSI_SANITIZE_BLOCK: _block_erase(
        Family.SCSI_SANITIZE, told="SANITIZE BLOCK ERASE", write_first="write_after_block"
    ),
    Technique.SCSI_SANITIZE_CRYPTO: _crypto_erase(
        Family.SCSI_SANITIZE, told="SANITIZE CRYPTOGRAPHIC ERASE", write_first="write_after_crypto"
    ),
    Technique.SCSI_SANITIZE_OVERWRITE: _overwrite(Family.SCSI_SANITIZE, told="SANITIZE OVERWRITE"),
    # A-8, embedded flash: an overwrite is Clear, and no Purge is named. The tool has none.
    Technique.MMC_ERASE: TechniqueSpec(
        Family.MMC, _CLEAR_ON_ALL, Means.CELLS, "eMMC", told="ERASE"
    ),
    # and the labels: Clear. The host reaches what it can address.
    Technique.OVERWRITE: TechniqueSpec(
        Family.HOST_OVERWRITE,
        _CLEAR_ON_ALL,
        Means.HOST,
        command="",
        phase="write",
        one_namespace=True,
        by_pass=True,
    ),
    # cryptographic erase through TCG Opal or Enterprise; the labels: Purge.
    # Of several namespaces it may keep keys for each, or for none: nobody says that it reaches all.
    Technique.TCG_PSID_REVERT: TechniqueSpec(
        Family.TCG,
        _PURGE_ON_DRIVES,
        Means.KEY,
        command="PSID",
        told="Revert AdminSP",
        one_namespace=True,
        by_label=True,
    ),
}
