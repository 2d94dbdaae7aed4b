"""A root shell on a console of its own: the station's screen and its work go on beside it."""

from __future__ import annotations

from collections.abc import Callable

from reprise.adapters.console import on_pc_console
from reprise.errors import ToolError
from reprise.i18n import _
from reprise.ports import CommandRunner

# As long as a person may sit there; the funnel knows no command without an end.
_LONGEST_S = 7 * 24 * 3600.0
# The funnel's C locale is for tools; a person reads accents.
_BASH = 'unset LC_ALL; printf "%s\\n\\n" "$1"; exec /bin/bash --login'


class ConsoleShell:
    """workflow.side.Shell, on the next free console of the PC (openvt(1))."""

    def __init__(
        self, runner: CommandRunner, is_console: Callable[[], bool] = on_pc_console
    ) -> None:
        self._runner, self._is_console = runner, is_console

    def open(self) -> None:
        """Switches to the shell, and back once it was left. Raises ToolError where there is no
        console for it."""
        if not self._is_console():
            raise ToolError(
                _("This screen is not the PC's own: a shell opens on the PC's screen only.")
            )
        words = _("Maintenance shell of Reprise. “exit” goes back to the station.")
        argv = ("openvt", "--switch", "--wait", "--", "/bin/sh", "-c", _BASH, "sh", words)
        result = self._runner.run(argv, timeout_s=_LONGEST_S)
        said = " ".join(result.stderr.decode("utf-8", "replace").split())
        # a shell ends with the code of its last command: only openvt's own words are a failure
        if result.exit_code != 0 and said:
            raise ToolError(_("The shell could not be opened: {said}").format(said=said))
