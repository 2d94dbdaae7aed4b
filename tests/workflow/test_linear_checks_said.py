"""The function checks in plain lines: what answers while one is made, and that what is said of it
is what the report will say."""

from __future__ import annotations

import re

import pytest

from reprise.domain.checks.catalogue import CheckId, CheckLimit, CheckReason, MeasureName, Unit
from reprise.domain.checks.results import CheckProgress, CheckResult, CheckStatus, Measure
from reprise.domain.checks.usb import judge_usb
from reprise.workflow.engine.engine import Engine
from reprise.workflow.session.waiting_for_checks import Held
from station_kit.checks import FakeCheck, passed
from station_kit.listener import Listener
from station_kit.processes import until
from workflow.test_linear_by_word import functions, results
from workflow.test_linear_checks import erase
from workflow.test_linear_sheets import _number

BACK = "Entrée : retour"
WRONG = CheckResult(check=CheckId.MEMORY, status=CheckStatus.FAILED, reason=CheckReason.WRONG_BITS)


def is_heard(ear: Listener) -> None:
    """All that was typed."""
    until(lambda: ear.inbox.is_empty, "it is heard of")
    turns = ear.inbox.turns
    until(lambda: ear.inbox.turns > turns + 1, "a look")


@pytest.mark.parametrize(
    ("check", "row"), [(CheckId.MEMORY, "Mémoire"), (CheckId.PROCESSOR, "Processeur")]
)
def test_what_is_measured_is_not_called_faulty_by_a_key(check: CheckId, row: str) -> None:
    """As on the screens: such a failure would last, whatever the check finds."""
    held = FakeCheck(passed(check), held=True)
    with functions({check: held}) as (ear, engine, rows):
        ear.types(_number(rows, row))
        assert "F8" not in ear.hears("Entrée : où il en est. S : interrompre.")
        ear.types("f8")
        ear.hears("F8 ne fait rien ici.")
        ear.types("?")
        assert "F8" not in ear.hears("S : interrompre.", "en cours")
        ear.types("l")
        ear.hears("S: break off.")
        ear.types("l")
        ear.hears("S : interrompre.")
        held.release.set()
        ear.hears(f"{row} : réussi", BACK)
        assert [one.status for one in results(engine)] == [CheckStatus.PASSED]


def test_a_failure_that_lasts_is_what_is_said_after_a_pass() -> None:
    memory = FakeCheck(WRONG)
    with functions({CheckId.MEMORY: memory}) as (ear, engine, rows):
        number = _number(rows, "Mémoire")
        ear.types(number)
        assert "inchangé" not in ear.hears("Mémoire : ÉCHEC", BACK)
        memory.result = passed(CheckId.MEMORY)
        ear.types(number)
        assert "réussi" not in ear.hears("Résultat inchangé. Mémoire : ÉCHEC", BACK)
        assert results(engine) == [WRONG]


def test_any_other_failure_is_mended_by_a_pass_and_that_is_said() -> None:
    clock = FakeCheck(
        CheckResult(check=CheckId.CLOCK, status=CheckStatus.FAILED, reason=CheckReason.CLOCK_LOST)
    )
    with functions({CheckId.CLOCK: clock}) as (ear, engine, rows):
        number = _number(rows, "Pile")
        ear.types(number)
        ear.hears("ÉCHEC", BACK)
        clock.result = passed(CheckId.CLOCK)
        ear.types(number)
        assert "inchangé" not in ear.hears("réussi", BACK)
        assert results(engine) == [clock.result]


@pytest.mark.parametrize(("first", "told"), [(WRONG, "ÉCHEC"), (passed(CheckId.MEMORY), "réussi")])
def test_what_was_measured_is_not_recorded_as_skipped(first: CheckResult, told: str) -> None:
    memory = FakeCheck(first)
    with functions({CheckId.MEMORY: memory}) as (ear, engine, rows):
        number = _number(rows, "Mémoire")
        ear.types(number)
        ear.hears(told, BACK)
        memory.held = True
        ear.types(number)
        ear.answers("S : interrompre", "s")
        said = ear.hears(f"Résultat inchangé. Mémoire : {told}", BACK)
        assert "I : enregistrer" not in said
        assert results(engine) == [first]


def test_a_check_that_was_broken_off_may_be_skipped_by_another_key() -> None:
    """Not by the one that broke it off, which may be pressed twice."""
    memory = FakeCheck(passed(CheckId.MEMORY), held=True)
    with functions({CheckId.MEMORY: memory}) as (ear, engine, rows):
        ear.types(_number(rows, "Mémoire"))
        ear.answers("S : interrompre", "s")
        ear.hears("non effectué", "I : enregistrer comme ignoré")
        ear.types("s")
        ear.hears("Réponses possibles ici : I, Entrée.", "I : enregistrer comme ignoré")
        ear.types("?")
        ear.hears("ne compte jamais comme réussie", "I : enregistrer comme ignoré")
        assert not results(engine)
        ear.types("i")
        ear.answers("Pourquoi", "4")
        ear.hears("Mémoire : ignoré, contrôlé ailleurs", BACK)
        (one,) = results(engine)
        assert (one.check, one.reason) == (CheckId.MEMORY, CheckReason.ELSEWHERE)


