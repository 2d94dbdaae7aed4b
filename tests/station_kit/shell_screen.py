"""The station's screen on the terminal it is started on, with a real shell, on fake ports:

python -m station_kit.shell_screen
"""

from __future__ import annotations

import sys

from reprise import i18n
from reprise.adapters.station.shell import ConsoleShell
from reprise.domain.logs import LogPage
from reprise.tool_ports.tools import Tools
from reprise.tui.app import StationApp
from reprise.workflow.desk.engine import here
from reprise.workflow.services import Unattended
from station_kit.machines import hdd, laptop
from station_kit.ports import Kit


class OneLine:
    """tool_ports.logs.Logs."""

    def read(self, after: str = "", *, everything: bool = False) -> LogPage:
        return LogPage(() if after else ("the log's only line",), "1")

    def copy(self) -> str:
        return "logs/none"


def run() -> int:
    i18n.set_language("fr")
    kit, logs = Kit(laptop(hdd())), OneLine()
    kit.unattended = Unattended(erase=True, countdown_s=3600)
    tools = Tools(logs=lambda: logs, shell=ConsoleShell())
    StationApp(here(kit.services, poll_s=0.1), tools=tools).run(mouse=False)
    return 0


if __name__ == "__main__":
    sys.exit(run())
