"""reprise …: parse the command line, hand over."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from importlib import import_module

from reprise import __version__, i18n
from reprise.cli.parser import Parser, speak
from reprise.errors import EXIT_STOPPED, EXIT_USAGE, RepriseError
from reprise.i18n import _

# Each names a module of reprise.cli with `register(commands)`. Kept as names so that a command
# imports only what it needs: the station must start fast, the server needs no hardware library.
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
        import_module(f"reprise.cli.{name}").register(commands)
    return parser


def _language(argv: Sequence[str]) -> str:
    for here, following in zip(argv, [*argv[1:], ""], strict=True):
        if here == "--lang":
            return following
        if here.startswith("--lang="):
            return here.removeprefix("--lang=")
    return i18n.language_of_environment()


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command. Returns the exit code (see reprise.errors)."""
    words = list(sys.argv[1:] if argv is None else argv)
    i18n.set_language(_language(words))
    only = next((w for w in words if w in _COMMANDS), None)
    speak()
    args = _parser(only).parse_args(words)
    try:
        code: int = args.run(args)
    except RepriseError as error:
        print(f"reprise: {error}", file=sys.stderr)
        return error.exit_code
    except KeyboardInterrupt:
        print("reprise: " + _("stopped by the operator"), file=sys.stderr)
        return EXIT_STOPPED
    except BrokenPipeError:
        return EXIT_USAGE
    return code


if __name__ == "__main__":
    sys.exit(main())
