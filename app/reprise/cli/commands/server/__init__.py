"""reprise server: what whoever looks after the central server does, one file a command."""

from __future__ import annotations

from typing import Any

from reprise.cli.commands.server import (
    backup,
    check,
    createadmin,
    password,
    restore,
    take_over,
    upgrade,
)
from reprise.i18n import _


def register(commands: Any) -> None:
    parser = commands.add_parser(
        "server",
        help=_("look after the central server"),
        description=_("What whoever looks after the central server does, beside “reprise serve”."),
    )
    what = parser.add_subparsers(dest="what", metavar=_("COMMAND"), required=True)
    for one in (check, backup, restore, upgrade, createadmin, password, take_over):
        one.register(what)
