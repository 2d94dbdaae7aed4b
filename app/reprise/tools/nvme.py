"""nvme-cli: only its version, for the report; drives are asked without it."""

from __future__ import annotations


def argv_version() -> tuple[str, ...]:
    return ("nvme", "version")
