"""What the screen's own process may use: the real PC's."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from reprise.bootstrap.checks import function_checks
from reprise.bootstrap.delivery import (
    clock,
    outbox,
    session_file,
    settings,
    station_settings,
    stick_state,
    store,
    uplink,
)
from reprise.bootstrap.desk import ENGINE_LOG
from reprise.bootstrap.drives import command_runner
from reprise.bootstrap.keyboard import console_keyboard
from reprise.bootstrap.station import image_version

if TYPE_CHECKING:
    import argparse
    from datetime import datetime

    from reprise.adapters.network.nm import NmNetwork
    from reprise.tool_ports.letters import Letters
    from reprise.tool_ports.logs import Logs
    from reprise.tool_ports.mouse import Mouse
    from reprise.tool_ports.reports import ReportSender
    from reprise.tool_ports.shell import Shell
    from reprise.tool_ports.tools import Tools


def station_tools(args: argparse.Namespace) -> Tools:
    """Cheap: the first picture waits for it."""
    from reprise.tool_ports.tools import Tools

    return Tools(
        local_time=_local_time,
        in_zone=_in_zone,
        network=cache(lambda: network(args)),
        mouse=console_mouse,
        checks=lambda: function_checks(args),
        reports=cache(lambda: _reports(args)),
        keyboard=cache(console_keyboard),
        letters=_letters(),
        logs=cache(lambda: _logs(args)),
        shell=_shell(),
    )


def network(args: argparse.Namespace) -> NmNetwork:
    from reprise.adapters.network.choices import SessionChoices
    from reprise.adapters.network.nm import NmNetwork

    where = store(args)
    choices = SessionChoices(session_file(args), lambda: station_settings(args)[0], where.path)
    return NmNetwork(command_runner(), choices, clock())


def _reports(args: argparse.Namespace) -> ReportSender:
    from reprise.workflow.deliver import Resend

    where = store(args)
    # read again each time: a stick may bring another server
    return Resend(outbox(where), lambda: uplink(settings(args), where))


def _logs(args: argparse.Namespace) -> Logs:
    from reprise.adapters.station.log_folder import LogFolder
    from reprise.adapters.station.logs import SystemLogs
    from reprise.adapters.station.wifi_secrets import wifi_secrets

    where, engine = store(args), None if args.data is None else Path(args.data, ENGINE_LOG)
    folder = LogFolder(where.root, lambda: clock().read().now)

    def secrets() -> tuple[str, ...]:
        return (*station_settings(args)[0].secrets(), *wifi_secrets())

    return SystemLogs(command_runner(), folder, lambda: _facts(args), secrets, engine)


def _facts(args: argparse.Namespace) -> str:
    from reprise import __version__
    from reprise.adapters.station.facts import facts_text

    trusted, note = clock().trust()
    date = f"{clock().read().now.isoformat()} ({'trusted' if trusted else 'not trusted'}: {note})"
    stick = stick_state()
    return facts_text(
        (
            ("reprise", __version__),
            ("image", image_version()),
            ("date", date),
            ("stick", f"{stick.state} {stick.reason or ''} {stick.device} {stick.detail}".strip()),
            ("reports are written to", store(args).where()),
        )
    )


def _shell() -> Shell:
    from reprise.adapters.station.shell import ConsoleShell

    return ConsoleShell()


def _local_time(zone: str) -> datetime | None:
    """For what a screen says of an hour; None where the clock is not to be believed."""
    from reprise.adapters.clock import local_time

    return local_time(clock(), zone)


def _letters() -> Letters | None:
    """On the console of the image only, whose fonts and program for them are known."""
    from reprise.adapters.mouse.console import own_console
    from reprise.adapters.station.letters import ConsoleLetters

    program = Path("/usr/lib/reprise/console")
    if own_console() is None or not program.exists():
        return None
    return ConsoleLetters(command_runner(), program)


def _in_zone(when: datetime | None, zone: str) -> datetime:
    from reprise.adapters.clock import in_zone

    return in_zone(clock(), when, zone)


def console_mouse() -> Mouse | None:
    """On the Linux console only: elsewhere the terminal belongs to the person's own desktop."""
    from reprise.adapters.mouse.console import own_console
    from reprise.adapters.mouse.reader import ConsoleMouse

    console = own_console()
    return None if console is None else ConsoleMouse(console)
