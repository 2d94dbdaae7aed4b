"""A sheet stays over the steps while they go on below."""

from __future__ import annotations

from inspect import signature
from pkgutil import resolve_name

import pytest

from reprise.cli.sheets import SHEETS
from reprise.sentences.sheets import Sheet
from reprise.tui import messages
from reprise.tui.base import StationScreen
from reprise.tui.drawing import paint
from reprise.tui.screens.sheet import SheetScreen
from reprise.tui.steps import STEPS, StepName
from station_kit.driver import Driver, station
from station_kit.machines import hdd, laptop
from station_kit.ports import Kit


class _Plain(SheetScreen):
    def title_text(self) -> str:
        return "A sheet"

    def help_text(self) -> str:
        return "What it is for."

    def show(self) -> None:
        self.put(paint.line("Its body."))


PLAIN = Sheet("F6", lambda: "Plain", f"{__name__}:_Plain", "")
ABSENT = Sheet("F7", lambda: "Absent", f"{__name__}:_Plain", "", lambda _tools: False)


def covered(tech: Driver) -> bool:
    return isinstance(tech.app.screen, SheetScreen)


async def test_its_key_opens_it_and_escape_goes_back_to_what_was_typed() -> None:
    async with station(Kit(laptop(hdd())), (80, 25), sheets=(PLAIN, ABSENT)) as tech:
        await tech.until(lambda: tech.app.state.plan is not None, "a plan")
        await tech.press("p", "c", "f6")
        assert "A sheet" in await tech.see("Its body.", "Échap", "English")
        await tech.press("f6", "f7", "f10")  # nothing here
        await tech.press("f1")
        await tech.see("What it is for.")
        await tech.press("escape", "escape")
        assert "pc" in await tech.see("étape 1 sur 8")


async def test_what_is_not_there_is_neither_offered_nor_opened() -> None:
    async with station(Kit(laptop(hdd())), (160, 50), sheets=(PLAIN, ABSENT)) as tech:
        assert "F7" not in await tech.see("F6  Plain")
        await tech.press("f7")
        assert not covered(tech)
        await tech.press("f1")
        assert "Absent" not in await tech.see("Depuis chaque étape :", "F6\N{NO-BREAK SPACE}Plain")


async def test_the_steps_go_on_below_it() -> None:
    kit = Kit(laptop(hdd()))
    kit.sanitizer.held.add(hdd().identity.serial)
    async with station(kit, (80, 25), sheets=(PLAIN, ABSENT)) as tech:
        await tech.to_plan()
        await tech.confirm()
        await tech.until(lambda: tech.app.step == "erasing", "the erasure")
        await tech.press("f6")
        await tech.see("Its body.")
        kit.sanitizer.release.set()
        await tech.until(lambda: tech.app.step == "done", "the end")
        assert covered(tech) and "Its body." in tech.text()
        await tech.press("escape")
        await tech.see("Terminé")
        assert not covered(tech)


async def test_an_earlier_trouble_of_the_step_is_not_said_again_on_a_sheet() -> None:
    """It was read on the step; what happens while the sheet is open is said on it."""
    async with station(Kit(laptop(hdd())), (80, 25), sheets=(PLAIN, ABSENT)) as tech:
        await tech.until(lambda: tech.app.state.plan is not None, "a plan")
        tech.app.on_trouble(messages.Trouble("That went wrong."))
        await tech.see("That went wrong.")
        await tech.press("f6")
        assert "That went wrong." not in await tech.see("Its body.")
        tech.app.on_trouble(messages.Trouble("Another thing went wrong."))
        await tech.see("Another thing went wrong.", "Its body.")
        await tech.press("escape")
        await tech.see("Another thing went wrong.", "étape 1 sur")


@pytest.mark.parametrize("sheet", SHEETS, ids=lambda sheet: sheet.key)
def test_each_sheet_opens_on_screens_and_in_plain_lines(sheet: Sheet) -> None:
    assert issubclass(resolve_name(sheet.screen), SheetScreen)
    assert list(signature(resolve_name(sheet.lines)).parameters) == ["talk"]


def test_the_steps_stand_in_the_order_of_their_names_and_have_a_screen_each() -> None:
    assert [step.name for step in STEPS] == list(StepName)
    screens = [resolve_name(step.screen) for step in STEPS]
    assert all(issubclass(screen, StationScreen) for screen in screens)
    assert len(set(screens)) == len(screens)
