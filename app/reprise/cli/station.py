"""reprise station run | prepare: the screen that the stick starts on its own."""

from __future__ import annotations

import argparse
import os
from dataclasses import replace
from typing import TYPE_CHECKING

from reprise import i18n
from reprise.errors import EXIT_FAILED, EXIT_OK, RefusedError
from reprise.i18n import _

if TYPE_CHECKING:
    from reprise.workflow.services import StationServices


def register(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    parser = commands.add_parser("station", help=_("the station's screen, as the stick starts it"))
    actions = parser.add_subparsers(dest="action", metavar=_("ACTION"), required=True)
    run = actions.add_parser("run", help=_("show the station's screen on this terminal (root)"))
    run.set_defaults(run=run_station)
    prepare = actions.add_parser(
        "prepare", help=_("make and mount the stick's data partition (root)")
    )
    prepare.set_defaults(run=prepare_stick)


def _refuse_unless_root() -> None:
    if os.geteuid() != 0:
        raise RefusedError(
            _("The station reads and erases drives, so it must run as root."),
            _("Start it from the Reprise stick, or as root."),
        )


def run_station(args: argparse.Namespace) -> int:
    """The whole session. A crash of the screen gives exit code 4: systemd starts it again."""
    _refuse_unless_root()
    from reprise import bootstrap
    from reprise.tui.app import StationApp

    def speak() -> None:
        if not args.lang:
            i18n.set_language(bootstrap.station_settings(args)[0].station.language)

    speak()
    at_first = i18n.language()

    def services() -> StationServices:
        """Behind the first screen, as a stick takes seconds. Its settings may name another
        language; one that the person chose meanwhile stays."""
        if args.data is None:
            bootstrap.prepare_stick()
            if i18n.language() == at_first:
                speak()
        found = bootstrap.station_services(args)
        keyboard = bootstrap.use_set_keyboard(bootstrap.station_settings(args)[0])
        return replace(found, problems=(*found.problems, keyboard)) if keyboard else found

    app = StationApp(services, open_desk=lambda: bootstrap.station_desk(args))
    app.run(mouse=False)
    return EXIT_FAILED if app.return_code else EXIT_OK


def prepare_stick(_args: argparse.Namespace) -> int:
    """One line for the boot log: what became of the stick's data partition."""
    _refuse_unless_root()
    from reprise import bootstrap
    from reprise.workflow.stick import stick_sentence

    print(stick_sentence(bootstrap.prepare_stick()))
    return EXIT_OK
