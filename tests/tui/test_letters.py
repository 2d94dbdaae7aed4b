"""Ctrl+T: the console's letters, larger and smaller."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

import pytest
from textual import events
from textual.widget import Widget

from reprise.errors import ToolError
from reprise.ports.sheets.station_tools import StationTools
from station_kit.driver import Driver, station
from station_kit.machines import hdd, laptop
from station_kit.ports import Kit


@dataclass
class PlayedLetters:
    """Both sizes, one, or a console that refuses."""

    large: bool = True
    only_one: bool = False
    broken: str = ""

    def other(self) -> bool:
        if self.broken:
            raise ToolError(self.broken)
        if self.only_one:
            return False
        self.large = not self.large
        return True


def said(tech: Driver) -> str:
    return tech.text().replace("\u00a0", " ")


@pytest.mark.parametrize("size", [(80, 25), (160, 50)], ids=["80x25", "160x50"])
async def test_the_key_is_named_in_the_help_and_changes_the_letters(size: tuple[int, int]) -> None:
    letters = PlayedLetters()
    async with station(Kit(laptop(hdd())), size, tools=StationTools(letters=letters)) as tech:
        await tech.press("f1")
        await tech.until(lambda: "Ctrl+T Taille du texte" in said(tech), "the key")
        await tech.press("escape", "ctrl+t")
        await tech.until(lambda: not letters.large, "small letters")
        await tech.press("ctrl+t")
        await tech.until(lambda: letters.large, "large letters")
        await tech.press("enter")
        await tech.see("étape 2 sur")


async def test_the_same_size_told_again_draws_the_screen_again() -> None:
    async with station(Kit(laptop(hdd())), (80, 25)) as tech:
        await tech.see("Entrée : continuer")
        await asyncio.sleep(0.3)  # nothing else is about to be drawn
        await tech.settle()
        drawn: list[Widget] = []
        compositor = tech.app.screen._compositor
        update = compositor.update_widgets
        compositor.update_widgets = lambda widgets: (drawn.extend(widgets), update(widgets))[1]  # type: ignore[method-assign, func-returns-value]
        await asyncio.sleep(0.3)
        assert tech.app.screen not in drawn
        tech.app.post_message(events.Resize(tech.app.size, tech.app.size))
        await tech.until(lambda: tech.app.screen in drawn, "the whole screen")


async def test_what_is_written_to_the_screens_width_is_written_anew() -> None:
    async with station(Kit(laptop(hdd())), (80, 25)) as tech:
        await tech.see("Entrée : continuer")
        await tech.pilot.resize_terminal(160, 50)
        await tech.until(lambda: len(tech.text().split("\n")[0]) > 150, "a head line as wide")


async def test_a_screen_for_one_size_says_so() -> None:
    letters = PlayedLetters(only_one=True)
    async with station(Kit(laptop(hdd())), (80, 25), tools=StationTools(letters=letters)) as tech:
        await tech.press("ctrl+t")
        await tech.see("Cet écran ne permet qu'une seule taille de texte.")


async def test_what_the_console_refuses_is_said_and_leaves_the_step_alone() -> None:
    """Even before the confirmation, which any other trouble takes back."""
    letters = PlayedLetters(broken="La taille du texte n'a pas changé : KDFONTOP.")
    async with station(Kit(laptop(hdd())), (80, 25), tools=StationTools(letters=letters)) as tech:
        await tech.to_plan()
        await tech.press("ctrl+t")
        await tech.see("KDFONTOP", "étape 5 sur")


async def test_a_terminal_of_ones_own_is_left_alone() -> None:
    async with station(Kit(laptop(hdd())), (80, 25), tools=StationTools()) as tech:
        await tech.press("ctrl+t")
        await tech.see("La taille du texte se règle dans votre terminal.")
        await tech.press("f1")
        assert "Ctrl+T" not in tech.text()
