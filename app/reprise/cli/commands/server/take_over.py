"""reprise server take-over: the reports of a server of version 0.1."""

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
from reprise.errors import EXIT_FAILED, EXIT_OK
from reprise.i18n import _

_TELL_EACH = 500  # reports


def register(what: Any) -> None:
    parser = what.add_parser(
        "take-over",
        help=_("take the reports of Reprise 0.1 over"),
        description=_(
            "Copies stations and reports of a database of Reprise 0.1, byte for byte, into this "
            "server's, and looks at the signature of each report: what is not good is kept, told, "
            "and not listed as erased. The old database stays as it is; what is here already is "
            "left alone."
        ),
        epilog=_(
            "Exit codes: 0 done, 2 wrong usage or input, 4 the database could not be written, it "
            "holds other reports under the same numbers, or a report or key is not good."
        ),
    )
    old = _("the old server's SQLite file or postgresql://… address")
    parser.add_argument("old", metavar=_("FILE|URL"), help=old)
    add_organisation_option(parser)
    add_database_option(parser)
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    try:
        from reprise.server.database import close_database
        from reprise.server.opening import open_database
        from reprise.server.people.organisations import named_organisation
        from reprise.server.take_over import look_at_old, take_over
    except ModuleNotFoundError as error:
        raise need_server_extra(error) from error

    settings = config.command_settings(args.config, {"database": args.database})
    look_at_old(args.old)
    here = open_database(settings.database)
    try:
        taken = take_over(args.old, named_organisation(args.organisation), _tell)
    finally:
        close_database()
    print(
        _("Taken over into {path}: {new} reports; {known} were there already.").format(
            path=here.shown, new=taken.reports, known=taken.known
        )
    )
    for report_id in taken.others:
        text = _("Another report is kept here as {id}: the old one stays where it is.")
        print(text.format(id=report_id), file=sys.stderr)
    for kid in taken.strange_keys:
        text = _(
            "The key that was kept as {kid} is another one: it is not taken over, and no report "
            "is taken from it."
        )
        print(text.format(kid=kid), file=sys.stderr)
    for report_id in taken.doubted:
        text = _(
            "Report {id} cannot be read, or is not what its station signed: it is kept as it is, "
            "and not listed as erased."
        )
        print(text.format(id=report_id), file=sys.stderr)
    wrong = taken.others or taken.strange_keys or taken.doubted
    return EXIT_FAILED if wrong else EXIT_OK


def _tell(done: int, all_: int) -> None:
    if done and (done % _TELL_EACH == 0 or done == all_):
        print(_("Reports: {done} / {all}").format(done=done, all=all_), file=sys.stderr)
