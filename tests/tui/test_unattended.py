"""The station without a person, on its real screens: from the countdown to the end."""

from __future__ import annotations

import pytest

from reprise import i18n
from reprise.domain.planning.plan import ConfirmedBy
from reprise.domain.planning.techniques import Verdict
from reprise.domain.station.unattended import Unattended
from reprise.errors import StorageError
from reprise.tui.app import StationApp
from reprise.tui.screens.big import BigScreen
from reprise.workflow.engine.engine import Engine
from reprise.workflow.engine.port import Order
from station_kit.driver import SIZE_NAMES, SIZES, STANDS, Driver, check_glyphs, station
from station_kit.machines import hdd, laptop, ssd, stick
from station_kit.ports import REPORT_ID, Kit
from station_kit.shortcuts import in_this_process
from tui.unattended_kit import check_fits, large, unattended


@pytest.mark.parametrize("language", ["fr", "en"])
@pytest.mark.parametrize("size", SIZES, ids=SIZE_NAMES)
async def test_a_pc_with_two_drives_is_done_without_a_key(
    language: str, size: tuple[int, int]
) -> None:
    i18n.set_language(language)
    french = language == "fr"
    kit = unattended(hdd(), ssd(), stick(), power_off=True)
    kit.sanitizer.held.add("W9A4K2XJ")
    async with station(kit, size, second_s=STANDS) as tech:
        await tech.countdown()
        await tech.see("ENTRÉE ARRÊTE TOUT" if french else "ENTER STOPS IT", "█")
        await tech.see("W9A4K2XJ", "S4EVNX0R", "4XJ9T12")
        assert "AA00000000000489" not in tech.text()  # the stick
        check_fits(tech)
        await tech.seconds_pass(30)
        await tech.until(lambda: tech.app.step == "erasing", "the erasure")
        await tech.seconds_pass(1)
        await tech.see("Temps restant" if french else "Time left", "50", "█")
        check_fits(tech)
        kit.sanitizer.release.set()
        await tech.see("le rapport est à l'abri" if french else "the report is safe")
        check_fits(tech)
        await tech.until(lambda: tech.app.step == "done", "the end")
        await tech.seconds_pass(2)
        await tech.see("s'éteint tout seul" if french else "switches itself off")
        check_fits(tech)
        await tech.seconds_pass(30)
        await tech.until(lambda: kit.power.asked == ["off"], "power off")
        check_glyphs(tech)
    confirmed = next(s.event for s in kit.journal.lines if hasattr(s.event, "by"))
    assert confirmed.by is ConfirmedBy.UNATTENDED
    assert [r.drive.node for r in kit.installer.requests] == ["/dev/nvme0n1"]
    named = next(s.event for s in kit.journal.lines if hasattr(s.event, "operator"))
    assert named.operator.lot == "LOT-7"


