"""reprise serve: the central server."""

from __future__ import annotations

import argparse
import sys
from contextlib import ExitStack
from functools import partial
from typing import TYPE_CHECKING, Any

from reprise.adapters.station.readiness import tell_ready
from reprise.bootstrap import config
from reprise.cli.argument_types import whole_number
from reprise.domain.erasure.progress import Progress
from reprise.errors import EXIT_OK, InputError
from reprise.i18n import _

if TYPE_CHECKING:
    from collections.abc import Mapping

    from reprise.bootstrap.demo_server import DemoServer
    from reprise.server.settings import ServerSettings


def register(commands: Any) -> None:
    parser = commands.add_parser(
        "serve",
        help=_("receive and show reports (the central server)"),
        description=_(
            "Receives signed reports from enrolled stations, keeps their exact bytes and "
            "shows them to those who log in. The first start writes a link that makes the first "
            "administrator. It listens on this machine only unless told otherwise."
        ),
    )
    parser.add_argument("--host", metavar=_("ADDRESS"), help=_("address to listen on (127.0.0.1)"))
    parser.add_argument(
        "--port",
        metavar="PORT",
        type=whole_number,
        help=_("port to listen on (8080); 0: any free one"),
    )
    add_database_option(parser)
    parser.add_argument(
        "--max-body",
        dest="max_body_bytes",
        metavar=_("BYTES"),
        type=whole_number,
        help=_("largest report that is accepted, in bytes (4194304)"),
    )
    parser.add_argument(
        "--log-format",
        choices=("text", "json"),
        help=_("form of the log on the standard error (text)"),
    )
    parser.add_argument(
        "--demo",
        metavar=_("NUMBER"),
        nargs="?",
        const=1,
        type=whole_number,
        help=_(
            "show a made-up year of a programme: gone at the end, unless --database names a "
            "new file for it; another number makes another year"
        ),
    )
    parser.set_defaults(run=run)


def add_database_option(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--database",
        metavar=_("FILE|URL"),
        help=_("SQLite file, or postgresql://… address, that holds the reports"),
    )


def told_settings(args: argparse.Namespace) -> ServerSettings:
    """Of a command that works with the server's own database, which is told before anything else.
    Raises InputError."""
    from reprise.server.database_address import database_address

    settings = config.command_settings(args.config, {"database": args.database})
    shown = database_address(settings.database).shown
    print(_("Database: {path}").format(path=shown), file=sys.stderr)
    return settings


def add_organisation_option(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--organisation",
        metavar=_("NAME"),
        help=_("which organisation's, where the server has several"),
    )


def need_server_extra(error: ModuleNotFoundError) -> InputError:
    return InputError(
        _("The server's libraries are not installed ({module} is missing).").format(
            module=error.name
        ),
        _("Install them with: pip install 'reprise[server]'"),
    )


def run(args: argparse.Namespace) -> int:
    try:
        from reprise.server.running import serve
    except ModuleNotFoundError as error:
        raise need_server_extra(error) from error

    names = ("host", "port", "database", "max_body_bytes", "log_format")
    options = {name: getattr(args, name) for name in names}
    if args.demo is None:
        serve(config.server_settings(args.config, options), _ready)
    else:
        _serve_demo(options, args.demo)
    return EXIT_OK


def _serve_demo(options: Mapping[str, Any], seed: int) -> None:
    """No settings are read: they are a real server's, and not for everybody's eyes."""
    from reprise.bootstrap.demo_server import demo_server
    from reprise.cli.commands.server.telling import telling
    from reprise.server.running import listen, serve
    from reprise.server.settings import FILE, load_settings

    settings = load_settings("", FILE, options)
    listen(settings.host, settings.port).close()  # told before a year is made up

    def ready(made: DemoServer, url: str) -> None:
        _ready(url)
        print(_accounts(made), flush=True)

    with ExitStack() as stack:
        with telling() as tell:
            made = stack.enter_context(
                demo_server(
                    settings,
                    options["database"],
                    seed,
                    lambda n, all_: tell(Progress("", "make-up", n, all_, 0)),
                )
            )
        serve(made.settings, partial(ready, made))


def _accounts(made: DemoServer) -> str:
    """For who starts it: nobody can read the password again."""
    from reprise.server.people.words import role_word

    rows = [(one.email, role_word(one.role), one.organisation) for one in made.accounts]
    wide, role = (max(len(row[at]) for row in rows) for at in (0, 1))
    lines = [f"  {email:{wide}}  {its:{role}}  {where}" for email, its, where in rows]
    first = _("A demonstration: made-up data. Log in as one of these:")
    return "\n".join(
        (first, *lines, _("Password of all: {password}").format(password=made.password))
    )


def _ready(url: str) -> None:
    print(_("Reprise server on {url}").format(url=url), flush=True)
    tell_ready()
