"""Plain lines: what a key or Enter does is said wherever one may be typed."""

from __future__ import annotations

import pytest

from station_kit.listener import station_by_ear, to_the_systems
from station_kit.machines import hdd, laptop
from station_kit.ports import Kit
from workflow.test_linear_keys import in_the_sheet, through_the_start


def test_the_menu_takes_the_keys_that_it_names() -> None:
    with in_the_sheet("m") as ear:
        ear.answers("Entrée : retour", "f4")
        ear.hears("F4 ne fait rien ici.")
        ear.answers("Entrée : retour", "f9")
        ear.hears("Journaux.", "Entrée : retour")


def test_a_key_that_does_nothing_is_told_of_during_the_work_and_at_the_end() -> None:
    kit = Kit(laptop(hdd()))
    kit.sanitizer.held.add("W9A4K2XJ")
    with station_by_ear(kit) as ear:
        to_the_systems(ear)
        ear.answers("Numéro, ou Entrée pour 1", "2")
        ear.answers("tapez EFFACER", "effacer")
        ear.hears("Le travail se poursuit seul.")
        ear.types("f8")
        assert "Temps restant" not in ear.hears("F8 ne fait rien ici.")
        kit.sanitizer.release.set()
        ear.answers("E : éteindre ce PC", "f4")
        said = ear.hears("F4 ne fait rien ici.", "E : éteindre ce PC")
        assert "CE PC EST EFFACÉ" not in said


def test_a_key_that_does_nothing_is_told_of_while_a_check_is_made() -> None:
    with in_the_sheet("F3") as ear:
        ear.answers("Entrée : retour", "10")
        ear.hears("S : interrompre. F8 : en panne.")
        ear.types("f11")
        ear.hears("F11 ne fait rien ici.")


def test_a_choice_says_how_it_is_answered() -> None:
    with in_the_sheet("F3") as ear:
        ear.answers("Entrée : retour", "14")
        ear.answers("Quel est l'aspect du PC ? Numéro. Entrée : retour.", "")
        ear.answers("Entrée : retour", "s")
        ear.hears("Pourquoi ? Numéro. Entrée : retour.")


def test_help_where_a_word_is_asked_for_offers_nothing_by_enter() -> None:
    with station_by_ear(Kit(laptop(hdd()))) as ear:
        to_the_systems(ear)
        ear.answers("Numéro, ou Entrée pour 1", "2")
        ear.answers("tapez EFFACER", "?")
        said = ear.hears("en majuscules ou non", "tapez EFFACER")
        assert "Entrée seule" not in said
        assert "cette aide" in said


@pytest.mark.parametrize(("key", "told"), [("e", "éteindre"), ("r", "redémarrer")])
def test_a_yes_that_may_lose_the_report_says_what_it_does(key: str, told: str) -> None:
    kit = Kit(laptop())
    kit.store.place = "memory"
    with station_by_ear(kit) as ear:
        through_the_start(ear, "", "", "", "")
        ear.types("")
        ear.answers("N : nouvelle lecture")
        ear.answers("E : éteindre ce PC", key)
        ear.answers(f"il sera PERDU. O : {told} quand même. Entrée : rester.")
        ear.hears("E : éteindre ce PC")
        kit.outbox.state = "sent"
        ear.hears("Rapport : EN MÉMOIRE", "ENVOYÉ")
        ear.answers("E : éteindre ce PC", "r")
        ear.hears("Redémarrer ce PC ?", "O : redémarrer. Entrée : rester.")
        ear.types("")
        ear.answers("E : éteindre ce PC", "l")
        ear.hears("E: switch this PC off")
        kit.outbox.state = "waiting"
        ear.hears("Report: IN MEMORY ONLY")
