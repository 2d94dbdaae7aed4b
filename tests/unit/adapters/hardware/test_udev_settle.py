"""Before the first look the drivers of storage controllers are loaded; whoever waits is not held up
for ever."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from reprise import i18n
from reprise.adapters.hardware.udev import settle
from reprise.errors import ToolError
from reprise.ports import CommandResult


class Runner:
    """CommandRunner; `code` None: there is no such tool."""

    def __init__(self, code: int | None, *, late: bool = False) -> None:
        self.code, self.late, self.asked = code, late, [("", 0.0)]

    def run(
        self, argv: Sequence[str], timeout_s: float = 30.0, stdin: bytes | None = None
    ) -> CommandResult:
        self.asked.append((" ".join(argv), timeout_s))
        if self.code is None:
            raise ToolError("udevadm is missing")
        return CommandResult(tuple(argv), self.code, b"", b"", 0.0, self.late)


def test_it_waits_within_bounds() -> None:
    runner = Runner(0)
    assert settle(runner) == ()
    ((command, timeout_s),) = runner.asked[1:]
    assert command == "udevadm settle --timeout=30"
    assert timeout_s > 30


@pytest.mark.parametrize("runner", [Runner(1), Runner(-9, late=True), Runner(0, late=True)])
def test_what_did_not_come_to_rest_is_told(runner: Runner) -> None:
    with i18n.using("en"):
        (told,) = settle(runner)
        assert "drives may be missing" in str(told)


def test_without_the_tool_that_is_told() -> None:
    assert [str(one) for one in settle(Runner(None))] == ["udevadm is missing"]