async def test_a_switch_off_that_is_refused_is_told_on_the_large_screen(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    kit = unattended(hdd(), power_off=True)
    asked: list[str] = []

    def refused() -> None:
        asked.append("off")
        raise StorageError("systemctl poweroff: Access denied.")

    monkeypatch.setattr(kit.power, "power_off", refused)
    async with station(kit, (80, 25), second_s=STANDS) as tech:
        await tech.countdown()
        await tech.seconds_pass(30)
        await tech.until(lambda: tech.app.step == "done", "the end")
        await tech.seconds_pass(32)
        await tech.until(lambda: asked == ["off"], "power off")
        await tech.see("Access denied", "retour au détail")
        assert large(tech)
        assert "s'éteint" not in tech.text()
        await tech.seconds_pass(130)
        assert asked == ["off"]


async def test_what_the_engine_refuses_is_shown_and_nothing_begins_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked: list[Order] = []

    def confirm(_engine: Engine, order: Order) -> None:
        asked.append(order)
        raise StorageError("no room left.")

    monkeypatch.setattr(Engine, "confirm", confirm)
    async with station(unattended(hdd()), (80, 25), second_s=STANDS) as tech:
        await tech.countdown()
        await tech.seconds_pass(30)
        await tech.see("Rien n'a été effacé.", "no room left.")
        await tech.seconds_pass(40)
        assert len(asked) == 1


async def test_it_installs_nothing_where_the_settings_say_so() -> None:
    kit = Kit(laptop(hdd()))
    kit.unattended = Unattended(erase=True, install=False)
    async with station(kit, (80, 25), second_s=STANDS) as tech:
        await tech.countdown()
        await tech.seconds_pass(30)
        await tech.until(lambda: tech.app.step == "done", "the end")
    assert kit.installer.requests == []


async def test_a_screen_that_comes_late_shows_it_large_too() -> None:
    """The first screen was killed in the middle: nobody is there to press a key."""
    kit = unattended(hdd())
    kit.sanitizer.held.add("W9A4K2XJ")
    engine = in_this_process(kit.services, poll_s=0.1)()
    app = StationApp(lambda: engine, second_s=STANDS)
    async with app.run_test(size=(80, 25)) as pilot:
        first = Driver(app, pilot)
        await first.countdown()
        await first.seconds_pass(30)
        await first.until(lambda: app.step == "erasing", "the erasure")
        second = StationApp(lambda: engine, second_s=STANDS)
        async with second.run_test(size=(80, 25)) as other:
            late = Driver(second, other)
            await late.until(lambda: second.step == "erasing", "the erasure")
            await late.seconds_pass(1)
            await late.see("Temps restant", "█")
            assert isinstance(second.screen, BigScreen)
            kit.sanitizer.release.set()
            await late.until(lambda: second.step == "done", "the end")


async def test_a_key_at_another_screen_leaves_this_one_large() -> None:
    kit = unattended(hdd())
    kit.sanitizer.held.add("W9A4K2XJ")
    engine = in_this_process(kit.services, poll_s=0.1)()
    app = StationApp(lambda: engine, second_s=STANDS)
    async with app.run_test(size=(80, 25)) as pilot:
        tech = Driver(app, pilot)
        await tech.countdown()
        await tech.seconds_pass(30)
        await tech.until(lambda: app.step == "erasing", "the erasure")
        await tech.seconds_pass(1)
        engine.take_over()
        await tech.until(lambda: app.flow.by_hand, "it is heard of")
        assert isinstance(app.screen, BigScreen), "whoever stands before it reads on"
        kit.sanitizer.release.set()
        await tech.until(lambda: app.step == "done", "the end")


async def test_the_pc_stays_on_where_a_drive_failed() -> None:
    kit = unattended(hdd(), power_off=True)
    kit.sanitizer.ends["W9A4K2XJ"] = Verdict.FAILED
    async with station(kit, (80, 25), second_s=STANDS) as tech:
        await tech.countdown()
        await tech.seconds_pass(30)
        await tech.until(lambda: tech.app.step == "done", "the end")
        await tech.seconds_pass(1)
        await tech.see("Ne cédez pas ce PC", "Échec")
        await tech.seconds_pass(40)
        check_fits(tech)
        await tech.press("enter")
        await tech.see("CE PC N'EST PAS ENTIÈREMENT EFFACÉ", REPORT_ID)
    assert kit.power.asked == []


async def test_the_pc_stays_on_where_the_proof_can_be_lost() -> None:
    kit = unattended(hdd(), power_off=True)
    kit.sanitizer.held.add("W9A4K2XJ")
    async with station(kit, (80, 25), second_s=STANDS) as tech:
        await tech.countdown()
        await tech.seconds_pass(30)
        await tech.until(lambda: tech.app.step == "erasing", "the erasure")
        kit.store.place = "memory"  # the stick was pulled
        kit.sanitizer.release.set()
        await tech.until(lambda: tech.app.step == "done", "the end")
        await tech.seconds_pass(1)
        await tech.see("Le rapport n'est pas encore à l'abri")
        await tech.seconds_pass(40)
        assert kit.power.asked == []
        kit.outbox.state = "sent"
        sent = lambda: {one.state for one in tech.app.status.outbox} == {"sent"}  # noqa: E731
        await tech.until(sent, "the receipt")
        await tech.seconds_pass(2)
        await tech.see("le rapport est à l'abri", "s'éteint tout seul")
        await tech.press("space")
        await tech.see("Terminé")
        await tech.seconds_pass(40)
    assert kit.power.asked == []
