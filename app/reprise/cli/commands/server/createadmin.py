"""reprise server createadmin: an administrator for a server that has none, or lost its own."""

from __future__ import annotations

import argparse
import sys
from typing import TYPE_CHECKING, Any

from reprise.cli.commands.serve import (
    add_database_option,
    add_organisation_option,
    need_server_extra,
    told_settings,
)
from reprise.errors import EXIT_OK, InputError
from reprise.i18n import _

if TYPE_CHECKING:
    from reprise.server.people.keepers import Known


_EXISTING = "--existing"


def register(what: Any) -> None:
    parser = what.add_parser(
        "createadmin",
        help=_("invite an administrator"),
        description=_(
            "Writes a link that works once: whoever opens it chooses a password, and looks after "
            "the organisation and the server from then on. For a server whose administrators are "
            "gone. An account that is there already gets that only where it is asked for."
        ),
    )
    parser.add_argument(
        "--email", metavar=_("ADDRESS"), required=True, help=_("e-mail address of the person")
    )
    parser.add_argument(
        _EXISTING,
        action="store_true",
        help=_("it is the address of an account that is there already: it gets both rights"),
    )
    add_organisation_option(parser)
    add_database_option(parser)
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    try:
        from reprise.server.database import close_database
        from reprise.server.opening import open_existing
        from reprise.server.people.invitations import invite
        from reprise.server.people.keepers import known_account
        from reprise.server.people.organisations import name_of, named_organisation
        from reprise.server.people.scope import Role, of_command
    except ModuleNotFoundError as error:
        raise need_server_extra(error) from error

    settings = told_settings(args)
    open_existing(settings.database)
    try:
        scope = of_command(named_organisation(args.organisation))
        known = known_account(scope, args.email)
        name = name_of(scope.organisation) or _("the organisation")
        _refuse_unasked(args, known, name)
        invitation, secret = invite(scope, args.email, Role.ADMINISTRATOR, runs_instance=True)
    finally:
        close_database()
    base = settings.public_url or f"http://{settings.host}:{settings.port}"
    print(f"{base}/join/{secret}")
    text = _("{email} opens this link once, within seven days.")
    gives = _("It makes them an administrator of {organisation} who looks after the server, too.")
    print(text.format(email=invitation.email), gives.format(organisation=name), file=sys.stderr)
    if known is not None:
        print(_("The account that is there keeps its password."), file=sys.stderr)
    return EXIT_OK


def _refuse_unasked(args: argparse.Namespace, known: Known | None, organisation: str) -> None:
    """Nobody gets the server by mistake: whose address it is, is said. Raises InputError."""
    email = args.email[:80]
    if known is None:
        if args.existing:
            raise InputError(
                _("Nobody has the address {email}.").format(email=email),
                _("Correct it, or leave {option} out to invite somebody new.").format(
                    option=_EXISTING
                ),
            )
        return
    if args.existing and not known.has_all:
        return
    found = _("{email} has an account already ({state}).")
    password = _("“{command}” lets this person choose a new password.").format(
        command="reprise server password"
    )
    more = _(
        "With {option} the link makes this account an administrator of {organisation} that looks "
        "after the server, too."
    ).format(option=_EXISTING, organisation=organisation)
    raise InputError(
        found.format(email=email, state=_state(known, organisation)),
        password if known.has_all else f"{more} {password}",
    )


def _state(known: Known, organisation: str) -> str:
    from reprise.server.people.words import role_word

    role = _("not in {organisation}") if known.role is None else _("{role} in {organisation}")
    word = "" if known.role is None else role_word(known.role)
    told = [role.format(role=word, organisation=organisation)]
    if known.runs_instance:
        told.append(_("looks after the server"))
    return ", ".join(told)
