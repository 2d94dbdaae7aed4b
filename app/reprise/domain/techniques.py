"""The words of NIST SP 800-88r2: a *method* is the level of protection reached, a *technique* is
how it was done."""

from __future__ import annotations

from enum import StrEnum


class Method(StrEnum):
    """NIST SP 800-88r2: Clear, Purge, Destroy. NONE: nothing may be claimed."""

    NONE = "none"
    CLEAR = "clear"
    PURGE = "purge"
    DESTROY = "destroy"


class Technique(StrEnum):
    OVERWRITE = "overwrite"
    # NVM Express Base Specification, Format NVM command, CDW10 bits 11:09 (SES).
    NVME_FORMAT_USER_DATA = "nvme-format-user-data-erase"  # SES = 001b
    NVME_FORMAT_CRYPTO = "nvme-format-crypto-erase"  # SES = 010b


class VerifyDepth(StrEnum):
    FULL = "full"
    SAMPLE = "sample"


class Verdict(StrEnum):
    """What `judge` says of one attempt. Never a bool: "unknown" is not "yes"."""

    VERIFIED = "verified"
    UNVERIFIED = "unverified"
    FAILED = "failed"
