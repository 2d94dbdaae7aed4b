"""A sheet stays over the steps while they go on below."""

from __future__ import annotations

import pytest

from reprise.tui import paint, sheets
from reprise.tui.screens.sheet import SheetScreen
from reprise.tui.sheets import Sheet
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


@pytest.fixture(autouse=True)
def one_sheet(monkeypatch: pytest.MonkeyPatch) -> None:
    plain = Sheet("f6", lambda: "Plain", lambda: _Plain)
    absent = Sheet("f7", lambda: "Absent", lambda: _Plain, lambda _tools: False)
    monkeypatch.setattr(sheets, "SHEETS", (plain, absent))


def covered(tech: Driver) -> bool:
    return isinstance(tech.app.screen, SheetScreen)


async def test_its_key_opens_it_and_escape_goes_back_to_what_was_typed() -> None:
    async with station(Kit(laptop(hdd())), (80, 25)) as tech:
        await tech.until(lambda: tech.app.state.plan is not None, "a plan")
        await tech.press("p", "c", "f6")
        assert "A sheet" in await tech.see("Its body.", "Échap", "English")
        await tech.press("f6", "f7", "f10")  # nothing here
        await tech.press("f1")
        await tech.see("What it is for.")
        await tech.press("escape", "escape")
        assert "pc" in await tech.see("étape 1 sur 8")


async def test_what_is_not_there_is_neither_offered_nor_opened() -> None:
    async with station(Kit(laptop(hdd())), (160, 50)) as tech:
        assert "F7" not in await tech.see("F6  Plain")
        await tech.press("f7")
        assert not covered(tech)
        await tech.press("f1")
        assert "Absent" not in await tech.see("Depuis chaque étape :", "F6\N{NO-BREAK SPACE}Plain")


async def test_the_steps_go_on_below_it() -> None:
    kit = Kit(laptop(hdd()))
    kit.sanitizer.held.add(hdd().identity.serial)
    async with station(kit, (80, 25)) as tech:
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
