"""The station without a person, on its real screens: the countdown, the key that stops it, what
needs somebody, and the end."""

from __future__ import annotations

import pytest

from reprise import i18n
from reprise.domain.plan import ConfirmedBy
from reprise.domain.techniques import Verdict
from reprise.tui.app import StationApp
from reprise.tui.screens.big import BigScreen
from reprise.workflow.desk.engine import here
from reprise.workflow.services import Unattended
from station_kit.driver import SIZE_NAMES, SIZES, STANDS, Driver, check_glyphs, station
from station_kit.machines import hdd, laptop, mounted, ssd, stick
from station_kit.ports import REPORT_ID, Kit


def unattended(*drives: object, power_off: bool = False) -> Kit:
    kit = Kit(laptop(*drives))  # type: ignore[arg-type]
    kit.unattended = Unattended(erase=True, countdown_s=30, power_off=power_off)
    return kit


def large(tech: Driver) -> bool:
    return isinstance(tech.app.screen, BigScreen)


def check_fits(tech: Driver) -> None:
    """The last row, which says what a key does, is on the screen, and no row is cut."""
    width, height = tech.app.size
    rows = tech.text().split("\n")
    assert len(rows) == height
    assert rows[-1].strip()
    assert all(len(row) <= width for row in rows)


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
        await tech.see("UNE TOUCHE ARRÊTE TOUT" if french else "ANY KEY STOPS IT", "█")
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
        await tech.seconds_pass(32)
        await tech.until(lambda: kit.power.asked == ["off"], "power off")
        check_glyphs(tech)
    confirmed = next(s.event for s in kit.journal.lines if hasattr(s.event, "by"))
    assert confirmed.by is ConfirmedBy.UNATTENDED
    assert [r.drive.node for r in kit.installer.requests] == ["/dev/nvme0n1"]
    named = next(s.event for s in kit.journal.lines if hasattr(s.event, "operator"))
    assert named.operator.lot == "LOT-7"


@pytest.mark.parametrize("key", ["escape", "f1", "f11", "enter", "a", "up", "ctrl+q"])
async def test_any_key_stops_the_countdown_for_good(key: str) -> None:
    kit = unattended(hdd())
    async with station(kit, (80, 25), second_s=STANDS) as tech:
        await tech.countdown()
        await tech.see("UNE TOUCHE ARRÊTE TOUT")
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
        await tech.see("UNE TOUCHE ARRÊTE TOUT")
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
    engine = here(kit.services, poll_s=0.1)()
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


async def test_a_key_on_another_screen_ends_the_countdown_here() -> None:
    kit = unattended(hdd())
    engine = here(kit.services, poll_s=0.1)()
    app = StationApp(lambda: engine, second_s=STANDS)
    async with app.run_test(size=(80, 25)) as pilot:
        tech = Driver(app, pilot)
        await tech.countdown()
        await tech.see("UNE TOUCHE ARRÊTE TOUT")
        engine.take_over()
        await tech.seconds_pass(1)
        await tech.see("Départ")
        await tech.seconds_pass(40)
        assert not large(tech)
    assert "PlanConfirmed" not in kit.journal.kinds()


async def test_without_the_setting_nothing_ever_begins() -> None:
    kit = Kit(laptop(hdd()))
    async with station(kit, (80, 25), second_s=STANDS) as tech:
        await tech.until(lambda: tech.app.state.plan is not None, "a plan")
        await tech.seconds_pass(40)
        assert not large(tech)
        assert tech.app.step == "start"
    assert "PlanConfirmed" not in kit.journal.kinds()


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
        sent = lambda: {one.state for one in tech.app.outbox} == {"sent"}  # noqa: E731
        await tech.until(sent, "the receipt")
        await tech.seconds_pass(2)
        await tech.see("le rapport est à l'abri", "s'éteint tout seul")
        await tech.press("space")
        await tech.see("Terminé")
        await tech.seconds_pass(40)
    assert kit.power.asked == []
