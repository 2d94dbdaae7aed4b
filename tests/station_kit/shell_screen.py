"""The station's screen on the terminal it is started on, with a real shell, on fake ports:

python -m station_kit.shell_screen
"""

from __future__ import annotations

import sys

from reprise import i18n
from reprise.adapters.console.shell import ConsoleShell
from reprise.cli.sheets import SHEETS
from reprise.domain.station.logs import LogPage
from reprise.domain.station.unattended import Unattended
from reprise.ports.sheets.station_tools import StationTools
from reprise.tui.app import StationApp
from station_kit.machines import hdd, laptop
from station_kit.ports import Kit
from station_kit.shortcuts import in_this_process


class OneLine:
    """ports.sheets.logs.Logs."""

    def read(self, after: str = "", *, everything: bool = False) -> LogPage:
        return LogPage(() if after else ("the log's only line",), "1")

    def copy(self) -> str:
        return "logs/none"


def run() -> int:
    i18n.set_language("fr")
    kit, logs = Kit(laptop(hdd())), OneLine()
    kit.unattended = Unattended(erase=True, countdown_s=3600)
    tools = StationTools(logs=lambda: logs, shell=ConsoleShell())
    engine = in_this_process(kit.services, poll_s=0.1)
    StationApp(engine, SHEETS, tools=tools).run(mouse=False)
    return 0


if __name__ == "__main__":
    sys.exit(run())
