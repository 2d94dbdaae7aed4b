"""Paths on a command line: an empty one is refused, and one without its option told which it is."""

from __future__ import annotations

import argparse
import shlex
from collections.abc import Iterator, Sequence

from reprise.errors import InputError
from reprise.i18n import _


def refuse_empty_paths(parser: argparse.ArgumentParser, known: argparse.Namespace) -> None:
    """Raises InputError: to a script whose variable is not set, "" would be the folder it is in."""
    for action in _of_paths(parser):
        given = getattr(known, action.dest, None)
        for value in given if isinstance(given, list) else [given]:
            if isinstance(value, str):
                refuse_empty(_name(action), value)


def refuse_empty(option: str, value: str) -> None:
    """Raises InputError."""
    if not value.strip():
        raise InputError(_("The value of {option} is empty.").format(option=option), _("Give one."))


def option_of_path(
    parser: argparse.ArgumentParser, known: argparse.Namespace, unknown: Sequence[str]
) -> str | None:
    """What to type instead of the one path that the command did not expect, where one option alone
    takes a path and was not given."""
    if len(unknown) != 1 or "/" not in unknown[0] or unknown[0].startswith("-"):
        return None
    free = [
        action
        for action in _of_paths(parser)
        if action.option_strings and getattr(known, action.dest, None) is None
    ]
    return f"{_name(free[0])} {shlex.quote(unknown[0])}" if len(free) == 1 else None


def _of_paths(parser: argparse.ArgumentParser) -> Iterator[argparse.Action]:
    """By what help calls their values."""
    words = (_("DIR"), _("FILE"), _("ISO"), _("OUT"), _("PATH"))
    yield from (action for action in parser._actions if action.metavar in words)


def _name(action: argparse.Action) -> str:
    """The first long one: -o is --output."""
    return next((one for one in action.option_strings if one[:2] == "--"), str(action.metavar))
