"""reprise server restore: a backup becomes a server's database again."""

from __future__ import annotations

import argparse
import os
import sys
from itertools import chain
from pathlib import Path
from typing import Any

from reprise import wording
from reprise.bootstrap import config
from reprise.cli.commands.serve import need_server_extra
from reprise.cli.commands.server.check import tell_findings
from reprise.cli.commands.server.telling import telling
from reprise.i18n import _


def register(what: Any) -> None:
    parser = what.add_parser(
        "restore",
        help=_("make a database of a backup"),
        description=_(
            "Reads a backup to its end, and refuses one that is damaged, breaks off, or was made "
            "by a newer version. Then it makes a new database and data folder of it, never over "
            "others, and looks at the signature of each report: where the list says other than "
            "what was signed, it is told, and judged anew. Log-ins, codes and invitations of the "
            "backup are ended; what was revoked or removed after it is valid again, and told. "
            "Give backups of your own alone: who may alter one may alter what the server shows."
        ),
        epilog=_(
            "Exit codes: 0 done, 2 wrong usage or input (a backup that cannot be used, a database "
            "that holds something), 4 it could not be restored, or a report in it is not good, "
            "130 stopped."
        ),
    )
    parser.add_argument("file", metavar=_("FILE"), help=_("what “reprise server backup” wrote"))
    parser.add_argument(
        "--database",
        metavar=_("FILE|URL"),
        required=True,
        help=_("a new SQLite file, or the postgresql://… address of an empty database"),
    )
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    try:
        from reprise.server.database import close_database
        from reprise.server.database_address import without_password
        from reprise.server.opening import open_database
        from reprise.server.upkeep.after_restore import Ended, tell_ended
        from reprise.server.upkeep.checking import look_at_content
        from reprise.server.upkeep.restoring import restore
    except ModuleNotFoundError as error:
        raise need_server_extra(error) from error

    settings = config.command_settings(args.config, {"database": args.database})
    with telling() as tell:
        made = restore(Path(args.file), settings, tell)
        ended: list[Ended] = []
        # of an older version: brought up to date
        address = open_database(settings.database, ended.append)
        try:
            text = _("Restored into {path}: the backup of {moment}, by Reprise {version}.")
            when = wording.moment(made.made_at)
            print(text.format(path=address.shown, moment=when, version=made.reprise), flush=True)
            found = chain.from_iterable(map(tell_ended, ended))
            code = tell_findings(chain(found, look_at_content(address, tell, anew=True)))
        finally:
            close_database()
    where = without_password(args.database) if address.path is None else address.path
    print(_give_it(where), file=sys.stderr)
    return code


def _give_it(where: object) -> str:
    """To the server, there where it is told which database is its own."""
    if os.environ.get(config.DATABASE_URL):
        text = _(
            "Give it to the server: {setting} in server.env, or where else it is told {name}, and "
            "start it again."
        )
        return text.format(setting=f'{config.DATABASE_URL}="{where}"', name=config.DATABASE_URL)
    text = _("Give it to the server: database = {database} in server.toml, and start it again.")
    return text.format(database=f'"{where}"')
