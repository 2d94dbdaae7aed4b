"""Reads what a service is told by its EnvironmentFile, as systemd does (systemd.exec(5))."""

from __future__ import annotations

import re
from pathlib import Path

from reprise.adapters.storage.config_files import MOST, decode_config
from reprise.adapters.storage.files import read_within
from reprise.errors import InputError
from reprise.i18n import _
from reprise.system_words import os_reason

_ENDS = re.compile(r"\r\n|\r|\n")  # other characters that end a line for Python may be in a value
_LINE = re.compile(r"[ \t]*([A-Za-z_]\w*)[ \t]*=[ \t]*(.*)", re.ASCII)
_QUOTED = re.compile(r"""[ \t]*(?:"((?:[^"\\]|\\.)*)"|'([^']*)')""")
_ESCAPED = re.compile(r'\\(["\\`$])')  # within double quotes; elsewhere any character may be


def read_environment(path: Path) -> dict[str, str]:
    """Its names with their values. A line that is none is passed over, as systemd does.

    Raises InputError where it cannot be read, or goes over several lines.
    """
    try:
        text = decode_config(read_within(path, MOST), str(path))
    except OSError as error:
        what = _("“{path}”, by which the service is told its settings, cannot be read: {reason}.")
        raise InputError(
            what.format(path=path, reason=os_reason(error)),
            _(
                "Let the server's user read it ({command}), or name the database with {option}."
            ).format(
                command=f"sudo chown root:reprise-server {path} && sudo chmod 640 {path}",
                option="--database",
            ),
        ) from error
    found: dict[str, str] = {}
    for number, line in enumerate(_ENDS.split(text), 1):
        if match := _LINE.fullmatch(line):
            value = _value(match[2])
            if value is None:
                raise InputError(
                    _("{file}, line {line}: this value does not end on its line.").format(
                        file=path, line=number
                    ),
                    _("Write each NAME=value on one line."),
                )
            found[match[1]] = value
    return found


def _value(text: str) -> str | None:
    """None where it goes on in the next line."""
    value = ""
    while quoted := _QUOTED.match(text):
        double, single = quoted.groups()
        value += single if double is None else _ESCAPED.sub(r"\1", double)
        text = text[quoted.end() :]
    rest = text.strip(" \t")
    if rest.startswith(('"', "'")) or re.search(r"(?<!\\)(\\\\)*\\$", rest):
        return None
    return value + re.sub(r"\\(.)", r"\1", rest)
