"""What of the function checks only a person can say, in plain lines: nothing passes that nobody
saw, and nothing is condemned that nobody called faulty."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from reprise.domain.checks.catalogue import CheckId, CheckLimit, CheckReason
from reprise.domain.checks.keyboard import COMPACT, judge_keyboard, names_of
from reprise.domain.checks.results import CheckProgress, CheckResult, CheckStatus
from reprise.ports.sheets.checks import FunctionCheck
from reprise.ports.sheets.station_tools import StationTools
from reprise.workflow.engine.engine import Engine
from station_kit.checks import FakeCheck
from station_kit.listener import Listener, station_by_ear
from station_kit.machines import hdd, laptop
from station_kit.ports import Kit
from station_kit.processes import until
from workflow.test_linear_sheets import _number


@contextmanager
def functions(checks: dict[CheckId, FunctionCheck]) -> Iterator[tuple[Listener, Engine, str]]:
    """With the list of the checks, as it was heard."""
    engines = list[Engine]()
    tools = StationTools(checks=lambda: checks)
    with station_by_ear(Kit(laptop(hdd())), engines.append, tools) as ear:
        ear.hears("1 sur 4.")
        until(lambda: bool(engines[0].status.offer.digest), "a plan")
        ear.types("F3")
        yield ear, engines[0], ear.hears("État du boîtier", "Entrée : retour")


def leaves_it_so(ear: Listener, *told: str) -> str:
    """What may be recorded as skipped is left as it is; gives what was said before."""
    said = ear.hears(*told, "I : enregistrer comme ignoré. Entrée : laisser ainsi.")
    ear.types("")
    ear.hears("Entrée : retour")
    return said


def results(engine: Engine) -> list[CheckResult]:
    return list(engine.state.checked.results)


@pytest.mark.parametrize("word", ["F4", "oui", ""])
def test_a_screen_on_which_nothing_was_shown_does_not_pass(word: str) -> None:
    with functions({}) as (ear, engine, rows):
        ear.types(_number(rows, "Écran"))
        asked = ear.hears("F8 : en panne")
        assert "Ce contrôle se fait sur les écrans" in asked
        assert "F4" not in asked
        assert "devient" not in asked, "no colour is drawn here"
        ear.types(word)
        if word:
            ear.answers("F8 : en panne")
        leaves_it_so(ear, "non effectué")
        assert not results(engine)


def test_a_broken_screen_may_be_told_of() -> None:
    with functions({}) as (ear, engine, rows):
        ear.types(_number(rows, "Écran"))
        ear.answers("F8 : en panne", "f8")
        ear.hears("ne fonctionne pas", "Entrée : retour")
        assert [(one.check, one.status, one.reason) for one in results(engine)] == [
            (CheckId.SCREEN, CheckStatus.FAILED, CheckReason.SEEN_BROKEN)
        ]


def keyboard(*absent: str) -> dict[CheckId, FunctionCheck]:
    """On which these keys were not pressed."""
    seen = tuple(sorted(names_of(COMPACT) - set(absent)))
    result = judge_keyboard(frozenset(seen), names_of(COMPACT), frozenset())
    ticks = (CheckProgress(check=CheckId.KEYBOARD, seen=seen),)
    return {CheckId.KEYBOARD: FakeCheck(result, ticks)}


def test_how_the_keyboard_check_ends_is_said_and_no_key_that_does_nothing() -> None:
    with functions(keyboard()) as (ear, engine, rows):
        ear.types(_number(rows, "Clavier"))
        said = ear.hears(
            "maintenez Échap ou Entrée pendant deux secondes", "réussi", "Entrée : retour"
        )
        assert "S : interrompre" not in said
        assert "F8" not in said
        assert [one.status for one in results(engine)] == [CheckStatus.PASSED]


def test_missing_keys_are_no_fault_until_a_person_says_so() -> None:
    with functions(keyboard("KEY_PAUSE", "KEY_SCROLLLOCK")) as (ear, engine, rows):
        number = _number(rows, "Clavier")
        ear.types(number)
        asked = ear.hears("Non détectées (2) : Arrêt défil, Pause", "F6", "F8 : en panne")
        assert "ces touches" in asked
        ear.types("oui")
        ear.hears("Réponses possibles ici : F6, F8, Entrée.", "F8 : en panne")
        ear.types("")
        leaves_it_so(ear, "non effectué")
        assert not results(engine)
        ear.types(number)
        ear.answers("F8 : en panne", "f6")
        ear.hears("réussi", "Entrée : retour")
        (one,) = results(engine)
        assert one.status is CheckStatus.PASSED
        assert one.limits == (CheckLimit.KEYS_SAID_ABSENT,)
        assert one.detail == "KEY_PAUSE, KEY_SCROLLLOCK"
        ear.types(number)
        ear.answers("F8 : en panne", "f8")
        ear.hears("Entrée : retour")
        (one,) = results(engine)
        assert (one.status, one.reason) == (CheckStatus.FAILED, CheckReason.KEYS_DEAD)


def test_a_key_that_every_keyboard_has_may_not_be_said_absent() -> None:
    with functions(keyboard("KEY_Q", "KEY_PAUSE")) as (ear, engine, rows):
        ear.types(_number(rows, "Clavier"))
        assert "F6" not in ear.hears("F8 : en panne")
        ear.types("f6")
        ear.answers("F8 : en panne")
        leaves_it_so(ear, "non effectué")
        assert not results(engine)


def broken_screen(ear: Listener, rows: str) -> str:
    number = _number(rows, "Écran")
    ear.types(number)
    ear.answers("F8 : en panne", "f8")
    ear.hears("ne fonctionne pas", "Entrée : retour")
    return number


def test_a_fault_that_was_told_of_stays_until_the_check_is_skipped() -> None:
    """F8 may have been a slip: nothing may say "not checked" over a failure that is recorded."""
    with functions({}) as (ear, engine, rows):
        number = broken_screen(ear, rows)
        ear.types(number)
        ear.hears("F8 : en panne")
        ear.types("")
        said = leaves_it_so(ear, "Résultat inchangé. Écran : ÉCHEC")
        assert "non effectué" not in said
        assert [one.status for one in results(engine)] == [CheckStatus.FAILED]
        ear.types(number)
        ear.answers("F8 : en panne")
        ear.answers("I : enregistrer comme ignoré", "i")
        ear.answers("Pourquoi", "1")
        ear.hears("Écran : ignoré", "Entrée : retour")
        assert [(one.check, one.status, one.reason) for one in results(engine)] == [
            (CheckId.SCREEN, CheckStatus.SKIPPED, CheckReason.NO_TIME)
        ]
        ear.types(number)
        ear.answers("F8 : en panne")
        said = ear.hears("Résultat inchangé. Écran : ignoré", "Entrée : retour")
        assert "I : enregistrer" not in said


def test_a_check_may_be_skipped_in_words_of_ones_own_or_not_at_all() -> None:
    with functions({}) as (ear, engine, rows):
        number = broken_screen(ear, rows)
        for reason in ("", "5"):
            ear.types(number)
            ear.answers("F8 : en panne")
            ear.answers("I : enregistrer comme ignoré", "i")
            ear.answers("Pourquoi", reason)
            if reason:
                ear.answers("En quelques mots", "erreur de touche")
            else:
                ear.hears("Entrée : retour")
                assert [one.status for one in results(engine)] == [CheckStatus.FAILED]
        ear.hears("Écran : ignoré", "erreur de touche", "Entrée : retour")
        assert [one.detail for one in results(engine)] == ["erreur de touche"]


def test_missing_keys_that_were_called_faulty_stay_so() -> None:
    with functions(keyboard("KEY_PAUSE")) as (ear, engine, rows):
        number = _number(rows, "Clavier")
        ear.types(number)
        ear.answers("F8 : en panne", "f8")
        ear.hears("Entrée : retour")
        ear.types(number)
        ear.answers("F8 : en panne")
        assert "non effectué" not in leaves_it_so(ear, "Résultat inchangé. Clavier")
        assert [one.status for one in results(engine)] == [CheckStatus.FAILED]
