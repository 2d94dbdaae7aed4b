"""A system that asks for its names at its first start: the screens ask for none, and may have its
drive encrypted for whoever answers then."""

from __future__ import annotations

import pytest

from station_kit.driver import check_glyphs, station
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


BOX = "Chiffrer le disque"


async def test_its_drive_may_be_encrypted() -> None:
    kit = Kit(laptop(hdd()))
    kit.installer.first_start = True
    async with station(kit, (80, 25)) as tech:
        await tech.to_plan()
        assert "chiffré" not in tech.text()
        await tech.press("escape")
        await tech.see(f"[ ] {BOX}")
        await tech.press("f8")
        await tech.see(f"[x] {BOX}")
        await tech.press("f8")
        await tech.see(f"[ ] {BOX}")
        await tech.press("f8", "down")
        await tech.see("→ Rien")
        assert BOX not in tech.text()
        await tech.press("f8", "up")
        await tech.see(f"[x] {BOX}")
        check_glyphs(tech)
        await tech.press("enter")
        await tech.see("chiffré pour son propriétaire")
        await tech.confirm()
        await tech.see("CE PC EST EFFACÉ", "et le mot de passe du disque chiffré")
        check_glyphs(tech)
    assert [one.options.encrypt for one in kit.installer.requests] == [True]


async def test_the_settings_may_say_so_and_a_person_otherwise() -> None:
    kit = Kit(laptop(hdd()))
    kit.installer.first_start = kit.encrypt = True
    async with station(kit, (80, 25)) as tech:
        await tech.to_plan()
        await tech.see("chiffré pour son propriétaire")
        await tech.press("escape")
        await tech.see(f"[x] {BOX}")
        await tech.press("f8", "enter")
        await tech.until(lambda: tech.app.step == "confirm", "the plan")
        await tech.confirm()
        await tech.see("CE PC EST EFFACÉ", "le premier démarrage demandera un nom")
    assert [one.options.encrypt for one in kit.installer.requests] == [False]


async def test_a_system_that_asks_nobody_is_not_encrypted() -> None:
    kit = Kit(laptop(hdd()))
    async with station(kit, (80, 25)) as tech:
        await tech.to_plan()
        await tech.press("escape")
        await tech.see("Après l'effacement, installer")
        assert BOX not in tech.text()
        await tech.press("f8", "enter")
        await tech.until(lambda: tech.app.step == "confirm", "the plan")
        assert "chiffré" not in tech.text()


async def test_a_name_that_no_system_takes_is_said_before_anything_is_erased() -> None:
    kit = Kit(laptop(hdd()))
    async with station(kit, (80, 25)) as tech:
        await tech.to_plan()
        await tech.press("escape")
        await tech.see(*NAMES)
        await tech.press("tab", "tab", "end", "X", "enter")
        await tech.until(lambda: tech.app.step == "confirm", "the plan")
        await tech.confirm()
        await tech.see("« pc-repriseX » ne peut pas être", "Disques")
        check_glyphs(tech)
        assert "PlanConfirmed" not in kit.journal.kinds()
        await tech.press("enter")
        await tech.see(*NAMES)
        await tech.press("tab", "tab", "end", "backspace", "enter")
        await tech.until(lambda: tech.app.step == "confirm", "the plan")
        await tech.confirm()
        await tech.see("CE PC EST EFFACÉ", "Installé")
    assert [one.options.hostname for one in kit.installer.requests] == ["pc-reprise"]
