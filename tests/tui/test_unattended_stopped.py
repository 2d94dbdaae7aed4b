"""What keeps a station without a person from beginning, on its real screens: a key during the
countdown, what needs somebody, and settings that do not ask for it."""

from __future__ import annotations

from typing import Any, cast

import pytest

from reprise import i18n
from reprise.domain.planning.plan import ConfirmedBy
from reprise.errors import LinkError
from reprise.tui.app import StationApp
from reprise.workflow.engine.engine import Engine
from reprise.workflow.engine.port import EngineClient
from station_kit.driver import SIZE_NAMES, SIZES, STANDS, Driver, check_glyphs, station
from station_kit.machines import hdd, laptop, mounted
from station_kit.ports import Kit
from station_kit.shortcuts import in_this_process
from tui.unattended_kit import check_fits, large, unattended


@pytest.mark.parametrize("key", ["escape", "f1", "f11", "enter", "a", "up", "ctrl+q"])
async def test_any_key_stops_the_countdown_for_good(key: str) -> None:
    kit = unattended(hdd())
    async with station(kit, (80, 25), second_s=STANDS) as tech:
        await tech.countdown()
        await tech.see("ENTRÉE ARRÊTE TOUT")
        await tech.press(key)
        await tech.until(lambda: not large(tech), "the first screen")
        await tech.see("Départ")
        await tech.until(lambda: tech.app.state.by_hand, "the session knows")
        await tech.press("f5")  # another look makes no new countdown
        await tech.seconds_pass(40)
        assert not large(tech)
        assert tech.app.step == "start"
        assert "PlanConfirmed" not in kit.journal.kinds()
        await tech.to_done()
        await tech.see("CE PC EST EFFACÉ ET VÉRIFIÉ")
    assert [s.event.by for s in kit.journal.lines if hasattr(s.event, "by")] == [
        ConfirmedBy.OPERATOR
    ]


async def test_a_key_before_the_pc_was_read_counts_too() -> None:
    kit = unattended(hdd())
    async with station(kit, (80, 25), second_s=STANDS) as tech:
        await tech.press("down")
        await tech.until(lambda: tech.app.state.plan is not None, "a plan")
        await tech.seconds_pass(40)
        assert not large(tech)
        assert "PlanConfirmed" not in kit.journal.kinds()


async def test_a_scan_that_stops_the_countdown_loses_no_character() -> None:
    kit = unattended(hdd())
    async with station(kit, (80, 25), second_s=STANDS) as tech:
        await tech.countdown()
        await tech.see("ENTRÉE ARRÊTE TOUT")
        await tech.press(*"INV-42", "enter")
        await tech.see("Ce PC")
        await tech.until(lambda: "OperatorNamed" in kit.journal.kinds(), "the operator")
    named = next(s.event for s in kit.journal.lines if hasattr(s.event, "operator"))
    assert named.operator.asset_tag == "INV-42"


@pytest.mark.parametrize("language", ["fr", "en"])
@pytest.mark.parametrize("size", SIZES, ids=SIZE_NAMES)
async def test_what_is_unusual_needs_a_person(language: str, size: tuple[int, int]) -> None:
    i18n.set_language(language)
    kit = unattended(hdd(), mounted())
    async with station(kit, size, second_s=STANDS) as tech:
        await tech.countdown()
        words = "sdc, un disque de ce PC" if language == "fr" else "sdc, a drive of this PC"
        await tech.see(words, "█")
        check_fits(tech)
        await tech.seconds_pass(40)
        assert "PlanConfirmed" not in kit.journal.kinds()
        await tech.press("enter")
        await tech.see("Départ" if language == "fr" else "Start")
        await tech.to_plan()
        await tech.see("INHABITUEL" if language == "fr" else "UNUSUAL", words)
        check_glyphs(tech)


async def test_a_key_on_another_screen_ends_the_countdown_here() -> None:
    kit = unattended(hdd())
    engine = in_this_process(kit.services, poll_s=0.1)()
    app = StationApp(lambda: engine, second_s=STANDS)
    async with app.run_test(size=(80, 25)) as pilot:
        tech = Driver(app, pilot)
        await tech.countdown()
        await tech.see("ENTRÉE ARRÊTE TOUT")
        engine.take_over()
        await tech.seconds_pass(1)
        await tech.see("Départ")
        await tech.seconds_pass(40)
        assert not large(tech)
    assert "PlanConfirmed" not in kit.journal.kinds()


class Breaks:
    """A client whose link is away while `away`: what is asked then is not done."""

    def __init__(self, engine: Engine) -> None:
        self._engine, self.away, self.asked = engine, False, 0

    def __getattr__(self, name: str) -> Any:
        return getattr(self._engine, name)

    def take_over(self) -> None:
        self.asked += 1
        if self.away:
            raise LinkError("There is no erasing engine: nothing was done.")
        self._engine.take_over()


async def test_the_engine_hears_of_a_key_that_was_pressed_while_the_link_was_away() -> None:
    engine = in_this_process(unattended(hdd()).services, poll_s=0.1)()
    client = Breaks(engine)
    app = StationApp(lambda: cast(EngineClient, client), second_s=STANDS)
    async with app.run_test(size=(80, 25)) as pilot:
        tech = Driver(app, pilot)
        await tech.countdown()
        await tech.see("ENTRÉE ARRÊTE TOUT")
        client.away = True
        await tech.press("x")
        await tech.until(lambda: client.asked > 0, "it is asked")
        assert not engine.state.by_hand
        assert not app.trouble, "the line is what says that there is no engine"
        client.away = False  # nobody presses another key
        await tech.until(lambda: engine.state.by_hand, "the engine knows")


async def test_a_key_keeps_the_pc_on_though_the_engine_cannot_be_told() -> None:
    kit = unattended(hdd(), power_off=True)
    client = Breaks(in_this_process(kit.services, poll_s=0.1)())
    app = StationApp(lambda: cast(EngineClient, client), second_s=STANDS)
    async with app.run_test(size=(80, 25)) as pilot:
        tech = Driver(app, pilot)
        await tech.countdown()
        await tech.seconds_pass(30)
        await tech.until(lambda: app.step == "done", "the end")
        await tech.seconds_pass(2)
        await tech.see("s'éteint tout seul")
        client.away = True
        await tech.press("x")
        await tech.seconds_pass(70)
        assert kit.power.asked == []
        assert not large(tech), "somebody reads the details"


async def test_without_the_setting_nothing_ever_begins() -> None:
    kit = Kit(laptop(hdd()))
    async with station(kit, (80, 25), second_s=STANDS) as tech:
        await tech.until(lambda: tech.app.state.plan is not None, "a plan")
        await tech.seconds_pass(40)
        assert not large(tech)
        assert tech.app.step == "start"
    assert "PlanConfirmed" not in kit.journal.kinds()
