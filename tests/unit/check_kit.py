"""Shared by the tests of the function checks."""

from __future__ import annotations

from threading import Event as Flag

from reprise.domain.checks import CheckProgress, CheckReason, CheckResult, CheckStatus
from reprise.tool_ports.checks import FunctionCheck


def end(check: FunctionCheck) -> CheckResult:
    *ticks, last = check.run(Flag())
    assert all(isinstance(tick, CheckProgress) for tick in ticks)
    assert isinstance(last, CheckResult)
    return last


def told(result: CheckResult) -> tuple[CheckStatus, CheckReason | None]:
    return result.status, result.reason
