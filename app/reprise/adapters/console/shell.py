"""A root shell on the screen's own terminal."""

from __future__ import annotations

import os
import shlex
import subprocess
from collections.abc import Sequence
from pathlib import Path

from reprise.errors import ToolError
from reprise.i18n import _
from reprise.system_words import os_reason

_BASH = ("/bin/bash", "--noprofile", "--norc", "-i")
_COMPLETION = Path(__file__).parents[2] / "completions/reprise"
_CLEAR = "\033[2J\033[H"
_PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"


class ConsoleShell:
    """ports.sheets.shell.Shell. No log-in: whoever stands here has the PC in hand. What is typed is
    not kept in a history."""

    def __init__(self, argv: Sequence[str] = _BASH) -> None:
        self._argv = tuple(argv)

    def run(self, words: Sequence[str]) -> None:
        text = _CLEAR + "\r\n".join(words) + "\r\n\r\n"
        env = {
            "TERM": os.environ.get("TERM", "linux"),
            "HOME": "/root",
            "LANG": "C.UTF-8",
            "PATH": _PATH,
            "PS1": "reprise:\\w# ",
            "HISTFILE": "/dev/null",
            # Once: --rcfile would not keep /etc/bash.bashrc away, and its prompt.
            "PROMPT_COMMAND": f"unset PROMPT_COMMAND; . {shlex.quote(str(_COMPLETION))}",
        }
        try:
            os.write(1, text.encode("utf-8", "replace"))
            subprocess.run(self._argv, env=env, cwd="/", check=False)
        except OSError as error:
            raise ToolError(
                _("The shell cannot be started: {reason}.").format(reason=os_reason(error))
            ) from error
