"""What came of a function check, while it runs and at its end.

The French decree 2022-190 asks that all functions of a refurbished device be tested. A check that
was skipped, or whose result is not known, is never taken for a pass.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from math import isfinite

from reprise.domain.checks.catalogue import (
    SKIP_REASONS,
    CheckAsk,
    CheckId,
    CheckLimit,
    CheckReason,
    MeasureName,
    Unit,
)


class CheckStatus(StrEnum):
    PASSED = "passed"
    FAILED = "failed"
    SKIPPED = "skipped"
    NOT_APPLICABLE = "not-applicable"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Measure:
    """One measured value with its unit. Raises ValueError where it is no number."""

    name: MeasureName
    value: int | float
    unit: Unit

    def __post_init__(self) -> None:
        if not isfinite(self.value):
            raise ValueError(f"{self.name}: {self.value}")


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckResult:
    """What came of one check. `detail` is data: names of ports or keys, a tool's own words.

    Raises ValueError where a result that is no pass has no reason, or a pass has one.
    """

    check: CheckId
    status: CheckStatus
    reason: CheckReason | None = None
    detail: str = ""
    measures: tuple[Measure, ...] = ()
    limits: tuple[CheckLimit, ...] = ()

    def __post_init__(self) -> None:
        if (self.status is CheckStatus.PASSED) != (self.reason is None):
            raise ValueError(f"{self.check}: {self.status} and the reason {self.reason}")

    def measured(self, name: MeasureName) -> int | float | None:
        return next((measure.value for measure in self.measures if measure.name is name), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckProgress:
    """For the screen only. `part` of 0 to 1, None where the end depends on a person; `seen` names
    what was seen so far (keys, ports, buttons); `ask`: what the person must do now."""

    check: CheckId
    part: float | None = None
    ask: CheckAsk | None = None
    seen: tuple[str, ...] = ()
    wanted: tuple[str, ...] = ()
    measures: tuple[Measure, ...] = ()


def skipped(check: CheckId, reason: CheckReason, words: str = "") -> CheckResult:
    """Raises ValueError where `reason` is not one to skip a check for, or is to be in words and
    there are none."""
    if reason not in SKIP_REASONS or (reason is CheckReason.IN_WORDS) != bool(words):
        raise ValueError(f"no reason to skip a check: {reason} {words!r}")
    return CheckResult(check=check, status=CheckStatus.SKIPPED, reason=reason, detail=words)


def made(
    check: CheckId,
    reason: CheckReason | None,
    measures: tuple[Measure, ...] = (),
    limits: tuple[CheckLimit, ...] = (),
    detail: str = "",
    *,
    unknown: bool = False,
) -> CheckResult:
    """PASSED without a reason; FAILED, or UNKNOWN, for `reason`."""
    status = CheckStatus.PASSED
    if reason is not None:
        status = CheckStatus.UNKNOWN if unknown else CheckStatus.FAILED
    return CheckResult(
        check=check, status=status, reason=reason, detail=detail, measures=measures, limits=limits
    )


def unknown(check: CheckId, reason: CheckReason, detail: str = "") -> CheckResult:
    return made(check, reason, detail=detail, unknown=True)


def judge_by_word(
    check: CheckId,
    works: bool,
    measures: tuple[Measure, ...] = (),
    limit: CheckLimit | None = None,
) -> CheckResult:
    """Only a person can tell. `limit`: what it was judged by, where the catalogue says another."""
    reason = None if works else CheckReason.SEEN_BROKEN
    return made(check, reason, measures, (limit or check.spec.by_word,))
