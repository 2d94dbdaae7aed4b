"""What the screen's own process may use: the real PC's."""

from __future__ import annotations

from functools import cache, cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from reprise.bootstrap.checks import function_checks
from reprise.bootstrap.delivery import (
    RUN,
    clock,
    outbox,
    session_file,
    settings,
    station_settings,
    store,
    uplink,
)
from reprise.bootstrap.drives import command_runner

if TYPE_CHECKING:
    import argparse
    from datetime import datetime

    from reprise.domain.delivery import SendRound
    from reprise.tool_ports.keyboard import Keyboard
    from reprise.tool_ports.mouse import Mouse
    from reprise.tool_ports.network import Network
    from reprise.tui.tools import Tools
    from reprise.workflow.deliver import Resend


def station_tools(args: argparse.Namespace) -> Tools:
    """Cheap: the first picture waits for it."""
    from reprise.tui.tools import Tools

    return Tools(
        local_time=_local_time,
        network=cache(lambda: network(args)),
        mouse=console_mouse,
        checks=lambda: function_checks(args),
        reports=_Reports(args),
        keyboard=_keyboard(),
    )


def network(args: argparse.Namespace) -> Network:
    from reprise.adapters.network.choices import SessionChoices
    from reprise.adapters.network.nm import NmNetwork

    where = store(args)
    choices = SessionChoices(session_file(args), lambda: station_settings(args)[0], where.path)
    return NmNetwork(command_runner(), choices, clock())


def _keyboard() -> Keyboard:
    from reprise.adapters.station.keyboard import ConsoleKeyboard

    layouts, record = Path("/usr/share/reprise/console"), Path(RUN, "keyboard.json")
    return ConsoleKeyboard(command_runner(), layouts, record)


class _Reports:
    """tool_ports.reports.ReportSender. What it needs is loaded when it is asked the first time:
    the network's code takes a second on an old PC."""

    def __init__(self, args: argparse.Namespace) -> None:
        self._args = args

    @cached_property
    def _resend(self) -> Resend:
        from reprise.workflow.deliver import Resend

        where = store(self._args)
        # read again each time: a stick may bring another server
        return Resend(outbox(where), lambda: uplink(settings(self._args), where))

    def send_now(self) -> SendRound:
        return self._resend.send_now()


def _local_time(zone: str) -> datetime | None:
    """For what a screen says of an hour; None where the clock is not to be believed."""
    from reprise.adapters.clock import local_time

    return local_time(clock(), zone)


def console_mouse() -> Mouse | None:
    """On the Linux console only: elsewhere the terminal belongs to the person's own desktop."""
    from reprise.adapters.mouse.console import own_console
    from reprise.adapters.mouse.reader import ConsoleMouse

    console = own_console()
    return None if console is None else ConsoleMouse(console)
