"""The words of NIST SP 800-88r2: a *method* is the level of protection reached, a *technique* is
how it was done (technique_specs: what there is to know of each)."""

from __future__ import annotations

from enum import StrEnum


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
