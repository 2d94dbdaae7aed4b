"""The server's place in the stick's reprise.toml, which people edit: all else stays as it is."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping

from reprise.errors import InputError
from reprise.i18n import _
from reprise.strict_toml import parse_toml

_SECTION = re.compile(r"\s*\[\s*server\s*\]\s*(#.*)?$")
_ANY_SECTION = re.compile(r"\s*\[")


def with_server(
    text: str, file: str, values: Mapping[str, str], notes: Mapping[str, str] | None = None
) -> str:
    """`text` with these settings of [server], each with its note, if any. Raises InputError where
    it is not TOML, or written in a way that cannot be changed without touching the rest."""
    before = parse_toml(text, file)
    after = _changed(text, values, notes or {})
    wanted = {**before, "server": {**_table(before.get("server")), **values}}
    try:
        good = parse_toml(after, file) == wanted
    except InputError:
        good = False
    if not good:
        raise InputError(
            _("The section [server] of {file} cannot be changed by the station.").format(file=file),
            _("Remove it there on any PC, and try again."),
        )
    return after


def _table(value: object) -> dict[str, object]:
    return dict(value) if isinstance(value, dict) else {}


def _changed(text: str, values: Mapping[str, str], notes: Mapping[str, str]) -> str:
    end = "\r\n" if "\r\n" in text else "\n"
    lines = text.split(end)
    told = {name: f"{name} = {_toml(value)}" for name, value in values.items()}
    told |= {name: f"{told[name]}  # {note}" for name, note in notes.items()}
    start = next((at for at, line in enumerate(lines) if _SECTION.match(line)), None)
    if start is None:
        kept = text if not text or text.endswith(end) else text + end
        return kept + end.join(([""] if kept else []) + ["[server]", *told.values(), ""])
    after = range(start + 1, len(lines))
    stop = next((at for at in after if _ANY_SECTION.match(lines[at])), len(lines))
    section = lines[start + 1 : stop]
    for name, line in told.items():
        known = re.compile(rf"\s*{name}\s*=")
        at = next((at for at, one in enumerate(section) if known.match(one)), None)
        section[at or 0 : 0 if at is None else at + 1] = [line]
    return end.join((*lines[: start + 1], *section, *lines[stop:]))


def _toml(text: str) -> str:
    """A TOML basic string: the same as JSON's once nothing but ASCII needs no escape."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")
