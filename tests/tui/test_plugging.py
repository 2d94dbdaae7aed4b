"""Drives and cables come and go under a technician's eyes and hands."""

from __future__ import annotations

import time
from dataclasses import replace
from threading import Event as Flag

import pytest

from reprise.domain.changes import Changes
from reprise.domain.hardware import Inventory
from reprise.domain.network import LinkState
from reprise.workflow.services import StationServices
from station_kit.driver import Driver, check_glyphs, station
from station_kit.machines import hdd, laptop, ssd, stick
from station_kit.ports import FakeProbe, Kit
from station_kit.side import CABLE

DRIVES = Changes(drives=True)


def many(*first: str) -> Inventory:
    names = [*first, *(f"SERIAL{n}" for n in range(10))]
    return laptop(*(hdd(f"/dev/sd{chr(97 + n)}", name) for n, name in enumerate(names)))


async def on_drives(tech: Driver) -> None:
    await tech.until(lambda: tech.app.state.plan is not None, "a plan")
    await tech.press("enter")
    await tech.press("enter")
    await tech.see("Disques")


async def test_a_drive_that_is_plugged_in_is_seen_without_a_key() -> None:
    kit = Kit(laptop(hdd()))
    async with station(kit) as tech:
        await on_drives(tech)
        await tech.see("W9A4K2XJ")
        kit.probe.inventory = laptop(hdd(), ssd())
        kit.side.watch.seen.put(DRIVES)
        await tech.see("W9A4K2XJ", "S4EVNX0R")
        kit.probe.inventory = laptop(ssd())
        kit.side.watch.seen.put(DRIVES)
        await tech.until(lambda: "W9A4K2XJ" not in tech.text(), "it is gone")
        check_glyphs(tech)


async def test_what_is_read_stays_under_the_eye() -> None:
    kit = Kit(many())
    async with station(kit, (80, 25)) as tech:
        await on_drives(tech)
        await tech.see("SERIAL0")
        for _step in range(13):
            await tech.press("down")
        await tech.see("SERIAL3")
        row = next(n for n, line in enumerate(tech.text().split("\n")) if "SERIAL3" in line)
        kit.probe.inventory = many("NEW1", "NEW2")
        kit.side.watch.seen.put(DRIVES)
        await tech.until(lambda: len(tech.app.state.drives) == 12, "twelve drives")
        await tech.until(
            lambda: "SERIAL3" in tech.text().split("\n")[row], "the same drive in the same row"
        )
        kit.probe.inventory = many()
        kit.side.watch.seen.put(DRIVES)
        await tech.until(lambda: len(tech.app.state.drives) == 10, "ten drives")
        await tech.until(lambda: "SERIAL3" in tech.text().split("\n")[row], "and back")


async def test_the_list_stays_on_the_screen_while_it_is_read_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    kit = Kit(laptop(hdd()))
    gate = Flag()
    async with station(kit, (80, 25)) as tech:
        await on_drives(tech)
        await tech.see("W9A4K2XJ")
        asked: list[float] = []

        def slow(probe: FakeProbe) -> Inventory:
            asked.append(time.monotonic())
            gate.wait(10)
            return probe.inventory

        monkeypatch.setattr(FakeProbe, "probe_inventory", slow)
        kit.side.watch.seen.put(DRIVES)
        await tech.until(lambda: len(asked) == 1, "a look")
        kit.probe.inventory = laptop(hdd(), ssd())
        kit.side.watch.seen.put(DRIVES)  # while it looks: it must look once more
        await tech.pilot.pause(0.1)
        assert "W9A4K2XJ" in tech.text()
        gate.set()
        await tech.until(lambda: len(asked) == 2, "a second look")
        await tech.see("S4EVNX0R")


