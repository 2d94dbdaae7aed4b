"""The keyboard's layout: one key on the first screen, applied while it is chosen."""

from __future__ import annotations

import pytest

from reprise import i18n
from reprise.domain.layouts import Layout
from station_kit.driver import check_glyphs, check_not_clipped, station
from station_kit.machines import hdd, laptop
from station_kit.ports import Kit


@pytest.mark.parametrize("language", ["fr", "en"])
@pytest.mark.parametrize("size", [(80, 25), (160, 50)], ids=["80x25", "160x50"])
async def test_a_layout_is_chosen_and_tried(language: str, size: tuple[int, int]) -> None:
    i18n.set_language(language)
    kit = Kit(laptop(hdd()))
    async with station(kit, size) as tech:
        await tech.see("F3", "Clavier" if language == "fr" else "Keyboard", "F6")
        await tech.press(*"INV-1", "f3")
        words = ("→ Français (AZERTY)", "bépo", "Suisse")
        await tech.see(*(words if language == "fr" else ("→ French (AZERTY)", "bépo", "Swiss")))
        await tech.press("down", "down", *"azerty")
        await tech.see("→ Fran" if language == "fr" else "→ Fren", "azerty")
        await tech.until(lambda: kit.side.choices.layout is Layout.FR_BEPO, "bépo")
        check_glyphs(tech)
        await tech.press("enter")
        await tech.see("INV-1", "Départ" if language == "fr" else "Start")
        check_not_clipped(tech)
    assert kit.side.console.used[-1] is Layout.FR_BEPO


async def test_many_arrows_end_at_the_last_wish() -> None:
    kit = Kit(laptop(hdd()))
    async with station(kit, (80, 25)) as tech:
        await tech.see("F6")
        await tech.press("f3")
        await tech.see("→ Français (AZERTY)")
        await tech.press(*["down"] * 20, "up")
        await tech.until(lambda: kit.side.console.used[-1:] == [Layout.IT], "Italian")
        assert kit.side.choices.layout is Layout.IT


async def test_where_it_cannot_be_set_it_says_so() -> None:
    kit = Kit(laptop(hdd()))
    kit.side.console.known = ()
    async with station(kit, (80, 25)) as tech:
        await tech.see("F6")
        await tech.press("f3")
        await tech.see("n'est pas celui du PC lui-même")
        await tech.press("down", "escape")
        await tech.see("Départ")
        kit.side.console.known = (Layout.FR, Layout.US)
        kit.side.console.fails = "loadkeys: no."
        await tech.press("f3")
        await tech.see("→ Français")
        await tech.press("down")
        await tech.see("loadkeys: no.")
    assert kit.side.console.used == []


async def test_the_layout_of_the_settings_is_set_once_they_are_known() -> None:
    kit = Kit(laptop(hdd()))
    kit.side.console.set = Layout.BE
    async with station(kit, (80, 25)) as tech:
        await tech.until(lambda: kit.side.console.used == [Layout.BE], "the settings' layout")


async def test_a_layout_that_cannot_be_set_is_told() -> None:
    kit = Kit(laptop(hdd()))
    kit.side.console.set, kit.side.console.fails = Layout.BE, "loadkeys: no."
    async with station(kit, (80, 25)) as tech:
        await tech.see("loadkeys: no.", "Le PC a été lu")
