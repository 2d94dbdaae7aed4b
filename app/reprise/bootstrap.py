"""The only file that binds ports to adapters."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from reprise.ports import CommandResult, CommandRunner, DriveProbe


def command_runner(on_call: Callable[[CommandResult], None] | None = None) -> CommandRunner:
    """The funnel for external commands; `on_call` sees each of them."""
    from reprise.adapters.command import SystemCommandRunner

    return SystemCommandRunner(on_call)


def drive_probe(runner: CommandRunner | None = None) -> DriveProbe:
    """Reads this machine's hardware; never writes."""
    from reprise.adapters.probe import SystemProbe

    return SystemProbe(runner or command_runner())
