"""The plan and its confirmation: what stays on the screen, and what nobody confirms unseen."""

from __future__ import annotations

from reprise import i18n
from station_kit.driver import Driver, station
from station_kit.machines import hdd, laptop
from station_kit.ports import Kit


async def refresh(tech: Driver) -> None:
    """As any news from the engine makes it."""
    tech.app._refresh()
    await tech.pilot.pause()


async def test_the_warning_of_a_wrong_word_stays_until_something_is_typed() -> None:
    async with station(Kit(laptop(hdd()))) as tech:
        await tech.to_plan()
        await tech.press(*"non", "enter")
        await tech.see("n'est pas EFFACER")
        await refresh(tech)
        assert "n'est pas EFFACER" in tech.text()
        await tech.press("f2")
        await tech.see("was not ERASE")
        await tech.press("e")
        assert "was not ERASE" not in tech.text()
    i18n.set_language("fr")


async def test_the_warning_of_a_wrong_word_is_gone_when_the_step_comes_again() -> None:
    async with station(Kit(laptop(hdd()))) as tech:
        await tech.to_plan()
        await tech.press(*"non", "enter")
        await tech.see("n'est pas EFFACER")
        await tech.press("escape")
        await tech.until(lambda: tech.app.step == "system", "the step before")
        await tech.press("enter")
        await tech.see("tapez EFFACER")
        assert "n'est pas EFFACER" not in tech.text()
