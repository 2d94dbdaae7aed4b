"""Shared by the tests of the function checks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from threading import Event as Flag

from reprise.adapters.checks.checked_pc import CheckedPc
from reprise.adapters.hardware.sysfs import Roots
from reprise.domain.checks.catalogue import CheckReason
from reprise.domain.checks.results import CheckProgress, CheckResult, CheckStatus
from reprise.ports import ClockReading
from reprise.ports.sheets.checks import FunctionCheck
from unit.adapters.hardware.made_tree import MadeTree

NOW = datetime(2026, 11, 24, 16, tzinfo=UTC)


@dataclass(frozen=True)
class FakeClock:
    trusted: bool = False

    def read(self) -> ClockReading:
        return ClockReading(NOW, 1.0)

    def trust(self) -> tuple[bool, str]:
        return self.trusted, "ntp" if self.trusted else "rtc"


def _no_udev(_path: Path) -> Mapping[str, str]:
    return {}


def pc_of(tree: MadeTree) -> CheckedPc:
    return CheckedPc(
        runner=tree, udev=_no_udev, clock=FakeClock(), newest_s=lambda: 0, roots=tree.roots
    )


def this_pc(tree: MadeTree) -> CheckedPc:
    """The machine that the tests run on, but for its programs."""
    return replace(pc_of(tree), roots=Roots())


def end(check: FunctionCheck) -> CheckResult:
    *ticks, last = check.run(Flag())
    assert all(isinstance(tick, CheckProgress) for tick in ticks)
    assert isinstance(last, CheckResult)
    return last


def told(result: CheckResult) -> tuple[CheckStatus, CheckReason | None]:
    return result.status, result.reason