async def test_what_is_being_typed_stays() -> None:
    kit = Kit(laptop(hdd()))
    async with station(kit, (80, 25)) as tech:
        await tech.see("Le PC a été lu")
        await tech.press("down", "down", "end", *" de X")
        kit.probe.inventory = laptop(hdd(), ssd())
        kit.side.watch.seen.put(DRIVES)
        await tech.until(lambda: len(tech.app.state.drives) == 2, "two drives")
        await tech.press(*"yz")
        await tech.see("Mairie de Xyz")


async def test_the_chosen_system_stays_chosen() -> None:
    kit = Kit(laptop(hdd(), ssd()))
    async with station(kit, (80, 25)) as tech:
        await on_drives(tech)
        await tech.press("enter")
        await tech.see("→ Debian minimal sur nvme0n1")
        await tech.press("down")
        await tech.see("→ Debian minimal sur sda")
        kit.probe.inventory = laptop(hdd(), ssd(), ssd("/dev/nvme1n1", "S5NEW"))
        kit.side.watch.seen.put(DRIVES)
        await tech.see("nvme1n1", "→ Debian minimal sur sda")
        kit.probe.inventory = laptop(ssd())
        kit.side.watch.seen.put(DRIVES)
        await tech.see("→ Debian minimal sur nvme0n1")  # its drive is gone


async def test_a_change_takes_the_confirmation_back_in_plain_words() -> None:
    kit = Kit(laptop(hdd()))
    async with station(kit, (80, 25)) as tech:
        await tech.to_plan()
        await tech.press(*"efface")
        kit.probe.inventory = laptop(hdd(), stick())
        kit.side.watch.seen.put(DRIVES)
        await tech.see("Disques", "Un disque a été branché ou débranché : rien n'a été effacé.")
        await tech.press("r", "enter")
        await tech.pilot.pause(0.1)
        assert "PlanConfirmed" not in kit.journal.kinds()
        check_glyphs(tech)
    assert kit.sanitizer.jobs == []


async def test_a_change_during_the_work_disturbs_nothing() -> None:
    kit = Kit(laptop(hdd()))
    kit.sanitizer.held.add("W9A4K2XJ")
    async with station(kit, (80, 25)) as tech:
        await tech.to_plan()
        await tech.confirm()
        await tech.see("Effacement en cours")
        kit.side.watch.seen.put(Changes(drives=True, network=True))
        await tech.pilot.pause(0.2)
        await tech.see("Effacement en cours")
        kit.sanitizer.release.set()
        await tech.see("CE PC EST EFFACÉ ET VÉRIFIÉ")
    assert kit.journal.kinds().count("InventoryTaken") == 1


async def test_a_cable_is_seen_in_the_key_line_and_in_the_networks_sheet() -> None:
    kit = Kit(laptop(hdd()))
    up = replace(CABLE, state=LinkState.CONNECTED, addresses=("192.0.2.7/24",))
    async with station(kit, (80, 25)) as tech:
        await tech.see("Réseau : non connecté")
        kit.side.network.links = (up,)
        kit.side.watch.seen.put(Changes(network=True))
        await tech.see("Réseau : connecté")
        await tech.press("f6")
        await tech.see("192.0.2.7/24")
        kit.side.network.links = (replace(up, addresses=("192.0.2.8/24",)),)
        kit.side.watch.seen.put(Changes(network=True))
        await tech.see("192.0.2.8/24")


async def test_a_change_before_the_session_is_there_is_not_asked_about() -> None:
    """The engine reads the drives by itself once it is ready: there is nothing to complain of."""
    kit, gate = Kit(laptop(hdd())), Flag()

    def slow() -> StationServices:
        gate.wait(10)
        return kit.services()

    async with station(kit, (80, 25), slow) as tech:
        await tech.see("F6")
        kit.side.watch.seen.put(DRIVES)
        await tech.until(kit.side.watch.seen.empty, "it was heard")
        await tech.pilot.pause(0.2)
        assert "pas encore prête" not in tech.text()
        gate.set()
        await tech.see("Le PC a été lu")
