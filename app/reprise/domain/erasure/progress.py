"""How far a drive is at this moment: shown, never kept."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Progress:
    """For the screen only: never journalled, never in a report. `phase`: "write", "verify",
    "format", "sanitize", "security-erase", "canaries", "prepare", "suspend", "cooling", "install".
    `total_bytes` 0: unknown."""

    drive: str
    phase: str
    done_bytes: int
    total_bytes: int
    rate_bytes_s: float
    left_s: float | None = None
    temperature_c: int | None = None  # the newest reading of whoever watches it
