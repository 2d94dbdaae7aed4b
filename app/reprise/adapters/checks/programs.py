"""What became of the programs that a check needs."""

from __future__ import annotations

from collections.abc import Iterator

from reprise.domain.checks.catalogue import CheckId, CheckReason
from reprise.domain.checks.results import CheckProgress, CheckResult, unknown
from reprise.errors import ToolError
from reprise.ports import CommandResult

_MAX_WORDS = 120


class ProgramFailedError(Exception):
    """A program said no; its words."""


def succeeded(result: CommandResult) -> CommandResult:
    """Raises ProgramFailedError."""
    if result.exit_code != 0 or result.timed_out:
        raise ProgramFailedError(result.stderr.decode("utf-8", "replace").strip()[:_MAX_WORDS])
    return result


def known(
    check: CheckId, steps: Iterator[CheckProgress | CheckResult]
) -> Iterator[CheckProgress | CheckResult]:
    """The steps of a check; its end is unknown where a program is missing or failed."""
    try:
        yield from steps
    except ToolError as error:
        yield unknown(check, CheckReason.TOOL_ABSENT, error.what)
    except ProgramFailedError as error:
        yield unknown(check, CheckReason.TOOL_FAILED, str(error))
