"""Secrets that a command needs: from a file's first line, or typed on the terminal. Never from the
command line itself, which every process of the PC can read (/proc/PID/cmdline)."""

from __future__ import annotations

import getpass
import sys
from pathlib import Path

from reprise.errors import InputError
from reprise.i18n import _
from reprise.system_words import unread_reason
from reprise.wire.opal import normal_psid

ASKED = ""  # the option was given without a file


def first_line(file: str) -> str:
    """Raises InputError."""
    try:
        lines = Path(file).read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(
            _("“{path}” cannot be read: {reason}.").format(path=file, reason=unread_reason(error)),
            _("Give a text file whose first line is the secret."),
        ) from error
    return lines[0] if lines else ""


def psid(given: str | None) -> str:
    """What `--psid [FILE]` came to, as the drive takes it; "" where it was not given. Raises
    InputError, without a word of the secret."""
    if given is None:
        return ""
    if given != ASKED and normal_psid(given) is not None:
        raise InputError(
            _("a PSID is not given on the command line, where every process can read it."),
            _("Give --psid alone to be asked for it, or --psid FILE with it on the first line."),
        )
    normal = normal_psid(_typed() if given == ASKED else first_line(given))
    if normal is None:
        raise InputError(
            _("this is not a PSID: it has 32 letters and digits."),
            _("Read it from the drive's label; spaces and dashes do not matter."),
        )
    return normal


def _typed() -> str:
    if not sys.stdin.isatty():
        raise InputError(
            _("there is no terminal on which the PSID could be asked for."),
            _("Give a file whose first line it is: --psid FILE."),
        )
    try:
        return getpass.getpass(_("PSID of the drive: "))
    except EOFError:
        return ""
