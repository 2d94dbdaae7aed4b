"""reprise station run | engine | prepare | enroll | demo: the screen that the stick starts on its
own, the engine behind it, the stick's data partition, and the same screens on a made-up PC."""

from __future__ import annotations

import argparse
import os
import sys
from threading import Event as Flag
from threading import Thread
from typing import TYPE_CHECKING

from reprise import i18n
from reprise.cli.argument_types import number_above_zero
from reprise.cli.commands import station_enroll
from reprise.cli.engine_wait import Patience, no_engine, patience_s
from reprise.cli.folders import given_by
from reprise.errors import EXIT_FAILED, EXIT_OK, InputError, RefusedError
from reprise.i18n import _

if TYPE_CHECKING:
    from reprise.bootstrap.command_line import CommandLine
    from reprise.errors import RepriseError
    from reprise.ports import StopFlag
    from reprise.settings import Settings
    from reprise.workflow.engine.port import EngineClient
    from reprise.workflow.session.services import StationServices

_LOOK_S = 0.2  # how soon a signal is obeyed
_FAREWELL_S = 5.0  # at most, to tell the screens the end
_FASTEST = 100_000.0


def register(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    parser = commands.add_parser("station", help=_("the station's screen, as the stick starts it"))
    actions = parser.add_subparsers(dest="action", metavar=_("ACTION"), required=True)
    run = actions.add_parser("run", help=_("show the station's screen on this terminal (root)"))
    run.add_argument(
        "--keep-engine",
        action="store_true",
        help=_("with --data: the engine that is started goes on after this screen"),
    )
    run.set_defaults(run=run_station)
    _register_linear(run)
    engine = actions.add_parser("engine", help=_("erase what the screens confirm (root)"))
    engine.add_argument(
        "--until-eof", action="store_true", help=_("end at the end of the standard input")
    )
    engine.set_defaults(run=run_engine)
    for both in (run, engine):
        both.add_argument(
            "--socket", metavar=_("PATH"), help=_("the socket where screen and engine meet")
        )
    prepare = actions.add_parser(
        "prepare", help=_("make and mount the stick's data partition (root)")
    )
    prepare.set_defaults(run=prepare_stick)
    station_enroll.register(actions)
    _register_demo(actions)


def _register_demo(actions: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    from reprise.adapters.demo.names import MACHINES, Fault

    demo = actions.add_parser(
        "demo", help=_("show the screens on a made-up PC; no root, no drive, nothing erased")
    )
    demo.add_argument(
        "--machine", choices=MACHINES, default=MACHINES[0], help=_("which PC to simulate")
    )
    demo.add_argument(
        "--speed",
        type=number_above_zero(_FASTEST),
        default=60.0,
        metavar="N",
        help=_("how many seconds of work pass in one (60)"),
    )
    faults = [fault.value for fault in Fault]
    demo.add_argument(
        "--fault",
        metavar=_("FAULT"),
        action="append",
        choices=faults,
        default=[],
        help=_("what shall go wrong; may be given more than once: {names}").format(
            names=", ".join(faults)
        ),
    )
    demo.set_defaults(run=run_demo)
    _register_linear(demo)


def _register_linear(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--linear",
        action="store_true",
        help=_("in plain lines, for speech, braille and serial lines"),
    )


def _refuse_unless_root() -> None:
    if os.geteuid() != 0:
        raise RefusedError(
            _("The station reads and erases drives, so it must run as root."),
            _("Start it from the Reprise stick, or as root."),
        )


def _need_terminal() -> None:
    """Raises InputError: screens in a file are seen by nobody, and nobody can end them."""
    if not all(stream.isatty() for stream in (sys.stdin, sys.stdout, sys.stderr)):
        raise InputError(
            _("The screens need a terminal, and the input or the output is none."),
            _("Start them on a terminal, or add --linear for plain lines."),
        )


def _spoken(given: CommandLine) -> tuple[Settings, tuple[RepriseError, ...]]:
    """As config.station_settings; from here on in the language that they set, unless the command
    line says another one."""
    from reprise.bootstrap import config

    read = config.station_settings(given)
    if not given.lang:
        i18n.set_language(read[0].station.language)
    return read


def run_station(args: argparse.Namespace) -> int:
    """The screen only. It may crash (exit code 4: systemd starts it again) or be killed: the engine
    goes on, and the next screen shows it."""
    _refuse_unless_root()
    from reprise.bootstrap.engine import remote_engine, tell_ready
    from reprise.bootstrap.tools import station_tools

    given = given_by(args)
    if not given.lang:
        _spoken(given)
    wait_s = patience_s(given)
    if args.linear:
        from reprise.cli.commands.line_station import run_linear

        return run_linear(given, wait_s)
    _need_terminal()
    from reprise.cli.sheets import SHEETS
    from reprise.tui.app import StationApp

    def open_engine() -> EngineClient:
        """Behind the first picture: only now may the engine compete with it for the processor."""
        tell_ready()
        engine = remote_engine(given)
        patience.watch(engine, lambda: app.call_from_thread(app.exit, None, EXIT_FAILED))
        return engine

    app = StationApp(
        open_engine, SHEETS, follow_language=not given.lang, tools=station_tools(given)
    )
    with Patience(wait_s) as patience:
        app.run(mouse=False)
    if patience.over:
        raise no_engine(given)
    return EXIT_FAILED if app.return_code else EXIT_OK


def run_engine(args: argparse.Namespace) -> int:
    """The whole session, until a signal: what is going on then ends as INTERRUPTED, and its report
    is sealed."""
    _refuse_unless_root()
    from reprise.bootstrap import config, storage
    from reprise.bootstrap.engine import engine_listener
    from reprise.bootstrap.station import station_services
    from reprise.cli.stopping import stop_signals
    from reprise.workflow.engine.engine import Engine
    from reprise.workflow.engine.listener import serve

    def services() -> StationServices:
        """A stick takes seconds, and its settings may name another language."""
        if given.data is None:
            storage.prepare_stick()
        settings, problems = _spoken(given)
        if problems and not given.lang:  # again, in the language that was just set
            settings, problems = config.station_settings(given)
        return station_services(given, settings, problems)

    given = given_by(args)
    with stop_signals() as stop:
        door = engine_listener(given)
        engine = Engine(services)
        engine.start()
        waiter = Thread(target=serve, args=(engine, door), name="door", daemon=True)
        waiter.start()
        if args.until_eof:
            Thread(target=_stop_at_eof, args=(stop,), name="eof", daemon=True).start()
        _wait(stop)
        engine.close()
        engine.wait_end()
        door.close()
        waiter.join(_FAREWELL_S)
    return EXIT_OK


def _wait(stop: StopFlag) -> None:
    """The signal's handler sets `stop` in this very thread, so it must not hold its lock."""
    pause = Flag()
    while not stop.is_set():
        pause.wait(_LOOK_S)


def _stop_at_eof(stop: Flag) -> None:
    sys.stdin.buffer.read()
    stop.set()


def run_demo(args: argparse.Namespace) -> int:
    """The same screens over played hardware, and the engine in this very process. Raises
    InputError on a fault that does not fit."""
    if args.linear:
        from reprise.cli.commands.line_station import run_linear_demo

        return run_linear_demo(args)
    from reprise.bootstrap.demo import demonstration
    from reprise.cli.sheets import SHEETS
    from reprise.tui.demo import DemoApp
    from reprise.workflow.engine.engine import Engine

    with demonstration(args.machine, args.speed, args.fault, args.data) as shown:
        _need_terminal()
        engine = Engine(lambda: shown.services(app.leave_demo))

        def open_engine() -> EngineClient:
            engine.start()
            return engine

        app = DemoApp(open_engine, SHEETS, tools=shown.tools())
        app.run(mouse=False)
        engine.close()
        engine.wait_end()
    return EXIT_FAILED if app.return_code else EXIT_OK


def prepare_stick(_args: argparse.Namespace) -> int:
    """One line for the boot log: what became of the stick's data partition."""
    _refuse_unless_root()
    from reprise.bootstrap import storage
    from reprise.workflow.session.stick import stick_sentence

    print(stick_sentence(storage.prepare_stick()))
    return EXIT_OK
