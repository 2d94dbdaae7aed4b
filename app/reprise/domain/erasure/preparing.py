"""What is done to drives before their first attempt, as events of the journal."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

from reprise.domain.planning.plan import Preparation

STOPPED = "operator"  # as in DriveInterrupted.cause


@dataclass(frozen=True, slots=True)
class SystemSuspended:
    """The PC slept so that its firmware-frozen drives came back thawed."""

    ok: bool
    duration_s: float
    detail: str  # "" or why not (code, or a tool's words)


@dataclass(frozen=True, slots=True)
class PreparationStarted:
    """What must be done to the drive before the first attempt (see plan.Preparation)."""

    drive: str
    steps: tuple[Preparation, ...]


@dataclass(frozen=True, slots=True)
class DrivePrepared:
    """`size_bytes` and `node` are the drive's now: removing a hidden area makes it larger, and it
    may come back under another name. `why`: what kept it from being unlocked, or from being tried
    at all: a RefusalCode, or STOPPED."""

    drive: str
    done: tuple[Preparation, ...]
    left: tuple[Preparation, ...]  # could not be done
    node: str
    size_bytes: int
    detail: str = ""  # data: what the drive said
    why: str = ""


PreparationEvent: TypeAlias = SystemSuspended | PreparationStarted | DrivePrepared
