"""Switches the PC off, or starts it again."""

from __future__ import annotations

from reprise.errors import ToolError
from reprise.i18n import _
from reprise.ports import CommandRunner


class SystemdPower:
    """`systemctl` stops the services first, so that the stick is written and unmounted."""

    def __init__(self, runner: CommandRunner) -> None:
        self._runner = runner

    def power_off(self) -> None:
        self._run("poweroff")

    def restart(self) -> None:
        self._run("reboot")

    def _run(self, verb: str) -> None:
        result = self._runner.run(("systemctl", "--no-block", verb))
        if result.exit_code != 0:
            raise ToolError(
                _("The command failed: systemctl {verb} returned {code}.").format(
                    verb=verb, code=result.exit_code
                ),
                _("Use the power button."),
            )
