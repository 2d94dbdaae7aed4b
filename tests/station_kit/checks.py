"""A function check that ends as a test says."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from threading import Event as Flag

from reprise.domain.checks.catalogue import CheckId
from reprise.domain.checks.results import CheckProgress, CheckResult, CheckStatus
from reprise.ports import StopFlag


@dataclass
class FakeCheck:
    """Ends at once with `result`; where it is `held`, when it is stopped or `release`d."""

    result: CheckResult
    ticks: tuple[CheckProgress, ...] = ()
    held: bool = False
    release: Flag = field(default_factory=Flag)
    runs: int = 0

    def run(self, stop: StopFlag) -> Iterator[CheckProgress | CheckResult]:
        self.runs += 1
        yield from self.ticks
        while self.held and not self.release.is_set():
            if stop.is_set():
                return
            time.sleep(0.005)
        yield self.result


def passed(check: CheckId) -> CheckResult:
    return CheckResult(check=check, status=CheckStatus.PASSED)
