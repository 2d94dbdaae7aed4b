"""Function checks by keyboard: never in the way, never passed by a stray key."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import ClassVar

import pytest
from textual.message import Message

from reprise import i18n
from reprise.domain.checks.catalogue import CheckId, CheckReason
from reprise.domain.checks.keyboard import COMPACT, names_of
from reprise.domain.checks.results import CheckStatus
from reprise.tui.checking import Checks
from reprise.workflow.engine.engine import Engine
from reprise.workflow.session.checking import Told
from reprise.workflow.session.state import SessionState
from reprise.workflow.session.waiting_for_checks import Hold
from station_kit.driver import check_glyphs, station
from station_kit.ports import REPORT_ID, Kit
from tui.checks_kit import checking_kit, guided, made, open_sheet, report_of, to_checks

DISTURBING = (CheckId.MEMORY, CheckId.PROCESSOR)
KEYS = names_of(COMPACT)


@pytest.fixture
def kit() -> Kit:
    return checking_kit()


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
        await tech.see("→ État" if french else "→ Look of the case")
        await tech.press("enter")
        await tech.see("à peine marqué" if french else "light ones")
        await tech.press("enter", "enter")  # the key that opened it, held
        await tech.see("à peine marqué" if french else "light ones")
        await tech.press("down", "enter")
        await tech.see("Note  A" if french else "Grade  A")
        await tech.press("r")
        await tech.see("reprise-grade/1")
        await tech.press("escape")
        await tech.press("escape")
        await tech.until(lambda: tech.app.step == "machine", "this PC again")
        for step in ("drives", "system", "confirm"):
            await tech.press("enter")
            await tech.at(step)
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
        await tech.see("Ignorer tous les contrôles restants", "→ pas le temps")
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
        await tech.see("Ignorer ce contrôle. Pourquoi", "Avec vos mots")
        await tech.press("enter")  # nothing was said yet
        await tech.press(*"cd", "enter")
        await tech.until(lambda: CheckId.KEYBOARD in made(kit), "the word")
        await tech.see("Clavier           – ignoré", "le technicien (cd)", "→ Écran")
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
        await tech.see("Contrôle des fonctions", "en attente : des disques")
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
            await tech.at(step)
            if step != "confirm":
                await tech.press("enter")
        await tech.confirm()
        await tech.see("Effacement en cours")
        await tech.until(lambda: not tech.app.checks.stand.is_running(CheckId.MEMORY), "room")
        memory.held = False
        await open_sheet(tech)
        await tech.see("Contrôle des fonctions")
        kit.sanitizer.release.set()
        await tech.until(lambda: CheckId.MEMORY in made(kit), "the memory, afterwards")
        await tech.press("escape")
        await tech.until(lambda: tech.app.step == "done", "the end")
    assert memory.runs == 2


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
        engine = tech.app.engine
        assert isinstance(engine, Engine)
        assert engine._session is not None
        engine._session._hold = Hold(patience_s=0.5)
        engine._session._hold.take()
        kit.sanitizer.release.set()
        await tech.see("est signé : rien ne peut plus y être ajouté")
        await tech.press("f4")
        await tech.press("escape", "escape", "escape")
        await tech.see("CE PC EST EFFACÉ ET VÉRIFIÉ", "Fonctions non contrôlées")
        assert not made(kit)


def test_a_check_that_was_broken_off_says_nothing_for_the_one_that_began_again() -> None:
    class Gone:
        def run(self, _stop: object) -> Iterator[Told]:
            raise OSError(19, "No such device")
            yield  # pragma: no cover

    class Host:
        state = SessionState()
        told: ClassVar[list[Message]] = []

        def post_message(self, message: Message) -> bool:
            self.told.append(message)
            return True

    jobs: list[Callable[[], None]] = []
    checks = Checks(Host(), lambda: {CheckId.CAMERA: Gone()}, jobs.append, lambda _ask: None)
    checks.start(CheckId.CAMERA)
    checks.stop(CheckId.CAMERA)
    checks.start(CheckId.CAMERA)
    first, second = jobs
    first()
    assert Host.told == []
    second()
    assert len(Host.told) == 1


async def test_s_takes_no_result_away_that_was_measured(kit: Kit) -> None:
    """As in plain lines; what a person said by mistake is set aside."""
    async with station(kit, (80, 25)) as tech:
        await to_checks(tech)
        await tech.until(lambda: CheckId.CAMERA in made(kit), "the automatic checks")
        before = made(kit)
        assert before[CheckId.CAMERA].status is CheckStatus.PASSED
        await tech.press(*["up"] * len(CheckId))
        while "→ Caméra" not in tech.text():
            await tech.press("down")
        await tech.press("s")
        await tech.see("Ce résultat reste")
        assert "Ignorer ce contrôle" not in tech.text()
        await tech.press("up", "down")
        assert "Ce résultat reste" not in tech.text()
        assert made(kit) == before


@pytest.mark.parametrize("key", ["s", "l"])
async def test_what_is_measured_while_the_reason_is_asked_for_stays(kit: Kit, key: str) -> None:
    camera = kit.checks[CheckId.CAMERA]
    camera.held = True
    camera.result = replace(
        camera.result, status=CheckStatus.FAILED, reason=CheckReason.BLANK_PICTURE
    )
    async with station(kit, (80, 25)) as tech:
        await to_checks(tech)
        await tech.until(lambda: camera.runs == 1, "the camera")
        await tech.press(*["up"] * len(CheckId))
        while "→ Caméra" not in tech.text():
            await tech.press("down")
        await tech.press(key)
        await tech.see("Pourquoi")
        camera.release.set()
        await tech.until(lambda: CheckId.CAMERA in made(kit), "its end")
        await tech.press("enter")
        await tech.until(lambda: "Pourquoi" not in tech.text(), "the answer")
    assert made(kit)[CheckId.CAMERA].status is CheckStatus.FAILED
