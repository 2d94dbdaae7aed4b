"""reprise enroll: which stations may hand in reports."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from reprise import wording
from reprise.adapters.storage.files import who_runs
from reprise.bootstrap import config
from reprise.cli.commands.serve import (
    add_database_option,
    add_organisation_option,
    need_server_extra,
)
from reprise.cli.handed_files import read_handed, refuse_what_is_there, write_new
from reprise.cli.paths import refuse_empty
from reprise.errors import EXIT_OK, InputError, RepriseError
from reprise.i18n import _
from reprise.system_words import os_reason

if TYPE_CHECKING:
    from reprise.server.people.scope import Scope
    from reprise.server.settings import ServerSettings


def register(commands: Any) -> None:
    parser = commands.add_parser(
        "enroll",
        help=_("give a station its key, list stations, revoke one (on the server)"),
        description=_("Says which stations may hand in reports to this server."),
    )
    parser.add_argument(
        "--name", metavar=_("NAME"), help=_("name of the station, as reports show it")
    )
    what = parser.add_mutually_exclusive_group(required=True)
    what.add_argument(
        "--key", metavar=_("FILE"), help=_("enrol this public key (station.pub.pem or a JWK)")
    )
    what.add_argument(
        "--out",
        metavar=_("DIR"),
        help=_("make a key and write a folder ready to copy onto the stick"),
    )
    what.add_argument(
        "--request",
        metavar=_("FILE"),
        help=_("enrol the station that wrote this request; its answer goes to --answer"),
    )
    what.add_argument("--list", action="store_true", help=_("list the stations"))
    what.add_argument("--revoke", metavar=_("KID"), help=_("refuse this key from now on"))
    parser.add_argument(
        "--answer",
        metavar=_("FILE"),
        help=_("with --request: the file for the station (it must not exist)"),
    )
    parser.add_argument(
        "--url", metavar=_("URL"), help=_("with --out: the server's address as the station sees it")
    )
    add_organisation_option(parser)
    add_database_option(parser)
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    try:
        from reprise.server.database import close_database
        from reprise.server.database_address import database_address
        from reprise.server.opening import open_database, refuse_a_mistyped_file
        from reprise.server.people.organisations import named_organisation
        from reprise.server.people.scope import of_command
    except ModuleNotFoundError as error:
        raise need_server_extra(error) from error

    _refuse_what_is_empty(args)
    enrols = args.key is not None or args.out is not None
    if enrols and args.name is None:
        raise InputError(_("The station has no name."), _("Add --name NAME."))
    enrols = enrols or args.request is not None
    options = {"database": args.database, "public_url": args.url}
    settings = config.command_settings(args.config, options)
    path = database_address(settings.database).path
    if not enrols and path is not None:
        refuse_a_mistyped_file(path)
    key = None if args.key is None else _read_key(Path(args.key))
    new = path if path is not None and not path.exists() else None
    open_database(settings.database)
    try:
        scope = of_command(named_organisation(args.organisation))
        if key is not None:
            _enroll_key(scope, args.name, key)
        elif args.out is not None:
            _enroll_new(scope, args.name, Path(args.out), settings.public_url)
        elif args.request is not None:
            _enroll_request(scope, args, settings)
        if enrols:
            _tell_new(new)
            return EXIT_OK
        return _list(scope) if args.list else _revoke(scope, args.revoke)
    finally:
        close_database()


def _tell_new(path: Path | None) -> None:
    """Whose server reads another database would look in vain for the station there."""
    if path is not None:
        print(
            _("The database {path} was not there, and was made: start the server with it.").format(
                path=path
            ),
            file=sys.stderr,
        )


def _refuse_what_is_empty(args: argparse.Namespace) -> None:
    """Raises InputError, before a database is made: a script whose variable is not set."""
    for name in ("name", "revoke", "url"):  # of paths the parser says it
        value = getattr(args, name)
        if value is not None:
            refuse_empty(f"--{name}", value)


def _read_key(path: Path) -> tuple[str, str]:
    """(kid, public PEM). Raises InputError."""
    from reprise.server.stations.keys import read_public_key

    try:
        data = path.read_bytes()
    except OSError as error:
        raise InputError(
            _("{file} cannot be read: {reason}.").format(file=path, reason=os_reason(error)),
            who_runs(error, _("Give station.pub.pem from the stick.")),
        ) from error
    return read_public_key(data)


def _enroll_key(scope: Scope, name: str, key: tuple[str, str]) -> None:
    from reprise.server.stations.services import enroll

    kid, pem = key
    station, new = enroll(scope, name, pem, kid)
    text = _("Enrolled “{name}”: {kid}") if new else _("“{name}” was already enrolled: {kid}")
    print(text.format(name=station.name, kid=station.kid))


def _enroll_new(scope: Scope, name: str, folder: Path, url: str) -> None:
    from reprise.server.stations.keys import make_key
    from reprise.server.stations.services import clean_name, enroll
    from reprise.server.stations.stick_folder import (
        remove_folder_files,
        settings_text,
        write_folder,
    )
    from reprise.settings import checked_settings

    name = clean_name(name)
    settings = settings_text(name, url)
    checked_settings(settings, "reprise.toml")  # a station would take it
    key = make_key()
    write_folder(folder, key, settings)
    try:
        station, _new = enroll(scope, name, key.public_pem.decode(), key.kid)
    except (RepriseError, KeyboardInterrupt):
        remove_folder_files(folder)  # a key that nobody knows must not reach a stick
        raise
    print(_("Enrolled “{name}”: {kid}").format(name=station.name, kid=station.kid))
    print(
        _(
            "Copy the files of {folder} onto the stick's REPRISE partition, then delete them."
        ).format(folder=folder)
    )
    if not url:
        print(
            _("Fill in the server's address in reprise.toml, or give it with --url."),
            file=sys.stderr,
        )


def _enroll_request(scope: Scope, args: argparse.Namespace, settings: ServerSettings) -> None:
    from reprise.server.enrolments.by_hand import enrol_by_hand, look_at_request, moves_words
    from reprise.server.enrolments.messages import answer, read_request
    from reprise.server.problems import ProblemError
    from reprise.server.settings import put_in_force

    if args.answer is None:
        raise InputError(_("The answer has no file."), _("Add --answer FILE."))
    put_in_force(settings, settings.public_url)
    path = Path(args.answer)
    refuse_what_is_there(path, "--answer")
    try:
        asked, kid, pem = read_request(read_handed(Path(args.request), "--request"))
        if look_at_request(scope, asked, kid).moves:
            print(moves_words(), file=sys.stderr)
        station = enrol_by_hand(scope, asked, kid, pem, args.name or "")
    except ProblemError as error:
        raise InputError(f"{error.problem.title}.", error.problem.advice) from error
    write_new(path, answer(station), "--answer")  # where it fails: the same again
    print(_("Enrolled “{name}”: {kid}").format(name=station.name, kid=station.kid))
    print(
        _("Take {file} to the station: “reprise station enroll --answer FILE”.").format(file=path)
    )
    if not settings.public_url:
        print(
            _("The answer names no address of the server: give it with --url, or at the station."),
            file=sys.stderr,
        )


def _list(scope: Scope) -> int:
    from reprise.server.reports.archive import instant_text
    from reprise.server.stations.services import list_stations

    stations = list_stations(scope)
    for station in stations:
        since = wording.moment(instant_text(station.enrolled_at))
        state = _("enrolled on {date}").format(date=since)
        if station.revoked_at is not None:
            state = _("revoked on {date}").format(
                date=wording.moment(instant_text(station.revoked_at))
            )
        print(f"{station.kid}  {station.name}  {state}")
    if not stations:
        print(_("No station is enrolled."), file=sys.stderr)
    return EXIT_OK


def _revoke(scope: Scope, kid: str) -> int:
    from reprise.server.people.scope import NotHereError
    from reprise.server.stations.services import revoke

    try:
        station = revoke(scope, kid)
    except NotHereError as error:
        raise InputError(
            _("No station has the key {kid}.").format(kid=kid),
            _("“reprise enroll --list” shows all of them."),
        ) from error
    print(_("Revoked “{name}”: {kid}").format(name=station.name, kid=station.kid))
    return EXIT_OK
