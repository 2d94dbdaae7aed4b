"""Not asked yet."""

from __future__ import annotations

from reprise.adapters.blockio import BlockFile
from reprise.domain.capabilities import Support


def read_opal(device: BlockFile, evidence: dict[str, str]) -> Support:
    """Whether the drive has a TCG security subsystem that can be reverted by PSID."""
    evidence["opal"] = "not-asked"
    return Support.UNKNOWN
