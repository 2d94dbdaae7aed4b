"""nvme-cli's Format NVM command (nvme-cli 2.13)."""

from __future__ import annotations

from reprise.domain.techniques import Technique

# NVM Express NVM Command Set, Format NVM, CDW10 bits 11:09, Secure Erase Settings.
SECURE_ERASE_SETTINGS = {
    Technique.NVME_FORMAT_USER_DATA: 1,
    Technique.NVME_FORMAT_CRYPTO: 2,
}


def argv_format(
    node: str, namespace_id: int, technique: Technique, timeout_s: int
) -> tuple[str, ...]:
    """Format one namespace, keeping its LBA format (no --lbaf). --force: no waiting for ctrl-C,
    and no exclusive open, which our own checks made before."""
    return (
        "nvme",
        "format",
        node,
        f"--namespace-id={namespace_id}",
        f"--ses={SECURE_ERASE_SETTINGS[technique]}",
        f"--timeout={timeout_s * 1000}",
        "--force",
    )
