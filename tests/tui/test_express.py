"""From power-on to the plan: one key, two where something needs a person."""

from __future__ import annotations

from dataclasses import replace
from threading import Event as Flag

import pytest

from reprise import i18n
from reprise.domain.pc.hardware import Firmware
from reprise.workflow.session.services import StationServices
from station_kit.driver import SIZE_NAMES, SIZES, check_glyphs, check_not_clipped, station
from station_kit.interrupted import interrupted
from station_kit.machines import hdd, laptop, mounted, ssd, stick
from station_kit.ports import Kit


@pytest.mark.parametrize("language", ["fr", "en"])
@pytest.mark.parametrize("size", SIZES, ids=SIZE_NAMES)
async def test_one_key_leads_to_the_plan(language: str, size: tuple[int, int]) -> None:
    i18n.set_language(language)
    kit = Kit(laptop(hdd(), ssd(), stick()))
    async with station(kit, size) as tech:
        await tech.see("Au plan" if language == "fr" else "To the plan")
        await tech.until(lambda: tech.app.state.plan is not None, "a plan")
        await tech.press(*"INV-7")
        await tech.press("f10")
        await tech.see("Confirmer" if language == "fr" else "Confirm", "W9A4K2XJ", "S4EVNX0R")
        words = "Debian minimal sur nvme0n1" if language == "fr" else "Minimal Debian on nvme0n1"
        await tech.see(words)
        await tech.confirm()
        await tech.until(lambda: tech.app.step == "done", "the end")
        check_glyphs(tech)
        check_not_clipped(tech)
    named = [s.event.operator for s in kit.journal.lines if hasattr(s.event, "operator")]
    assert [(one.asset_tag, one.lot) for one in named] == [("INV-7", "LOT-7")]
    assert [request.drive.node for request in kit.installer.requests] == ["/dev/nvme0n1"]


async def test_pressed_before_the_pc_is_read_it_arrives_by_itself() -> None:
    kit = Kit(laptop(hdd()))
    gate = Flag()

    def slow() -> StationServices:
        gate.wait(60)
        return kit.services()

    async with station(kit, services=slow) as tech:
        await tech.see("Lecture du PC")
        await tech.press("f10")
        await tech.see("Ce PC")
        gate.set()
        await tech.see("Confirmer l'effacement", "W9A4K2XJ")


async def test_another_key_meanwhile_is_obeyed() -> None:
    kit = Kit(laptop(hdd()))
    gate = Flag()

    def slow() -> StationServices:
        gate.wait(60)
        return kit.services()

    async with station(kit, services=slow) as tech:
        await tech.see("Lecture du PC")
        await tech.press("f10")
        await tech.see("Ce PC")
        await tech.press("escape")
        await tech.see("Départ")
        gate.set()
        await tech.until(lambda: tech.app.state.plan is not None, "a plan")
        await tech.pilot.pause(0.1)
        assert tech.app.step == "start"


@pytest.mark.parametrize(
    ("kit", "why"),
    [
        (Kit(laptop(hdd(), mounted())), "sdc, un disque de ce PC, ne sera pas effacé"),
        (Kit(laptop(hdd()), [interrupted(hdd(), 4096)]), "n'est pas allé à son terme"),
        (Kit(laptop(stick())), "Il n'y a aucun disque à effacer"),
    ],
    ids=["unusual", "interrupted", "nothing to erase"],
)
async def test_it_stops_where_a_person_should_look_and_says_why(kit: Kit, why: str) -> None:
    stops_at = "drives"
    async with station(kit) as tech:
        await tech.until(lambda: tech.app.state.plan is not None, "a plan")
        await tech.press("f10")
        await tech.until(lambda: tech.app.step == stops_at, stops_at)
        await tech.pilot.pause(0.1)
        assert tech.app.step == stops_at
        await tech.see(why)
        await tech.press("f2")
        await tech.until(lambda: why not in tech.text(), "the reason in the other language")
        await tech.press("f2")
        await tech.press("f10")
        erases = bool(tech.app.state.erasable)
        await tech.until(lambda: tech.app.step == ("confirm" if erases else "drives"), "the plan")


async def test_at_the_step_where_it_stops_it_says_so_at_once() -> None:
    """Not only once something else is written: nothing may happen for minutes."""
    async with station(Kit(laptop(stick()))) as tech:
        await tech.until(lambda: tech.app.state.plan is not None, "a plan")
        await tech.press("enter", "enter")
        await tech.until(lambda: tech.app.step == "drives", "the drives")
        said = tech.app.screen.query_one("#trouble")
        assert not said.display
        tech.app._stale = True  # what the engine tells from here on is not written
        tech.app.express.go()
        await tech.until(lambda: said.display, "the reason")


async def test_a_pc_that_is_not_worth_it_is_shown_first() -> None:
    inventory = laptop(hdd())
    old = replace(inventory.machine, firmware=Firmware(date="2008-01-01"))
    async with station(Kit(replace(inventory, machine=old))) as tech:
        await tech.until(lambda: tech.app.state.plan is not None, "a plan")
        await tech.press("f10")
        await tech.see("Ce PC", "RECYCLER")
        await tech.press("f10")
        await tech.see("Confirmer l'effacement")


async def test_a_choice_of_nothing_to_install_stays() -> None:
    kit = Kit(laptop(hdd()))
    async with station(kit) as tech:
        await tech.to_plan()
        await tech.press("escape")
        await tech.see("Système")
        await tech.press("f5")  # install nothing
        await tech.see("→ Rien")
        await tech.press("escape")
        await tech.until(lambda: tech.app.step == "drives", "back at the drives")
        await tech.press("f10")
        await tech.see("Confirmer l'effacement", "Ensuite, installer : rien")
        await tech.confirm()
        await tech.until(lambda: tech.app.step == "done", "the end")
    assert kit.installer.requests == []


async def test_it_is_no_key_of_the_plan_itself() -> None:
    kit = Kit(laptop(hdd()))
    async with station(kit) as tech:
        await tech.to_plan()
        await tech.press("f10", "f10")
        await tech.pilot.pause(0.1)
        assert tech.app.step == "confirm"
    assert "PlanConfirmed" not in kit.journal.kinds()
