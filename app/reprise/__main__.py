"""reprise …: parse the command line, hand over."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from importlib import import_module
from itertools import pairwise

from reprise import __version__, i18n
from reprise.adapters.pc.streams import flush_output, forget_output, use_standard_streams
from reprise.cli import completion
from reprise.cli.complaint import complain
from reprise.cli.mistyped import BEFORE_THE_COMMAND
from reprise.cli.parser import Parser, speak
from reprise.errors import EXIT_FAILED, EXIT_STOPPED, EXIT_USAGE, RepriseError
from reprise.i18n import _, beside
from reprise.system_words import system_words, who_may

# Each names a module of reprise.cli.commands with `register(commands)`. Kept as names so that a
# command imports only what it needs: the station must start fast, the server needs no hardware
# library.
_COMMANDS = (
    "inventory",
    "plan",
    "erase",
    "report",
    "outbox",
    "station",
    "install",
    "images",
    "stick",
    "netboot",
    "serve",
    "enroll",
    "server",
)


def _parser(only: str | None) -> argparse.ArgumentParser:
    parser = Parser(
        prog="reprise",
        description=_("Erases a PC's drives, proves it, and gives the PC a second life."),
    )
    parser.add_argument("--version", action="version", version=f"reprise {__version__}")
    parser.add_argument("--lang", choices=i18n.LANGUAGES, help=_("language of the messages"))
    parser.add_argument("--config", metavar=_("DIR"), help=_("folder of the settings files"))
    parser.add_argument(
        "--data", metavar=_("DIR"), help=_("folder of the journal, reports and outbox")
    )
    commands = parser.add_subparsers(dest="command", metavar=_("COMMAND"), required=True)
    for name in (only,) if only in _COMMANDS else _COMMANDS:
        import_module(f"reprise.cli.commands.{name}").register(commands)
    return parser


def _language(argv: Sequence[str]) -> str:
    for here, following in pairwise([*argv, ""]):
        if here == "--lang":
            return following if following in i18n.LANGUAGES else i18n.language_of_environment()
        if here.startswith("--lang="):
            return here.removeprefix("--lang=")
    return i18n.language_of_environment()


def _command(argv: Sequence[str]) -> str | None:
    """The first word that is neither an option nor its value; `--data plan erase` erases."""
    values = iter(argv)
    for word in values:
        if word in BEFORE_THE_COMMAND:
            next(values, None)
        elif not word.startswith("-"):
            return word
    return None


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command. Returns the exit code (see reprise.errors)."""
    if argv is None and (typed := completion.asked()) is not None:
        completion.answer(_parser(_command(typed)))
    use_standard_streams()
    words = list(sys.argv[1:] if argv is None else argv)
    i18n.set_language(_language(words))
    speak()
    try:
        parser = _parser(_command(words))
        if not words:
            parser.print_help(sys.stderr)
            return EXIT_USAGE
        code = _run(parser.parse_args(words))
        flush_output()
    except RepriseError as error:
        complain(str(error), words)
        return error.exit_code
    except KeyboardInterrupt:
        complain(_("stopped by the operator"))
        return EXIT_STOPPED
    except BrokenPipeError:  # as `| head` ends it: there is nobody to tell
        forget_output()
        return EXIT_FAILED
    except OSError as error:  # a full disk behind `>`, above all
        forget_output()
        refused = _("the system refuses: {reason}.").format(reason=system_words(str(error)))
        complain(beside(refused, who_may(error)))
        return EXIT_FAILED
    return code


def _run(args: argparse.Namespace) -> int:
    if (args.config, args.data) != (None, None):
        from reprise.cli.folders import check_folders, given_by

        check_folders(given_by(args))
    code: int = args.run(args)
    return code


if __name__ == "__main__":
    sys.exit(main())
