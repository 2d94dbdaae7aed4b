"""What the screen's own process may use of the PC it runs on."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from reprise.ports.sheets.checks import FunctionChecks
    from reprise.ports.sheets.joining import Joining
    from reprise.ports.sheets.keyboard import Keyboard
    from reprise.ports.sheets.letters import Letters
    from reprise.ports.sheets.logs import Logs
    from reprise.ports.sheets.mouse import Mouse
    from reprise.ports.sheets.network import Network
    from reprise.ports.sheets.reports import ReportSender
    from reprise.ports.sheets.shell import Shell


LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class StationTools:
    """None: not there on this PC, and its sheet is not offered. `local_time`: the wall time in a
    zone, None where the clock is not to be believed. `in_zone`: a moment (None: now, however right
    the clock is) on the wall clocks of a zone. The others that are called give the same one
    at every call, which may take long the first time. `mouse`: asked once; None: the terminal
    tells of it, or nobody."""

    local_time: Callable[[str], datetime | None] = lambda _zone: None
    in_zone: Callable[[datetime | None, str], datetime] = lambda when, _zone: when or LONG_AGO
    network: Callable[[], Network] | None = None
    joining: Callable[[], Joining] | None = None
    mouse: Callable[[], Mouse | None] = lambda: None
    checks: FunctionChecks | None = None
    reports: Callable[[], ReportSender] | None = None
    keyboard: Callable[[], Keyboard] | None = None
    letters: Letters | None = None  # None: a terminal of the person's own
    logs: Callable[[], Logs] | None = None
    shell: Shell | None = None  # None: there is none in a demonstration


NO_TOOLS = StationTools()
