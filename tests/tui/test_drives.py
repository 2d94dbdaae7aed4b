"""The drives of a PC that has many: one row each, and the one that is chosen in full."""

from __future__ import annotations

from dataclasses import replace

import pytest

from reprise.domain.drives.unreached import Unreached, UnreachedKind
from reprise.domain.pc.hardware import Use, UseKind
from reprise.tui.widgets.drive_table import DriveTable
from station_kit.driver import SIZE_NAMES, SIZES, check_glyphs, check_not_clipped, station
from station_kit.machines import hdd, laptop, mounted
from station_kit.ports import Kit

DRIVES = [hdd(f"/dev/sd{letter}", f"SERIAL{letter.upper()}00") for letter in "abdefghijkl"]


@pytest.mark.parametrize("size", SIZES, ids=SIZE_NAMES)
async def test_many_drives_take_a_row_each_and_the_chosen_one_is_told_in_full(
    size: tuple[int, int],
) -> None:
    async with station(Kit(laptop(*DRIVES, mounted())), size) as tech:
        await tech.until(lambda: tech.app.state.plan is not None, "a plan")
        await tech.press("enter", "enter")
        text = await tech.see("12 disques : 11 à effacer, 1 non touché", "SERIALA00", "Modèle")
        assert sum(row.count("à effacer") for row in text.split("\n")[3:]) >= 8
        await tech.press(*["down"] * 11)
        await tech.see("MOUNTED1", "REFUSÉ", "refusé")
        check_glyphs(tech)
        check_not_clipped(tech)
        await tech.press("f2")
        text = await tech.see("12 drives: 11 to be erased, 1 not touched", "Model", "REFUSED")
        assert "effacer" not in text
        assert "Modèle" not in text


async def test_what_is_said_above_many_drives_hides_nothing_of_the_chosen_one() -> None:
    hidden = (Unreached(UnreachedKind.REMAPPED, "0000:00:17.0"),)
    kit = Kit(replace(laptop(*DRIVES), unreached=hidden))
    async with station(kit, (80, 25)) as tech:
        await tech.until(lambda: tech.app.state.plan is not None, "a plan")
        await tech.press("enter", "enter")
        await tech.see("RST à AHCI", "n° SERIALA00", "SERA EFFACÉ")
        await tech.press(*["down"] * 10)
        await tech.see("RST à AHCI", "n° SERIALL00", "SERA EFFACÉ")


async def test_what_is_said_of_the_chosen_drive_does_not_push_its_row_out_of_sight() -> None:
    uses = tuple(Use(UseKind.MOUNT, f"/dev/sdl{n}", f"/srv/volume-{n}") for n in range(30))
    last = replace(hdd("/dev/sdl", "SERIALL00"), uses=uses)
    async with station(Kit(laptop(*DRIVES[:-1], last)), (80, 25)) as tech:
        await tech.until(lambda: tech.app.state.plan is not None, "a plan")
        await tech.press("enter", "enter")
        await tech.see("SERIALA00")
        await tech.press(*["down"] * 10)
        await tech.see("n° SERIALL00", "27 autres raisons")
        table = tech.app.screen.query_one(DriveTable)
        await tech.until(
            lambda: table.cursor_row - table.scroll_y + 1 < table.size.height, "the chosen row"
        )


async def test_few_drives_are_told_in_full_each() -> None:
    async with station(Kit(laptop(*DRIVES[:5])), (80, 25)) as tech:
        await tech.until(lambda: tech.app.state.plan is not None, "a plan")
        await tech.press("enter", "enter")
        text = await tech.see("5 disques : 5 à effacer", "SERIALA00", "SERIALB00")
        assert "Modèle" not in text


async def test_a_drive_that_dozens_of_volumes_hold_leaves_the_others_in_sight() -> None:
    uses = tuple(Use(UseKind.MOUNT, f"/dev/sdb{n}", f"/srv/volume-{n}") for n in range(30))
    busy = replace(hdd("/dev/sdb", "BUSY1"), uses=uses)
    async with station(Kit(laptop(busy, hdd("/dev/sdc", "FREE1"))), (80, 25)) as tech:
        await tech.until(lambda: tech.app.state.plan is not None, "a plan")
        await tech.press("enter", "enter")
        await tech.see("/srv/volume-0", "27 autres raisons", "FREE1", "SERA EFFACÉ")


async def test_a_long_name_goes_on_below_with_an_indent() -> None:
    drive = hdd(serial="S6PXNA0T912345-LONG-SERIAL")
    identity = replace(drive.identity, model="Micron 5400 MTFDDAK16T0QBE-1BC1ZABYY-GENUINE")
    async with station(Kit(laptop(replace(drive, identity=identity))), (80, 25)) as tech:
        await tech.until(lambda: tech.app.state.plan is not None, "a plan")
        await tech.press("enter", "enter")
        text = await tech.see("\n    S6PXNA0T912345-LONG-SERIAL")
        assert "sda  Micron" in text
