"""reprise server upgrade: the tables of a new version, after a backup."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from reprise.cli.commands.serve import add_database_option, need_server_extra, told_settings
from reprise.cli.commands.server.telling import telling
from reprise.errors import EXIT_OK
from reprise.i18n import _


def register(what: Any) -> None:
    parser = what.add_parser(
        "upgrade",
        help=_("bring the tables up to date, after a backup"),
        description=_(
            "Brings the tables of the database to this version. “reprise serve” does it at its "
            "start, too; this command makes a backup before, and ends where that fails."
        ),
        epilog=_("Exit codes: 0 done, 2 wrong usage or input, 4 it failed, 130 stopped."),
    )
    backup = parser.add_mutually_exclusive_group()
    backup.add_argument(
        "--backup",
        metavar=_("FILE"),
        help=_(
            "where the backup goes (reprise-before-upgrade-….tar, beside the SQLite file, or in "
            "this folder where the database is a PostgreSQL)"
        ),
    )
    backup.add_argument("--no-backup", action="store_true", help=_("make no backup before"))
    add_database_option(parser)
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    try:
        from reprise.server.upkeep.upgrading import upgrade
    except ModuleNotFoundError as error:
        raise need_server_extra(error) from error

    settings = told_settings(args)
    given = None if args.backup is None else Path(args.backup).expanduser().absolute()
    with telling() as tell:
        done = upgrade(settings, None if args.no_backup else given, not args.no_backup, tell)
    if done.backup is not None:
        print(_("Backup: {path}").format(path=done.backup))
    if done.migrations:
        print(_("The tables are up to date now."))
    else:
        print(_("The tables were up to date already."))
    return EXIT_OK
