"""A system that asks for its names at its first start: the screens ask for none."""

from __future__ import annotations

import pytest

from station_kit.driver import station
from station_kit.machines import hdd, laptop
from station_kit.ports import Kit

NAMES = ("Nom du PC", "Nom de l'utilisateur")


@pytest.mark.parametrize("asks", [True, False])
async def test_names_are_asked_for_here_or_at_the_first_start(asks: bool) -> None:
    kit = Kit(laptop(hdd()))
    kit.installer.first_start = asks
    async with station(kit) as tech:
        await tech.to_plan()
        await tech.press("escape")
        await tech.see("Après l'effacement, installer")
        assert [name in tech.text() for name in NAMES] == [not asks] * 2
        await tech.press("enter")
        await tech.until(lambda: tech.app.step == "confirm", "the plan")
        await tech.confirm()
        await tech.see("CE PC EST EFFACÉ", "Installé")
        assert ("le premier démarrage demandera un nom" in tech.text()) is asks
        assert ("première connexion" in tech.text()) is not asks
