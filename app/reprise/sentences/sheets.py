"""What a key opens over any step, on screens and in plain lines alike."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from reprise.ports.sheets.station_tools import StationTools


@dataclass(frozen=True, slots=True)
class Sheet:
    """`key`: as it is written on a keyboard. `screen`: its class. `lines`: what a conversation
    calls. Both as pkgutil names them: they are loaded late. `there`: whether this PC has what the
    sheet shows."""

    key: str
    title: Callable[[], str]
    screen: str
    lines: str
    there: Callable[[StationTools], bool] = lambda _tools: True


def offered(sheets: Sequence[Sheet], tools: StationTools) -> tuple[Sheet, ...]:
    return tuple(sheet for sheet in sheets if sheet.there(tools))
