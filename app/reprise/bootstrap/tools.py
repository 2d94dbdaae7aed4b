"""What the screen's own process may use: the real PC's."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from reprise.bootstrap.checks import function_checks
from reprise.bootstrap.delivery import clock, session_file, station_settings, store
from reprise.bootstrap.drives import command_runner

if TYPE_CHECKING:
    import argparse
    from datetime import datetime

    from reprise.adapters.network.nm import NmNetwork
    from reprise.tool_ports.mouse import Mouse
    from reprise.tui.tools import Tools


def station_tools(args: argparse.Namespace) -> Tools:
    """Cheap: the first picture waits for it."""
    from reprise.tui.tools import Tools

    return Tools(
        local_time=_local_time,
        network=cache(lambda: network(args)),
        mouse=console_mouse,
        checks=lambda: function_checks(args),
    )


def network(args: argparse.Namespace) -> NmNetwork:
    from reprise.adapters.network.choices import SessionChoices
    from reprise.adapters.network.nm import NmNetwork

    where = store(args)
    choices = SessionChoices(session_file(args), lambda: station_settings(args)[0], where.path)
    return NmNetwork(command_runner(), choices, clock())


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
