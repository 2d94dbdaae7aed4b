"""What is shown while drives are erased."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime

import pytest

from reprise import i18n
from reprise.domain.erasure.progress import Progress
from reprise.domain.pc.hardware import Drive
from reprise.domain.report.events import Update
from reprise.ports import Job, StopFlag
from reprise.sentences.time_left import figures, pc_left_s
from reprise.tui import idle
from reprise.tui.drawing.big import big_rows
from reprise.tui.screens.big import BigScreen
from station_kit.driver import (
    SIZE_NAMES,
    SIZES,
    STANDS,
    Driver,
    check_glyphs,
    check_not_clipped,
    station,
)
from station_kit.machines import hdd, laptop, ssd
from station_kit.ports import FakeSanitizer, Kit


def held(*drives: Drive) -> Kit:
    kit = Kit(laptop(*drives))
    kit.sanitizer.held |= {drive.identity.serial for drive in drives}
    return kit


@pytest.fixture
def warm(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every drive says how hot it is."""
    cold = FakeSanitizer.run

    def run(self: FakeSanitizer, job: Job, stop: StopFlag) -> Iterator[Update]:
        for item in cold(self, job, stop):
            yield replace(item, temperature_c=47) if isinstance(item, Progress) else item

    monkeypatch.setattr(FakeSanitizer, "run", run)


async def erasing(tech: Driver) -> None:
    await tech.to_plan()
    await tech.confirm()
    await tech.until(lambda: tech.app.step == "erasing", "the erasure")


@pytest.mark.parametrize("language", ["fr", "en"])
@pytest.mark.parametrize("size", SIZES, ids=SIZE_NAMES)
async def test_heat_rate_and_the_hour_of_the_end(
    warm: None, language: str, size: tuple[int, int]
) -> None:
    i18n.set_language(language)
    kit = held(hdd(), ssd())
    kit.local_time = datetime(2026, 11, 24, 16, 0)
    async with station(kit, size) as tech:
        await erasing(tech)
        await tech.see("47 °C", "débit" if language == "fr" else "rate")
        await tech.see("fin vers 16:39" if language == "fr" else "until about 16:39")
        await tech.until(lambda: tech.text().count("███") >= 4, "rates are drawn")
        check_glyphs(tech)
        check_not_clipped(tech)


async def test_an_hour_that_nobody_can_vouch_for_is_not_told() -> None:
    async with station(held(hdd()), (80, 25)) as tech:
        await erasing(tech)
        text = await tech.see("Temps restant pour ce PC : 39")
        assert "fin vers" not in text


async def test_ten_drives_take_a_line_each_and_stay_on_the_screen(warm: None) -> None:
    drives = [hdd(f"/dev/sd{chr(97 + n)}", f"SERIAL{n:02d}") for n in range(10)]
    async with station(held(*drives), (80, 25)) as tech:
        await erasing(tech)
        text = await tech.see("47 °C", "SERIAL00")
        rows = [row for row in text.split("\n") if "47 °C" in row]
        assert rows and all(len(row) <= 80 for row in rows)
        assert "débit" not in text
        assert "10 disques : " in text.replace("\u00a0", " ")
        check_glyphs(tech)


@pytest.mark.parametrize(
    ("drives", "width", "beside"), [(1, 80, False), (1, 120, True), (9, 120, False), (9, 160, True)]
)
async def test_the_steps_stand_beside_it_where_a_table_has_its_columns(
    drives: int, width: int, beside: bool
) -> None:
    kit = held(*(hdd(f"/dev/sd{chr(97 + n)}", f"SERIAL{n:02d}") for n in range(drives)))
    async with station(kit, (width, 33)) as tech:
        await erasing(tech)
        text = await tech.see("SERIAL00", "écriture")
        assert ("À faire maintenant" in text) is beside
        assert ("→ Effacement" in text) is beside
        assert ("112 Mo/s" in text.replace("\u00a0", " ")) is (drives == 1 or width > 80)
        check_not_clipped(tech)


async def test_the_time_left_is_read_from_the_door() -> None:
    async with station(held(hdd()), (80, 25)) as tech:
        await erasing(tech)
        await tech.see("Temps restant pour ce PC : 39")
        await tech.press("f11")
        await tech.until(lambda: isinstance(tech.app.screen, BigScreen), "the large screen")
        left_s = pc_left_s(tech.app.engine)
        assert left_s is not None
        drawn = [row.strip() for row in big_rows((figures(left_s),), 76, 16) if row.strip()]
        shown = [row.strip() for row in tech.text().split("\n")]
        assert drawn == shown[shown.index(drawn[0]) : shown.index(drawn[0]) + len(drawn)]


@pytest.mark.parametrize("key", ["f11", "escape", "x"])
async def test_f11_shows_it_large_and_any_key_goes_back(key: str) -> None:
    async with station(held(hdd()), (80, 25)) as tech:
        await erasing(tech)
        await tech.press("f11")
        await tech.until(lambda: isinstance(tech.app.screen, BigScreen), "the large screen")
        await tech.see("█", "Temps restant", "50")
        await tech.press(key)
        await tech.see("Effacement en cours", "W9A4K2XJ")
        assert not isinstance(tech.app.screen, BigScreen)


async def test_the_key_that_closes_it_does_nothing_else() -> None:
    kit = held(hdd())
    async with station(kit, (80, 25)) as tech:
        await erasing(tech)
        await tech.press("f11", "f8")  # F8 would ask whether to stop
        await tech.see("Effacement en cours")
        await tech.pilot.pause(0.1)
        assert "Arrêter l'effacement" not in tech.text()
        kit.sanitizer.release.set()
        await tech.until(lambda: tech.app.step == "done", "the end")
        await tech.press("f11", "f4")  # F4 would switch off
        await tech.see("Terminé")
        await tech.pilot.pause(0.1)
    assert kit.power.asked == []


async def test_it_comes_by_itself_and_stays_to_the_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(idle, "SHOW_AFTER_S", 10)
    kit = held(hdd())
    async with station(kit, (80, 25), second_s=STANDS) as tech:
        await tech.seconds_pass(20)
        assert not isinstance(tech.app.screen, BigScreen), "nothing is worked on yet"
        await erasing(tech)
        await tech.seconds_pass(9)
        assert not isinstance(tech.app.screen, BigScreen), "somebody pressed keys"
        await tech.seconds_pass(1)
        await tech.until(lambda: isinstance(tech.app.screen, BigScreen), "the large screen")
        kit.sanitizer.release.set()
        await tech.see("le rapport est à l'abri", "█")
        assert tech.app.step == "done"
        await tech.press("enter")
        await tech.see("CE PC EST EFFACÉ ET VÉRIFIÉ")
    assert kit.power.asked == []
