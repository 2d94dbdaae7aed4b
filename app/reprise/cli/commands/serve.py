"""reprise serve: the central server."""

from __future__ import annotations

import argparse
from typing import Any

from reprise.adapters.station.readiness import tell_ready
from reprise.bootstrap import config
from reprise.cli.argument_types import whole_number
from reprise.errors import EXIT_OK, InputError
from reprise.i18n import _


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
    parser.set_defaults(run=run)


def add_database_option(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--database",
        metavar=_("FILE|URL"),
        help=_("SQLite file, or postgresql://… address, that holds the reports"),
    )


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
    settings = config.server_settings(args.config, {n: getattr(args, n) for n in names})
    serve(settings, _ready)
    return EXIT_OK


def _ready(url: str) -> None:
    print(_("Reprise server on {url}").format(url=url), flush=True)
    tell_ready()