def test_nothing_is_offered_to_a_report_that_is_signed_meanwhile() -> None:
    clock = FakeCheck(passed(CheckId.CLOCK), held=True)
    with functions({CheckId.CLOCK: clock}) as (ear, engine, rows):
        ear.types(_number(rows, "Pile"))
        until(lambda: clock.runs == 1, "the check")
        erase(engine)
        engine.hold_report(Held(False))  # as another screen that a technician leaves
        until(lambda: engine.state.sealed is not None, "the report")
        said = ear.hears("non effectué", "est signé", "Retour.")
        assert "I : enregistrer" not in said


def test_what_is_being_recorded_as_skipped_is_left_no_more(monkeypatch: pytest.MonkeyPatch) -> None:
    """The engine may still be on its way to say so."""
    told = list[CheckResult]()
    monkeypatch.setattr(Engine, "record_check", lambda _engine, result: told.append(result))
    with functions({}) as (ear, engine, _rows):
        ear.types("s")
        ear.answers("Pourquoi", "1")
        ear.answers(BACK, "s")
        ear.hears("Il ne reste aucun contrôle à faire.", BACK)
        assert told
        assert not results(engine)


def ports(*seen: str, of: int | None = None) -> CheckProgress:
    measures = () if of is None else (Measure(MeasureName.PORTS, of, Unit.COUNT),)
    return CheckProgress(check=CheckId.USB, seen=seen, measures=measures)


@pytest.mark.parametrize(("count", "told"), [(None, ""), (4, " sur 4")])
def test_a_person_says_that_all_ports_were_tried(count: int | None, told: str) -> None:
    """Where the firmware counts no ports, or too many, nothing else ends the check."""
    ticks = (ports("a", of=count), ports("a", "b", of=count), ports("a", "b", of=count))
    usb = FakeCheck(judge_usb(("a", "b"), count), ticks, held=True)
    with functions({CheckId.USB: usb}) as (ear, engine, rows):
        ear.types(_number(rows, "USB"))
        said = ear.hears("S : interrompre.", f"Ports détectés : 2{told}\n")
        assert "F4 quand tous les ports ont été essayés" in said
        assert "F8 si l'un d'eux ne détecte rien" in said
        assert re.findall(r"Ports détectés : (\d)", said) == ["1", "2"]
        is_heard(ear)
        assert "Ports détectés" not in ear.silent(), "only what is new is told"
        ear.types("")
        ear.hears(f"Ports détectés : 2{told}\n")
        ear.types("?")
        ear.hears("F4 quand tous les ports", f"Ports détectés : 2{told}\n")
        ear.types("f10")
        ear.hears("F10 ne fait rien ici.")
        ear.types("f4")
        ear.hears("Ports USB : réussi", BACK)
        assert results(engine) == [judge_usb(("a", "b"), None)]
        assert results(engine)[0].limits == (CheckLimit.PORTS_NOT_COUNTED,)


def test_a_port_that_sees_nothing_is_told_of() -> None:
    usb = FakeCheck(judge_usb(("a",), None), (ports("a"),), held=True)
    with functions({CheckId.USB: usb}) as (ear, engine, rows):
        ear.types(_number(rows, "USB"))
        ear.answers("Ports détectés : 1", "f8")
        ear.hears("Ports USB : ÉCHEC", BACK)
        assert [one.reason for one in results(engine)] == [CheckReason.SEEN_BROKEN]


def test_what_is_heard_to_be_faulty_is_not_recorded_as_seen() -> None:
    sound = FakeCheck(passed(CheckId.SOUND), held=True)
    with functions({CheckId.SOUND: sound}) as (ear, engine, rows):
        ear.types(_number(rows, "Son"))
        ear.answers("F8 : en panne", "f8")
        ear.hears("ÉCHEC", BACK)
        assert results(engine)[0].limits == (CheckLimit.BY_EAR,)


def test_function_keys_that_are_tried_on_the_keyboard_are_no_answers() -> None:
    keys = FakeCheck(passed(CheckId.KEYBOARD), held=True)
    with functions({CheckId.KEYBOARD: keys}) as (ear, engine, rows):
        ear.types(_number(rows, "Clavier"))
        ear.hears("deux secondes")
        until(lambda: keys.runs == 1, "the check")
        ear.types("f4", "f8", "f10", "?")
        is_heard(ear)
        assert not results(engine)
        keys.release.set()
        assert "ne fait rien" not in ear.hears("Clavier : réussi", BACK)
        assert [one.status for one in results(engine)] == [CheckStatus.PASSED]
