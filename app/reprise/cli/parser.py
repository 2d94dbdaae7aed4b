"""argparse in the language of the messages, with examples in each help."""

from __future__ import annotations

import argparse
import re
import textwrap
from collections.abc import Sequence
from typing import NoReturn

from reprise.cli.mistyped import BEFORE_THE_COMMAND, nearest, put_before, strange_word
from reprise.cli.paths import option_of_path, refuse_empty_paths
from reprise.i18n import N_, _, language

# What argparse itself says to a person, of Python 3.11 to 3.13. Its own catalogue has no French,
# and is looked for by the environment's language, not by --lang. A test compares with its source.
WORDS = (
    N_("usage: "),
    N_("%(heading)s:"),
    N_("positional arguments"),
    N_("options"),
    N_("show this help message and exit"),
    N_("show program's version number and exit"),
    N_("%(prog)s: error: %(message)s\n"),
    N_("argument %(argument_name)s: %(message)s"),
    N_("unknown parser %(parser_name)r (choices: %(choices)s)"),
    N_("unrecognized arguments: %s"),
    N_("not allowed with argument %s"),
    N_("ambiguous option: %(option)s could match %(matches)s"),
    N_("ignored explicit argument %r"),
    N_("the following arguments are required: %s"),
    N_("one of the arguments %s is required"),
    N_("expected one argument"),
    N_("expected at most one argument"),
    N_("expected at least one argument"),
    N_("unexpected option string: %s"),
    N_("invalid %(type)s value: %(value)r"),
    N_("invalid choice: %(value)r (choose from %(choices)s)"),
)
_QUOTED = re.compile(r"%(\(\w+\))?r")
_KEPT = "  "  # a line that begins so is kept as it is


class _Formatter(argparse.HelpFormatter):
    def _fill_text(self, text: str, width: int, indent: str) -> str:
        lines: list[str] = []
        for line in text.splitlines():
            lines += [line] if line.startswith(_KEPT) else textwrap.wrap(line, width)
        return "\n".join(indent + line for line in lines)


_ONE_OF = N_("{error} (choose from {choices})")
_MEANT = N_("{error} (did you mean {near}?)")


class Parser(argparse.ArgumentParser):
    """Its sub-parsers are of this class, too."""

    _typed: Sequence[str] = ()

    def error(self, message: str) -> NoReturn:
        """Where a command is missing, with those that there are. An option that there is not is
        told before what argparse misses for want of it."""
        strange = strange_word(self, self._typed)
        if strange in BEFORE_THE_COMMAND:
            said = put_before(self.prog, strange, self._typed)
            told = {"prog": self.prog, "message": said}
            self.exit(2, _("%(prog)s: error: %(message)s\n") % told)  # its usage has no such option
        if strange is not None:
            message = self._unrecognized(strange, message)
        for action in self._actions:
            missing = _("the following arguments are required: %s") % action.metavar
            if isinstance(action, argparse._SubParsersAction) and message == missing:
                message = _(_ONE_OF).format(error=message, choices=", ".join(action.choices))
        super().error(message)

    def _unrecognized(self, strange: str, message: str) -> str:
        if strange not in message.split():
            message = _("unrecognized arguments: %s") % strange
        near = nearest(self, strange)
        return _(_MEANT).format(error=message, near=near) if near else message

    def parse_known_args(self, args=None, namespace=None):  # type: ignore[no-untyped-def]
        """The command that does not know an argument says so, with its own usage."""
        self._typed = args or ()
        known, unknown = super().parse_known_args(args, namespace)
        refuse_empty_paths(self, known)
        if unknown:
            message = _("unrecognized arguments: %s") % " ".join(unknown)
            meant = option_of_path(self, known, unknown)
            self.error(_(_MEANT).format(error=message, near=meant) if meant else message)
        return known, unknown

    def format_help(self) -> str:
        from reprise.cli.examples import EXAMPLES

        lines = [_("examples:")]
        for words, what in EXAMPLES[self.prog]:
            lines += [f"{_KEPT}{words}", f"{_KEPT}    {_(what)}"]
        self.epilog = "\n".join(lines)
        self.formatter_class = _Formatter
        return super().format_help()


def speak() -> None:
    """argparse says its own words in the language that is in force whenever it speaks."""
    vars(argparse)["_"] = _said


def _said(text: str) -> str:
    """In French what was typed stands in French quotes, and not in Python's."""
    said = _(text)
    return _QUOTED.sub("«\u00a0%\\1s\u00a0»", said) if language() == "fr" else said
