"""reprise station enroll: the station joins a server, by a code or by files."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from reprise.bootstrap.tools import joining
from reprise.cli.folders import given_by
from reprise.cli.handed_files import read_handed, refuse_what_is_there, write_new
from reprise.cli.paths import refuse_empty
from reprise.errors import EXIT_OK, EXIT_STOPPED, InputError
from reprise.i18n import _
from reprise.sentences.joining import found_rows, joined_words, question, warning

if TYPE_CHECKING:
    from reprise.adapters.enrolment.joining import StationJoining
    from reprise.ports.sheets.joining import JoinedServer, ServerFound


def register(actions: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    parser = actions.add_parser(
        "enroll",
        help=_("join a server with a code that it made, or by files"),
        description=_(
            "Enrols this stick's key on a server and keeps the server's address on the stick. The "
            "code comes from the server's page of stations."
        ),
    )
    parser.add_argument("url", metavar=_("URL"), nargs="?", help=_("the server's address"))
    parser.add_argument(
        "code", metavar="CODE", nargs="?", help=_("the code; or, without URL, the link it came in")
    )
    parser.add_argument("--yes", action="store_true", help=_("join without asking whether to"))
    files = parser.add_mutually_exclusive_group()
    files.add_argument(
        "--request",
        metavar=_("FILE"),
        help=_("without a network: write the request that the server takes"),
    )
    files.add_argument(
        "--answer", metavar=_("FILE"), help=_("take the answer that the server wrote")
    )
    parser.add_argument(
        "--url",
        dest="named",
        metavar=_("URL"),
        help=_("with --answer: the server's address as this station sees it"),
    )
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    station = joining(given_by(args))
    for name, value in (("URL", args.url), ("CODE", args.code), ("--url", args.named)):
        if value is not None:
            refuse_empty(name, value)
    if args.request is not None or args.answer is not None:
        return _by_file(station, args)
    if args.url is None:
        raise InputError(
            _("No server is named."), _("Give its address and its code, or the link of both.")
        )
    url, code = (args.url, args.code) if args.code is not None else ("", args.url)
    found = station.look(url, code)
    return _told(station.join(found)) if _wanted(found, args) else EXIT_STOPPED


def _wanted(found: ServerFound, args: argparse.Namespace) -> bool:
    """Who would be joined is shown, and asked for. Raises InputError where nobody can be asked."""
    for row in found_rows(found):
        print(row)
    if found.another:
        print(warning(), file=sys.stderr)
    return args.yes or _is_sure()


def _by_file(station: StationJoining, args: argparse.Namespace) -> int:
    if args.answer is not None:
        data, url = read_handed(Path(args.answer), "--answer"), args.named or ""
        wanted = _wanted(station.answered(data, url), args)
        return _told(station.take_answer(data, url)) if wanted else EXIT_STOPPED
    path = Path(args.request)
    refuse_what_is_there(path, "--request")
    write_new(path, station.request(), "--request")
    print(
        _("Take {file} to the server: its page of stations, or “reprise enroll --request”.").format(
            file=path
        )
    )
    return EXIT_OK


def _is_sure() -> bool:
    """Raises InputError where nobody can be asked."""
    if not sys.stdin.isatty():
        raise InputError(
            _("Nobody can be asked here: the input is no terminal."),
            _("Add --yes to join without asking."),
        )
    typed = input(f"{question()} {_('[y/N]')} ").strip().upper()
    return typed in ("Y", _("Y").upper())


def _told(joined: JoinedServer) -> int:
    print(joined_words(joined))
    return EXIT_OK
