"""reprise server password: a link to choose a new one, where the server sends no mail."""

from __future__ import annotations

import argparse
import sys
from typing import Any

from reprise.cli.commands.serve import add_database_option, need_server_extra, told_settings
from reprise.errors import EXIT_OK
from reprise.i18n import _


def register(what: Any) -> None:
    parser = what.add_parser(
        "password",
        help=_("let a person choose a new password"),
        description=_(
            "Writes a link that works once, for a day: whoever opens it chooses a new password for "
            "the account with this address. For who forgot theirs, on a server that sends no mail."
        ),
    )
    parser.add_argument(
        "--email", metavar=_("ADDRESS"), required=True, help=_("e-mail address of the person")
    )
    parser.add_argument(
        "--without-factor",
        action="store_true",
        help=_("remove the second factor, too, and end all sessions: who lost an app or a key"),
    )
    add_database_option(parser)
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    try:
        from reprise.server.database import close_database
        from reprise.server.opening import open_existing
        from reprise.server.people.factors import remove_factors_by_command
        from reprise.server.people.resetting import reset_path
    except ModuleNotFoundError as error:
        raise need_server_extra(error) from error

    settings = told_settings(args)
    open_existing(settings.database)
    try:
        path = reset_path(args.email)
        if args.without_factor:
            remove_factors_by_command(args.email)
    finally:
        close_database()
    base = settings.public_url or f"http://{settings.host}:{settings.port}"
    print(f"{base}{path}")
    text = _("{email} opens this link once, within a day.")
    print(text.format(email=args.email), file=sys.stderr)
    return EXIT_OK
