"""Drive + capabilities + policy -> DrivePlan (ordered attempts) or refusals.

A plan is a value: it can be printed, hashed and confirmed before anything is written."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from reprise.domain.hardware import DriveIdentity
from reprise.domain.techniques import Method, Technique, VerifyDepth


class RefusalCode(StrEnum):
    BOOT_MEDIUM = "boot-medium"
    REPRISE_STICK = "reprise-stick"
    MOUNTED = "mounted"
    SWAP = "swap"
    HELD = "held"
    READ_ONLY = "read-only"
    IDENTITY_CHANGED = "identity-changed"
    IDENTITY_UNKNOWN = "identity-unknown"
    IDENTITY_AMBIGUOUS = "identity-ambiguous"
    NO_SIZE = "no-size"
    NOT_INTERNAL = "not-internal"
    PROBE_INCOMPLETE = "probe-incomplete"
    TECHNIQUE_UNSUPPORTED = "technique-unsupported"


@dataclass(frozen=True, slots=True)
class Refusal:
    """One reason not to touch a drive; `detail` is data (a mount point, a holder), not prose."""

    code: RefusalCode
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Attempt:
    """One technique to try, what it may claim, and how it will be verified."""

    technique: Technique
    claims: Method
    verify: VerifyDepth
    expected_s: float | None = None
    limitations: tuple[str, ...] = ()  # codes: what cannot be proven (see wording)


@dataclass(frozen=True, slots=True)
class DrivePlan:
    """What will be done to one drive: either refusals, or attempts in order."""

    drive: DriveIdentity
    node: str
    attempts: tuple[Attempt, ...] = ()
    refusals: tuple[Refusal, ...] = ()
    warnings: tuple[str, ...] = ()  # codes (see wording)
    capabilities: Mapping[str, str] = field(default_factory=dict)

    @property
    def refused(self) -> bool:
        return bool(self.refusals) or not self.attempts


@dataclass(frozen=True, slots=True)
class Plan:
    drives: tuple[DrivePlan, ...]
    policy: str  # the policy's name and version
    schema: str = "reprise-plan/1"
