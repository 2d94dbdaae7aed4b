"""The function checks: hands, eyes and ears of who sits there. A crash in one must not reach an
erasure, so they belong to the screen's process."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Protocol, TypeAlias

from reprise.domain.checks.catalogue import CheckId
from reprise.domain.checks.results import CheckProgress, CheckResult
from reprise.ports import StopFlag


class FunctionCheck(Protocol):
    """Makes one function check of this PC (see domain.checks.results). Yields CheckProgress and,
    last, one CheckResult; none where it was stopped. Raises OSError at most, for a part that went
    away.

    A guided check gathers what can be measured until it is stopped or all was seen; its result
    is then what was measured, and the person's word is added by the screen."""

    def run(self, stop: StopFlag) -> Iterator[CheckProgress | CheckResult]: ...


# Opens them, in a worker: all but the screen's, which only a person's eyes make.
FunctionChecks: TypeAlias = Callable[[], Mapping[CheckId, FunctionCheck]]
