"""The layout of the console's keyboard: the engine's, from the settings, and the screen's."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from reprise.bootstrap.drives import command_runner
from reprise.bootstrap.storage import RUN
from reprise.errors import RepriseError

if TYPE_CHECKING:
    from reprise.adapters.console.keyboard import ConsoleKeyboard


def console_keyboard() -> ConsoleKeyboard:
    from reprise.adapters.console.keyboard import ConsoleKeyboard

    layouts, record = Path("/usr/share/reprise/console"), Path(RUN, "keyboard.json")
    return ConsoleKeyboard(command_runner(), layouts, record)


def layout_of_settings(layout: str) -> tuple[str, ...]:
    """Loads it, where a person has not chosen another; what went wrong, as sentences. `layout` "":
    the settings name none."""
    if not layout:
        return ()
    try:
        console_keyboard().begin_with(layout)
    except RepriseError as error:
        return (str(error),)
    return ()
