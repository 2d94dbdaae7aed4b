"""The letters of the Linux console: the image's /usr/lib/reprise/console chooses and loads them."""

from __future__ import annotations

import os
from pathlib import Path

from reprise.errors import ToolError
from reprise.i18n import _
from reprise.ports import CommandRunner

_MOST_CHARACTERS = 200


class ConsoleLetters:
    """ports.sheets.letters.Letters. `terminal`: the screen's own, a virtual terminal."""

    def __init__(self, runner: CommandRunner, program: Path, terminal: int = 1) -> None:
        self._runner, self._program, self._terminal = runner, program, terminal

    def other(self) -> bool:
        before = os.get_terminal_size(self._terminal)
        result = self._runner.run([str(self._program), "other"], timeout_s=20)
        if result.exit_code != 0:
            said = " ".join(result.stderr.decode("utf-8", "replace").split())[:_MOST_CHARACTERS]
            raise ToolError(
                _("The size of the text did not change: {reason}.").format(
                    reason=said.rstrip(".") or f"setfont {result.exit_code}"
                )
            )
        return os.get_terminal_size(self._terminal) != before
