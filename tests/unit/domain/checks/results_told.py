"""What a result says, to compare at once."""

from __future__ import annotations

from reprise.domain.checks.catalogue import CheckLimit, CheckReason, MeasureName
from reprise.domain.checks.results import CheckResult, CheckStatus

R, L, M = CheckReason, CheckLimit, MeasureName
PASSED, FAILED, UNKNOWN = CheckStatus.PASSED, CheckStatus.FAILED, CheckStatus.UNKNOWN


def outcome(result: CheckResult) -> tuple[CheckStatus, CheckReason | None]:
    return result.status, result.reason


def measured(result: CheckResult) -> dict[MeasureName, int | float]:
    return {one.name: one.value for one in result.measures}


def whole(
    result: CheckResult,
) -> tuple[
    CheckStatus, CheckReason | None, str, dict[MeasureName, int | float], tuple[CheckLimit, ...]
]:
    return (*outcome(result), result.detail, measured(result), result.limits)
