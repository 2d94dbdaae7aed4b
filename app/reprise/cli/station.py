"""reprise station run | prepare | demo: the screen that the stick starts on its own."""

from __future__ import annotations

import argparse
import os
from typing import TYPE_CHECKING

from reprise import i18n
from reprise.errors import EXIT_FAILED, EXIT_OK, RefusedError
from reprise.i18n import _

if TYPE_CHECKING:
    from reprise.workflow.services import StationServices

_FASTEST = 100_000.0


def register(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    parser = commands.add_parser("station", help=_("the station's screen, as the stick starts it"))
    actions = parser.add_subparsers(dest="action", metavar=_("ACTION"), required=True)
    run = actions.add_parser("run", help=_("show the station's screen on this terminal (root)"))
    run.set_defaults(run=run_station)
    prepare = actions.add_parser(
        "prepare", help=_("make and mount the stick's data partition (root)")
    )
    prepare.set_defaults(run=prepare_stick)
    _register_demo(actions)


def _register_demo(actions: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    from reprise.adapters.demo.names import MACHINES, Fault

    demo = actions.add_parser(
        "demo", help=_("show the screens on a made-up PC; no root, no drive, nothing erased")
    )
    demo.add_argument(
        "--machine", choices=MACHINES, default=MACHINES[0], help=_("which PC to play")
    )
    demo.add_argument(
        "--speed",
        type=_speed,
        default=60.0,
        metavar="N",
        help=_("how many seconds of work pass in one (60)"),
    )
    demo.add_argument(
        "--fault",
        action="append",
        choices=[fault.value for fault in Fault],
        default=[],
        help=_("what shall go wrong; may be given more than once"),
    )
    demo.set_defaults(run=run_demo)


def _speed(text: str) -> float:
    speed = float(text)
    if not 0 < speed <= _FASTEST:
        raise ValueError(text)
    return speed


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
        return bootstrap.station_services(args)

    app = StationApp(services)
    app.run(mouse=False)
    return EXIT_FAILED if app.return_code else EXIT_OK


def run_demo(args: argparse.Namespace) -> int:
    """The same screens over played hardware. Raises InputError on a fault that does not fit."""
    from reprise import bootstrap
    from reprise.tui.demo import DemoApp

    with bootstrap.demonstration(args.machine, args.speed, args.fault, args.data) as shown:
        app = DemoApp(lambda: shown.services(app.leave_demo))
        app.run(mouse=False)
    return EXIT_FAILED if app.return_code else EXIT_OK


def prepare_stick(_args: argparse.Namespace) -> int:
    """One line for the boot log: what became of the stick's data partition."""
    _refuse_unless_root()
    from reprise import bootstrap
    from reprise.workflow.stick import stick_sentence

    print(stick_sentence(bootstrap.prepare_stick()))
    return EXIT_OK
