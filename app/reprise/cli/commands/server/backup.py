"""reprise server backup: all that a running server holds, in one file."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from reprise import wording
from reprise.cli.commands.serve import add_database_option, need_server_extra, told_settings
from reprise.cli.commands.server.telling import telling
from reprise.errors import EXIT_OK
from reprise.i18n import _


def register(what: Any) -> None:
    parser = what.add_parser(
        "backup",
        help=_("back a running server up into one file"),
        description=_(
            "Writes the database as it is at this moment and the data folder into one new file, "
            "which its owner alone may read. The server goes on meanwhile. The file is there once "
            "all of it is on the disk. Settings and keys of other programs are not in it."
        ),
        epilog=_(
            "Exit codes: 0 done, 2 wrong usage or input (the file is there already), 4 the "
            "backup could not be made, 130 stopped."
        ),
    )
    parser.add_argument("file", metavar=_("FILE"), help=_("the new file, a .tar"))
    add_database_option(parser)
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    try:
        from reprise.server.upkeep.backing_up import back_up
    except ModuleNotFoundError as error:
        raise need_server_extra(error) from error

    settings = told_settings(args)
    target = Path(args.file).expanduser().absolute()
    with telling() as tell:
        count = back_up(settings, target, tell)
    print(_("Backed up: {path}, {size}.").format(path=target, size=wording.size(count)))
    return EXIT_OK
