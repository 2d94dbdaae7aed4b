"""What the screen's own process may use: the real PC's."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from reprise.bootstrap.checks import function_checks
from reprise.bootstrap.config import settings, station_settings
from reprise.bootstrap.drives import command_runner
from reprise.bootstrap.engine import engine_log
from reprise.bootstrap.keyboard import console_keyboard
from reprise.bootstrap.station import image_version
from reprise.bootstrap.storage import (
    clock,
    outbox,
    session_file,
    stick_state,
    store,
    uplink,
)

if TYPE_CHECKING:
    from datetime import datetime

    from reprise.adapters.delivery.uplink import HttpUplink
    from reprise.adapters.enrolment.joining import Software, StationJoining
    from reprise.adapters.network.nm import NmNetwork
    from reprise.bootstrap.command_line import CommandLine
    from reprise.ports.sheets.letters import Letters
    from reprise.ports.sheets.logs import Logs
    from reprise.ports.sheets.mouse import Mouse
    from reprise.ports.sheets.reports import ReportSender
    from reprise.ports.sheets.shell import Shell
    from reprise.ports.sheets.station_tools import StationTools


def station_tools(given: CommandLine) -> StationTools:
    """Cheap: the first picture waits for it."""
    from reprise.ports.sheets.station_tools import StationTools

    return StationTools(
        local_time=_local_time,
        in_zone=_in_zone,
        network=cache(lambda: network(given)),
        joining=cache(lambda: joining(given)),
        mouse=console_mouse,
        checks=lambda: function_checks(store(given.data)),
        reports=cache(lambda: _reports(given)),
        keyboard=cache(console_keyboard),
        letters=_letters(),
        logs=cache(lambda: _logs(given)),
        shell=_shell(),
    )


def network(given: CommandLine) -> NmNetwork:
    from reprise.adapters.network.choices import SessionChoices
    from reprise.adapters.network.nm import NmNetwork

    where = store(given.data)
    choices = SessionChoices(
        session_file(given.data), lambda: station_settings(given)[0], where.path
    )
    return NmNetwork(command_runner(), choices, clock())


def joining(given: CommandLine) -> StationJoining:
    from reprise.adapters.enrolment.joining import StationJoining

    where = store(given.data)
    return StationJoining(where, lambda: station_settings(given)[0], clock(), _software())


def _software() -> Software:
    from reprise import __version__
    from reprise.adapters.enrolment.joining import Software

    return Software(__version__, image_version())


def greet(given: CommandLine, link: HttpUplink, waiting: int, refused: int) -> None:
    """Tell the server how this station is. Raises RepriseError."""
    from reprise.adapters.enrolment.hello import signed_hello

    hello = signed_hello(store(given.data), clock(), _software(), waiting, refused)
    if hello is not None:
        link.greet(hello)


def _reports(given: CommandLine) -> ReportSender:
    from reprise.workflow.delivery.deliver import Resend

    where = store(given.data)
    # read again each time: a stick may bring another server
    return Resend(outbox(where), lambda: uplink(settings(given), where))


def _logs(given: CommandLine) -> Logs:
    from reprise.adapters.pc.log_folder import LogFolder
    from reprise.adapters.pc.logs import SystemLogs
    from reprise.adapters.pc.wifi_secrets import wifi_secrets

    where, engine = store(given.data), None if given.data is None else engine_log(given.data)
    folder = LogFolder(where.root, lambda: clock().read().now)

    def secrets() -> tuple[str, ...]:
        return (*station_settings(given)[0].secrets(), *wifi_secrets())

    return SystemLogs(command_runner(), folder, lambda: _facts(given), secrets, engine)


def _facts(given: CommandLine) -> str:
    from reprise import __version__
    from reprise.adapters.pc.facts import facts_text

    trusted, note = clock().trust()
    date = f"{clock().read().now.isoformat()} ({'trusted' if trusted else 'not trusted'}: {note})"
    stick = stick_state()
    return facts_text(
        (
            ("reprise", __version__),
            ("image", image_version()),
            ("date", date),
            ("stick", f"{stick.state} {stick.reason or ''} {stick.device} {stick.detail}".strip()),
            ("reports are written to", store(given.data).where()),
        )
    )


def _shell() -> Shell:
    from reprise.adapters.console.shell import ConsoleShell

    return ConsoleShell()


def _local_time(zone: str) -> datetime | None:
    """For what a screen says of an hour; None where the clock is not to be believed."""
    from reprise.adapters.pc.clock import local_time

    return local_time(clock(), zone)


def _letters() -> Letters | None:
    """On the console of the image only, whose fonts and program for them are known."""
    from reprise.adapters.console.letters import ConsoleLetters
    from reprise.adapters.console.mouse.console import own_console

    program = Path("/usr/lib/reprise/console")
    if own_console() is None or not program.exists():
        return None
    return ConsoleLetters(command_runner(), program)


def _in_zone(when: datetime | None, zone: str) -> datetime:
    from reprise.adapters.pc.clock import in_zone

    return in_zone(clock(), when, zone)


def console_mouse() -> Mouse | None:
    """On the Linux console only: elsewhere the terminal belongs to the person's own desktop."""
    from reprise.adapters.console.mouse.console import own_console
    from reprise.adapters.console.mouse.reader import ConsoleMouse

    console = own_console()
    return None if console is None else ConsoleMouse(console)
