"""The checks that a person has to look at, listen to or press."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from reprise.domain.checks.catalogue import CheckId, CheckLimit, CheckReason, MeasureName
from reprise.domain.checks.keyboard import COMPACT, names_of
from reprise.domain.checks.results import CheckProgress, CheckResult, CheckStatus, unknown
from reprise.ports import StopFlag
from reprise.tui.screens.check_guided import GuidedScreen
from reprise.tui.screens.checks import ChecksScreen
from station_kit.checks import FakeCheck
from station_kit.driver import station
from station_kit.ports import Kit
from tui.checks_kit import at_checks, checking_kit, keyboard, made, to_checks

DISTURBING = (CheckId.MEMORY, CheckId.PROCESSOR)
KEYS = names_of(COMPACT)


@pytest.fixture
def kit() -> Kit:
    return checking_kit()


@pytest.mark.parametrize("check", [CheckId.SOUND, CheckId.SCREEN, CheckId.USB])
async def test_enter_and_escape_never_pass_what_only_a_person_can_tell(
    kit: Kit, check: CheckId
) -> None:
    async def open_it() -> None:
        rows = tech.app.screen
        assert isinstance(rows, ChecksScreen)
        rows.action_move(list(CheckId).index(check) - rows._at)
        await tech.press("enter")
        await tech.until(lambda: tech.app.screen.has_class("guided"), check)
        await tech.pilot.pause(0.05)

    colours = 7 if check is CheckId.SCREEN else 0
    async with station(kit, (80, 25)) as tech:
        await to_checks(tech)
        await tech.until(lambda: CheckId.CAMERA in made(kit), "the automatic checks")
        for keys in (["enter"] * colours, ["escape"], ["enter"]):
            await open_it()
            await tech.press(*keys)
            if tech.app.screen.has_class("guided"):
                await tech.press("escape")
            await tech.until(lambda: not tech.app.screen.has_class("guided"), "the list")
        assert check not in made(kit)
        await open_it()
        await tech.press(*["enter"] * colours)
        await tech.pilot.pause(0.05)
        await tech.press("f8")
        await tech.until(lambda: check in made(kit), "the word")
    assert made(kit)[check].reason is CheckReason.SEEN_BROKEN


@pytest.mark.parametrize("check", [CheckId.SOUND, CheckId.SCREEN, CheckId.KEYBOARD])
async def test_news_may_come_while_a_check_opens(kit: Kit, check: CheckId) -> None:
    async with station(kit, (80, 25)) as tech:
        await to_checks(tech)
        rows = tech.app.screen
        assert isinstance(rows, ChecksScreen)
        rows.action_move(list(CheckId).index(check) - rows._at)
        rows.action_check()
        assert isinstance(tech.app.screen, GuidedScreen)
        assert not tech.app.screen.is_mounted
        tech.app._refresh()
        await tech.until(lambda: tech.app.screen.is_mounted, check)


async def test_a_missing_letter_cannot_be_said_absent(kit: Kit) -> None:
    kit.checks[CheckId.KEYBOARD] = keyboard(KEYS - {"KEY_Q"})
    async with station(kit, (80, 25)) as tech:
        await to_checks(tech)
        await tech.press("enter")
        await tech.see("Non détectées (1) : A", "F8")
        assert "Absentes" not in tech.text()
        await tech.press("f6", "f4")
        await tech.pilot.pause(0.1)
        assert CheckId.KEYBOARD not in made(kit)
        await tech.press("f8")
        await tech.until(lambda: CheckId.KEYBOARD in made(kit), "the word")
    result = made(kit)[CheckId.KEYBOARD]
    assert (result.status, result.detail) == (CheckStatus.FAILED, "KEY_Q")


async def test_a_key_that_small_keyboards_lack_may_be_said_absent(kit: Kit) -> None:
    kit.checks[CheckId.KEYBOARD] = keyboard(KEYS - {"KEY_PAUSE", "KEY_SCROLLLOCK"})
    async with station(kit, (80, 25)) as tech:
        await to_checks(tech)
        await tech.press("enter")
        await tech.see("Non détectées (2) : Arrêt défil, Pause", "F6")
        await tech.press("f6")
        await tech.until(lambda: CheckId.KEYBOARD in made(kit), "the word")
    result = made(kit)[CheckId.KEYBOARD]
    assert (result.status, result.detail) == (CheckStatus.PASSED, "KEY_PAUSE, KEY_SCROLLLOCK")


async def test_keys_that_cannot_be_read_raw_are_taken_by_what_they_type(kit: Kit) -> None:
    kit.checks[CheckId.KEYBOARD] = FakeCheck(unknown(CheckId.KEYBOARD, CheckReason.NONE_FOUND))
    async with station(kit, (80, 25)) as tech:
        await to_checks(tech)
        await tech.press("enter")
        await tech.see("ne peuvent pas être lues une par une")
        assert "F4  Fonctionne" not in tech.text()
        await tech.press("enter", "a", "A", "semicolon", "home", "f11")
        await tech.see("F4  Fonctionne")
        assert CheckId.KEYBOARD not in made(kit)
        await tech.press("f4")
        await tech.until(lambda: CheckId.KEYBOARD in made(kit), "the word")
        await tech.until(lambda: at_checks(tech), "the list")
    result = made(kit)[CheckId.KEYBOARD]
    assert (result.status, result.limits) == (CheckStatus.PASSED, (CheckLimit.KEYS_TYPED,))
    assert result.measured(MeasureName.KEYS_SEEN) == 6  # Enter, A, ";", Home, F11, F4


class _Pulled(FakeCheck):
    def run(self, stop: StopFlag) -> Iterator[CheckProgress | CheckResult]:
        yield from self.ticks
        raise OSError(19, "No such device")


async def test_a_part_that_goes_away_is_not_read_and_breaks_nothing(kit: Kit) -> None:
    kit.checks[CheckId.CAMERA] = _Pulled(kit.checks[CheckId.CAMERA].result)
    async with station(kit, (80, 25)) as tech:
        await to_checks(tech)
        await tech.until(lambda: CheckId.CAMERA in made(kit), "the camera")
        await tech.see("lecture impossible")
    assert made(kit)[CheckId.CAMERA].reason is CheckReason.NOT_READABLE


async def test_the_colours_fill_the_whole_screen(kit: Kit) -> None:
    async with station(kit, (80, 25)) as tech:
        await to_checks(tech)
        await tech.press("down", "enter")
        await tech.see("Les couleurs se suivent")
        await tech.press("enter", "enter")
        await tech.until(lambda: set(tech.text()) == {"█", "\n"}, "white everywhere")
        assert tech.text().count("█") == 80 * 25
        await tech.press("f2")
        assert set(tech.text()) == {"█", "\n"}
