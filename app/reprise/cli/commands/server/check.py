"""reprise server check: is the server well?"""

from __future__ import annotations

import argparse
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from reprise.bootstrap import config
from reprise.cli.commands.serve import add_database_option, need_server_extra
from reprise.cli.commands.server.telling import telling
from reprise.errors import EXIT_FAILED, EXIT_OK
from reprise.i18n import _, beside

if TYPE_CHECKING:
    from reprise.server.upkeep.finding import Finding


def register(what: Any) -> None:
    parser = what.add_parser(
        "check",
        help=_("is the server well, and each report as it was signed?"),
        description=_(
            "Looks at settings, files, room, address, clock, database and tables, and at the "
            "signature of each stored report. A line each says what was found (good, to be "
            "looked at, or wrong) and what to do. Nothing is changed, and the server may go on."
        ),
        epilog=_("Exit codes: 0 nothing is wrong, 2 wrong usage or input, 4 something is."),
    )
    parser.add_argument("--quick", action="store_true", help=_("do not look at each report"))
    add_database_option(parser)
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    try:
        from reprise.server.upkeep.checking import look_around
    except ModuleNotFoundError as error:
        raise need_server_extra(error) from error

    settings = config.command_settings(args.config, {"database": args.database})
    file = config.server_settings_file(args.config)
    with telling() as tell:
        return tell_findings(look_around(settings, file, args.quick, tell))


def tell_findings(findings: Iterable[Finding]) -> int:
    """A line each, as soon as it is known. The exit code."""
    from reprise.server.upkeep.finding import Mark

    wrong = False
    for finding in findings:
        wrong |= finding.mark is Mark.BAD
        print(finding.mark.value, beside(f"{finding.what}.", finding.advice), flush=True)
    return EXIT_FAILED if wrong else EXIT_OK
