"""Function checks by keyboard: never in the way, never passed by a stray key."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest

from reprise import i18n
from reprise.domain.checks import (
    CheckAsk,
    CheckId,
    CheckLimit,
    CheckProgress,
    CheckReason,
    CheckResult,
    CheckStatus,
    MeasureName,
)
from reprise.domain.judge_devices import judge_keyboard, judge_usb
from reprise.domain.judge_machine import unknown
from reprise.domain.keyboard import COMPACT, names_of
from reprise.ports import StopFlag
from reprise.tui.screens.checks import ChecksScreen
from reprise.workflow.desk.engine import Engine
from reprise.workflow.holding import Hold
from station_kit.checks import FakeCheck
from station_kit.driver import Driver, check_glyphs, station
from station_kit.machines import hdd, laptop
from station_kit.ports import REPORT_ID, Kit

DISTURBING = (CheckId.MEMORY, CheckId.PROCESSOR)
KEYS = names_of(COMPACT)


def keyboard(seen: frozenset[str], *, held: bool = False) -> FakeCheck:
    tick = CheckProgress(check=CheckId.KEYBOARD, seen=tuple(sorted(seen)))
    return FakeCheck(judge_keyboard(seen, KEYS, frozenset()), (tick,), held)


def made(kit: Kit) -> dict[CheckId, CheckResult]:
    """The newest result of each check in the journal."""
    events = [line.event for line in kit.journal.lines]
    return {e.result.check: e.result for e in events if hasattr(e, "result")}


def report_of(kit: Kit) -> dict[str, object]:
    payload = kit.store.files[f"reports/{REPORT_ID}.jws"].split(b".")[1]
    found: dict[str, object] = json.loads(bytes.fromhex(payload.decode()))
    return found


@pytest.fixture
def kit() -> Kit:
    made = Kit(laptop(hdd()))
    ask = CheckProgress(check=CheckId.SOUND, ask=CheckAsk.LISTEN_RIGHT)
    heard = unknown(CheckId.SOUND, CheckReason.NO_WORD)
    made.checks[CheckId.SOUND] = FakeCheck(heard, (ask,))
    made.checks[CheckId.KEYBOARD] = keyboard(KEYS)
    port = CheckProgress(check=CheckId.USB, seen=("usb1-port1",))
    made.checks[CheckId.USB] = FakeCheck(judge_usb(("usb1-port1",), None), (port,), held=True)
    return made


def at_checks(tech: Driver) -> bool:
    return isinstance(tech.app.screen, ChecksScreen)


async def open_sheet(tech: Driver, *keys: str) -> None:
    await tech.press("f3")
    await tech.until(lambda: at_checks(tech), "the checks")
    await tech.press(*keys)


async def to_checks(tech: Driver) -> None:
    await tech.until(lambda: tech.app.state.plan is not None, "a plan")
    await tech.press("enter")
    await tech.until(lambda: tech.app.step == "machine", "this PC")
    await open_sheet(tech, "a")


async def guided(tech: Driver, kit: Kit, check: CheckId, *keys: str) -> None:
    """Open the check that is chosen, press, and wait for its result."""
    await tech.press("enter")
    await tech.until(lambda: tech.app.screen.has_class("guided"), check)
    for key in keys:
        await tech.pilot.pause(0.02)
        await tech.press(key)
    await tech.until(lambda: check in made(kit), f"a result of {check}")
    if tech.app.screen.has_class("guided"):
        await tech.press("enter")
    await tech.until(lambda: not tech.app.screen.has_class("guided"), "the list")


@pytest.mark.parametrize(("language", "size"), [("fr", (80, 25)), ("en", (160, 50))])
async def test_all_functions_before_the_erasure(
    kit: Kit, language: str, size: tuple[int, int]
) -> None:
    i18n.set_language(language)
    french = language == "fr"
    async with station(kit, size) as tech:
        await to_checks(tech)
        await tech.see("Contrôle des fonctions" if french else "Function checks")
        await tech.until(lambda: CheckId.CAMERA in made(kit), "the automatic checks")
        await guided(tech, kit, CheckId.KEYBOARD)
        await guided(tech, kit, CheckId.SCREEN, *["enter"] * 7, "f4")
        await guided(tech, kit, CheckId.POINTER)
        await guided(tech, kit, CheckId.USB, "f4")
        await tech.press("enter")
        await tech.see("Est-ce que cela fonctionne ?" if french else "Does it work?", "F4")
        await tech.press("f4")
        await tech.until(lambda: CheckId.SOUND in made(kit), "the word")
        await guided(tech, kit, CheckId.MICROPHONE)
        await tech.see("→ Aspect" if french else "→ Look of the case")
        await tech.press("enter")
        await tech.see("légères" if french else "light ones")
        await tech.press("enter")
        await tech.see("Note  A" if french else "Grade  A")
        await tech.press("r")
        await tech.see("reprise-grade/1")
        await tech.press("escape")
        await tech.press("escape")
        await tech.until(lambda: tech.app.step == "machine", "this PC again")
        for step in ("drives", "system", "confirm"):
            await tech.press("enter")
            await tech.until(lambda step=step: tech.app.step == step, step)
        await tech.confirm()
        await tech.see("Note  A" if french else "Grade  A", REPORT_ID)
        check_glyphs(tech)
    assert set(made(kit)) == set(CheckId)
    checks = report_of(kit)["checks"]
    assert isinstance(checks, dict)
    assert (checks["grade"], checks["condition"], checks["rule"]) == (
        *("A", "light-marks"),
        "reprise-grade/1",
    )


async def test_all_of_it_is_skipped_with_one_key_and_a_reason(kit: Kit) -> None:
    for check in CheckId:
        kit.checks[check].held = True
    async with station(kit, (80, 25)) as tech:
        await to_checks(tech)
        await tech.press("l")
        await tech.see("Passer tous les contrôles qui restent", "→ pas le temps")
        await tech.press("down", "enter")
        await tech.until(lambda: len(made(kit)) == len(CheckId), "all skipped")
        await tech.see("Note  non noté")
        await tech.press("escape")
        await tech.until(lambda: tech.app.step == "machine", "this PC again")
    assert {(r.status, r.reason) for r in made(kit).values()} == {
        (CheckStatus.SKIPPED, CheckReason.FOR_PARTS)
    }


async def test_a_check_is_skipped_for_a_reason_in_words(kit: Kit) -> None:
    async with station(kit, (80, 25)) as tech:
        await to_checks(tech)
        await tech.see("→ Clavier")
        await tech.press("s", *["down"] * 4, "enter")
        await tech.see("Passer ce contrôle. Pourquoi", "Avec vos mots")
        await tech.press("enter")  # nothing was said yet
        await tech.press(*"cd", "enter")
        await tech.until(lambda: CheckId.KEYBOARD in made(kit), "the word")
        await tech.see("Clavier             laissé de côté", "le technicien (cd)", "→ Écran")
    result = made(kit)[CheckId.KEYBOARD]
    assert (result.status, result.reason) == (CheckStatus.SKIPPED, CheckReason.IN_WORDS)


async def test_the_automatic_ones_are_broken_off_with_the_same_key(kit: Kit) -> None:
    memory = kit.checks[CheckId.MEMORY]
    memory.held = True
    async with station(kit, (80, 25)) as tech:
        await to_checks(tech)
        await tech.until(lambda: memory.runs == 1, "the memory check")
        await tech.see("A  Arrêter", "en cours")
        await tech.press("a")
        await tech.see("A  Automatiques", "→ Clavier")
        assert "en cours" not in tech.text()
        assert not made(kit)
        memory.held = False
        await tech.press("a")
        await tech.until(lambda: CheckId.CAMERA in made(kit), "all of them")
    assert memory.runs == 2


async def test_the_report_waits_for_the_checks_and_the_memory_for_the_erasure(kit: Kit) -> None:
    kit.sanitizer.held.add("W9A4K2XJ")
    async with station(kit, (80, 25)) as tech:
        await tech.to_plan()
        await tech.confirm()
        await tech.see("Effacement en cours")
        await open_sheet(tech, "a")
        await tech.see("Contrôle des fonctions", "attend : effacement")
        await tech.until(lambda: CheckId.CAMERA in made(kit), "the others")
        assert not set(DISTURBING) & set(made(kit))
        kit.sanitizer.release.set()
        await tech.see("L'effacement est terminé. Le rapport sera signé")
        await tech.until(lambda: set(DISTURBING) <= set(made(kit)), "memory and processor")
        assert "ReportSealed" not in kit.journal.kinds()
        await tech.press("escape")
        await tech.until(lambda: tech.app.step == "done", "the end")
        await open_sheet(tech)
        await tech.see("est signé : rien ne peut plus y être ajouté")
    kinds = kit.journal.kinds()
    assert max(n for n, k in enumerate(kinds) if k == "CheckDone") < kinds.index("ReportSealed")


async def test_an_erasure_that_begins_breaks_off_what_would_disturb_it(kit: Kit) -> None:
    kit.sanitizer.held.add("W9A4K2XJ")
    memory = kit.checks[CheckId.MEMORY]
    memory.held = True
    async with station(kit, (80, 25)) as tech:
        await to_checks(tech)
        await tech.until(lambda: memory.runs == 1, "the memory check")
        await tech.press("escape")
        for step in ("machine", "drives", "system", "confirm"):
            await tech.until(lambda step=step: tech.app.step == step, step)
            if step != "confirm":
                await tech.press("enter")
        await tech.confirm()
        await tech.see("Effacement en cours")
        await tech.until(lambda: not tech.app.checks.is_running(CheckId.MEMORY), "room")
        memory.held = False
        await open_sheet(tech)
        await tech.see("Contrôle des fonctions")
        kit.sanitizer.release.set()
        await tech.until(lambda: CheckId.MEMORY in made(kit), "the memory, afterwards")
        await tech.press("escape")
        await tech.until(lambda: tech.app.step == "done", "the end")
    assert memory.runs == 2


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


async def test_a_missing_letter_cannot_be_said_absent(kit: Kit) -> None:
    kit.checks[CheckId.KEYBOARD] = keyboard(KEYS - {"KEY_Q"})
    async with station(kit, (80, 25)) as tech:
        await to_checks(tech)
        await tech.press("enter")
        await tech.see("Pas vues (1) : A", "F8")
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
        await tech.see("Pas vues (2) : Arr  Pau", "F6")
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


async def test_whoever_went_away_from_a_check_finds_the_report_done(kit: Kit) -> None:
    kit.sanitizer.held.add("W9A4K2XJ")
    async with station(kit, (80, 25)) as tech:
        await tech.to_plan()
        await tech.confirm()
        await tech.see("Effacement en cours")
        await open_sheet(tech)
        await tech.see("→ Clavier")
        await tech.press("down", "enter")
        await tech.see("Les couleurs se suivent")
        await tech.press("f1")
        engine = tech.app.session
        assert isinstance(engine, Engine)
        engine._session._hold = Hold(patience_s=0.5)
        engine._session._hold.take()
        kit.sanitizer.release.set()
        await tech.see("est signé : rien ne peut plus y être ajouté")
        await tech.press("f4")
        await tech.press("escape", "escape", "escape")
        await tech.see("CE PC EST EFFACÉ ET VÉRIFIÉ", "Fonctions non contrôlées")
        assert not made(kit)
