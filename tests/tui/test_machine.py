"""This PC: what to do with it, and why, before hours of erasing."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from reprise import i18n
from reprise.domain.pc.hardware import Firmware, Inventory, Memory
from reprise.domain.pc.impact import ImpactGap
from reprise.domain.pc.triage import Advice
from reprise.domain.report.fold import fold
from station_kit.driver import SIZE_NAMES, SIZES, check_glyphs, check_not_clipped, station
from station_kit.machines import GIB, hdd, laptop
from station_kit.ports import Kit


def changed(bios: str | None, gib: int, chassis: str | None = "Notebook") -> Inventory:
    base = laptop(hdd())
    machine = replace(base.machine, firmware=Firmware(date=bios), chassis=chassis)
    return replace(base, machine=machine, memory=Memory(gib * GIB))


WORDS = {
    "fr": ("GARDER", "POUR PIÈCES", "RECYCLER", "kg de CO2e", "pas de chiffre"),
    "en": ("KEEP", "FOR PARTS", "RECYCLE", "kg of CO2e", "no figure"),
}


@pytest.mark.parametrize("language", ["fr", "en"])
@pytest.mark.parametrize("size", SIZES, ids=SIZE_NAMES)
@pytest.mark.parametrize(
    ("inventory", "advice"),
    [
        (changed("2021-05-01", 8), 0),
        (changed("2021-05-01", 1), 1),
        (changed("2009-05-01", 8), 2),
        (changed(None, 8, None), 0),
    ],
    ids=["keep", "parts", "recycle", "unknown"],
)
async def test_the_recommendation_is_the_first_thing(
    language: str, size: tuple[int, int], inventory: Inventory, advice: int
) -> None:
    i18n.set_language(language)
    async with station(Kit(inventory), size) as tech:
        await tech.until(lambda: tech.app.state.plan is not None, "a plan")
        await tech.press("enter")
        text = await tech.see(WORDS[language][advice], "4XJ9T12")
        figure = WORDS[language][3 if inventory.machine.chassis else 4]
        assert figure in text
        said = [word for word in WORDS[language][:3] if re.search(rf" {word}\s", text)]
        assert said == [WORDS[language][advice]]
        check_glyphs(tech)
        check_not_clipped(tech)


async def test_it_is_in_the_report_and_forbids_nothing() -> None:
    kit = Kit(changed("2009-05-01", 1, "Rack Mount Chassis"))
    async with station(kit) as tech:
        await tech.to_done()
        await tech.see("CE PC EST EFFACÉ ET VÉRIFIÉ")
    report = fold(kit.journal.events())
    assert report.triage is not None and report.triage.advice is Advice.RECYCLE
    assert report.impact is not None
    assert report.impact.gap is ImpactGap.CHASSIS_WITHOUT_FACTOR
