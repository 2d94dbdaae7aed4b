"""What the organisation allows and prefers: `config/policy.toml` as one frozen value."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from reprise.domain.techniques import VerifyDepth


class NvmeFormat(StrEnum):
    """Which secure erase setting of NVMe Format is tried before the overwrite."""

    USER_DATA = "user-data"  # SES = 001b
    CRYPTO = "crypto"  # SES = 010b
    NEVER = "never"


@dataclass(frozen=True, slots=True)
class Policy:
    """The keys of policy.toml, one to one; each is explained there."""

    name: str = "default"
    version: int = 1
    verify: VerifyDepth = VerifyDepth.FULL
    nvme_format: NvmeFormat = NvmeFormat.USER_DATA
    overwrite_after_failed_format: bool = True
    nvme_format_timeout_s: int = 3600
    allow_usb: bool = False
    max_bad_sectors: int = 2048

    def __post_init__(self) -> None:
        for key in ("version", "nvme_format_timeout_s", "max_bad_sectors"):
            if getattr(self, key) <= 0:
                raise ValueError(f"{key} > 0")

    @property
    def label(self) -> str:
        """What a plan says of the policy it was made by."""
        return f"{self.name}/{self.version}"
