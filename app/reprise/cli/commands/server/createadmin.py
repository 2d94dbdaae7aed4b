"""reprise server createadmin: an administrator for a server that has none, or lost its own."""

from __future__ import annotations

import argparse
import sys
from typing import Any

from reprise.bootstrap import config
from reprise.cli.commands.serve import (
    add_database_option,
    add_organisation_option,
    need_server_extra,
)
from reprise.errors import EXIT_OK
from reprise.i18n import _


def register(what: Any) -> None:
    parser = what.add_parser(
        "createadmin",
        help=_("invite an administrator"),
        description=_(
            "Writes a link that works once: whoever opens it chooses a password, and looks after "
            "the organisation and the server from then on. For a server whose administrators are "
            "gone."
        ),
    )
    parser.add_argument(
        "--email", metavar=_("ADDRESS"), required=True, help=_("e-mail address of the person")
    )
    add_organisation_option(parser)
    add_database_option(parser)
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    try:
        from reprise.server.database import close_database
        from reprise.server.opening import open_existing
        from reprise.server.people.invitations import invite
        from reprise.server.people.organisations import named_organisation
        from reprise.server.people.scope import Role, of_command
    except ModuleNotFoundError as error:
        raise need_server_extra(error) from error

    settings = config.server_settings(args.config, {"database": args.database})
    open_existing(settings.database)
    try:
        scope = of_command(named_organisation(args.organisation))
        invitation, secret = invite(scope, args.email, Role.ADMINISTRATOR, runs_instance=True)
    finally:
        close_database()
    base = settings.public_url or f"http://{settings.host}:{settings.port}"
    print(f"{base}/join/{secret}")
    text = _("{email} opens this link once, within seven days.")
    print(text.format(email=invitation.email), file=sys.stderr)
    return EXIT_OK
