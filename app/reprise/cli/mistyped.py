"""Which word of a command line is no option of its command, and what was probably meant."""

from __future__ import annotations

import argparse
import difflib
import shlex
from collections.abc import Iterator, Sequence

from reprise.i18n import _

BEFORE_THE_COMMAND = ("--lang", "--config", "--data")  # each with a value


def strange_word(parser: argparse.ArgumentParser, typed: Sequence[str]) -> str | None:
    """The first option that the parser does not know. Behind the name of a command options are
    that command's."""
    words = iter(typed)
    for word in words:
        if word == "--":
            return None
        if not _is_option(word):
            if _has_commands(parser):
                return None
            continue
        known = _known(parser, word)
        if known is None:
            return word.partition("=")[0]
        if known.nargs != 0 and "=" not in word:
            next(words, None)
    return None


def nearest(parser: argparse.ArgumentParser, word: str) -> str | None:
    near = difflib.get_close_matches(word, [*_options(parser)], n=1)
    return near[0] if near else None


def put_before(prog: str, word: str, typed: Sequence[str]) -> str:
    """What to type where one of BEFORE_THE_COMMAND stands behind it."""
    at = next(n for n, one in enumerate(typed) if one.partition("=")[0] == word)
    value, rest = typed[at].partition("=")[2], [*typed[:at], *typed[at + 1 :]]
    if not value and at < len(rest) and not _is_option(rest[at]):
        value = rest.pop(at)
    program, *command = prog.split()
    more = ["…"] if rest else []
    line = " ".join([program, word, shlex.quote(value) if value else "…", *command, *more])
    return _("{option} goes before the command: {line}").format(option=word, line=line)


def _is_option(word: str) -> bool:
    return len(word) > 1 and word[0] == "-" and " " not in word


def _has_commands(parser: argparse.ArgumentParser) -> bool:
    return any(isinstance(one, argparse._SubParsersAction) for one in parser._actions)


def _options(parser: argparse.ArgumentParser) -> Iterator[str]:
    for action in parser._actions:
        yield from action.option_strings


def _known(parser: argparse.ArgumentParser, word: str) -> argparse.Action | None:
    """What argparse takes the word for: also the beginning of a long option, and a short one with
    its value."""
    name = word.partition("=")[0]
    for action in parser._actions:
        for option in action.option_strings:
            long = option.startswith("--")
            if option.startswith(name) if long else name.startswith(option):
                return action
    return None
