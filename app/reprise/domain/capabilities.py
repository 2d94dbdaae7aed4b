"""What a drive can do. UNKNOWN is an answer of its own, never "no" and never "yes"."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class Support(StrEnum):
    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Capabilities:
    """Support per technique family, with the raw evidence it was read from."""

    nvme_format: Support = Support.UNKNOWN  # Identify Controller OACS bit 1
    nvme_format_crypto: Support = Support.UNKNOWN  # FNA bit 2
    nvme_namespace_id: int | None = None
    nvme_namespaces: int | None = None  # namespaces on this controller
    nvme_erase_all_namespaces: Support = Support.UNKNOWN  # FNA bit 1: secure erase hits all
    nvme_format_all_namespaces: Support = Support.UNKNOWN  # FNA bit 0: any format hits all
    evidence: Mapping[str, str] = field(default_factory=dict)
