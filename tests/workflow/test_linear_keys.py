"""Plain lines: a key is never taken for an answer, and no question is lost on the way."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

import pytest

from reprise import i18n
from reprise.adapters.demo.network import PlayedNetwork
from reprise.domain.report.events import Operator, OperatorNamed
from reprise.domain.station.connectivity import ConnectionStep, Reach, failed
from reprise.line_interface.terminal import Keys
from reprise.wording.connectivity import what_to_do
from reprise.wording.network import joined
from reprise_common.network import Joined
from station_kit.listener import Listener, station_by_ear, to_the_systems
from station_kit.machines import hdd, laptop
from station_kit.ports import Kit
from station_kit.processes import until
from workflow.test_linear_sheets import CARDS, TOOLS


def named(kit: Kit) -> Operator:
    events = [line.event for line in kit.journal.lines]
    return [event.operator for event in events if isinstance(event, OperatorNamed)][-1]


def through_the_start(ear: Listener, *answers: str) -> None:
    for number, answer in enumerate(answers, 1):
        ear.answers(f"{number} sur 4.", answer)
    ear.hears("D : tous les détails")


def test_p_goes_back_one_question_of_the_start() -> None:
    kit = Kit(laptop(hdd()))
    with station_by_ear(kit) as ear:
        ear.answers("1 sur 4.", "p")
        ear.hears("C'est la première question.")
        ear.answers("1 sur 4.", "INV-1")
        ear.hears("2 sur 4. Lot : LOT-7 ? P : précédent.")
        ear.types("P")
        ear.answers("1 sur 4. N° d'inventaire du PC : INV-1 ?", "INV-2")
        ear.answers("2 sur 4. Lot : LOT-7 ?")
        ear.answers("3 sur 4. Donateur : Mairie ?")
        ear.answers("4 sur 4.", "p")
        ear.answers("3 sur 4. Donateur : Mairie ?", "École")
        ear.answers("4 sur 4.")
        ear.hears("D : tous les détails")
    known = named(kit)
    assert (known.asset_tag, known.lot, known.donor) == ("INV-2", "LOT-7", "École")
    assert known.name == "A. Martin"


def test_function_keys_are_no_answers_of_the_start() -> None:
    kit = Kit(laptop(hdd()))
    with station_by_ear(kit) as ear:
        ear.answers("1 sur 4.", "F1")
        ear.hears("Entrée seule garde la réponse")
        ear.answers("1 sur 4.", "f4")
        ear.hears("F4 ne fait rien ici.")
        ear.answers("1 sur 4.", "F10")
        ear.hears("F10 ne fait rien ici.")
        ear.answers("1 sur 4.")
        ear.answers("2 sur 4.", "f2")
        ear.hears("Reprise, line by line", "2 of 4. Lot: LOT-7?")
        ear.types("F2")
        ear.answers("2 sur 4. Lot : LOT-7 ?")
        ear.answers("3 sur 4.")
        ear.answers("4 sur 4.")
        ear.hears("D : tous les détails")
    known = named(kit)
    assert (known.asset_tag, known.lot, known.donor) == ("", "LOT-7", "Mairie")


def test_the_start_goes_on_where_a_sheet_was_opened() -> None:
    kit = Kit(laptop(hdd()))
    with station_by_ear(kit) as ear:
        ear.answers("1 sur 4.", "INV-1")
        ear.answers("2 sur 4.", "LOT-8")
        ear.answers("3 sur 4.", "f7")
        ear.answers("Entrée : retour")
        ear.hears("Retour.", "3 sur 4. Donateur : Mairie ?")
        assert ear.said.count("1 sur 4.") <= 2  # said again after what the engine told
        ear.types("")
        ear.answers("4 sur 4.")
        ear.answers("D : tous les détails", "p")
        ear.hears("1 sur 4. N° d'inventaire du PC : INV-1 ?")
    assert (named(kit).asset_tag, named(kit).lot) == ("INV-1", "LOT-8")


@pytest.mark.parametrize("key", ["F4", "f11"])
def test_names_of_the_new_system_are_no_keys(key: str) -> None:
    kit = Kit(laptop(hdd()))
    with station_by_ear(kit) as ear:
        to_the_systems(ear)
        ear.answers("Numéro, ou Entrée pour 1", "1")
        ear.answers("Nom du PC : pc-reprise ?", "p")
        ear.answers("Numéro, ou Entrée pour 1", "1")
        ear.answers("Nom du PC : pc-reprise ?", key)
        ear.hears(f"{key.upper()} ne fait rien ici.")
        ear.answers("Nom du PC : pc-reprise ?", "salle-2")
        ear.answers("Nom de l'utilisateur : utilisateur ?", "P")
        ear.answers("Nom du PC : salle-2 ?")
        ear.answers("Nom de l'utilisateur : utilisateur ?", "anne")
        ear.answers("tapez EFFACER", "effacer")
        ear.hears("CE PC EST EFFACÉ ET VÉRIFIÉ")
    request = kit.installer.requests[0]
    assert (request.options.hostname, request.options.user) == ("salle-2", "anne")


@contextmanager
def in_the_sheet(
    key: str, played: PlayedNetwork | None = None, keys: Keys | None = None
) -> Iterator[Listener]:
    kit, network = Kit(laptop(hdd())), played or PlayedNetwork(CARDS, down=False, pause_s=0.0)
    with station_by_ear(kit, tools=replace(TOOLS, network=lambda: network), keys=keys) as ear:
        ear.hears("1 sur 4.")
        until(lambda: "PlanMade" in kit.journal.kinds(), "what this PC is")
        ear.types(key)
        yield ear


@pytest.mark.parametrize("reason", [Reach.WIFI_OFF, Reach.WIFI_NOT_JOINED])
def test_what_to_do_names_no_key_of_the_screens_alone(reason: Reach) -> None:
    with i18n.using("en"):
        said = what_to_do(failed(ConnectionStep.LINK, reason))
        assert not re.search(r"\bF\d|\bEsc\b", said)
        assert not re.search(r"\bF\d", joined(Joined.PASSWORD))


def test_answers_that_are_none_are_answered() -> None:
    with in_the_sheet("F3") as ear:
        for typed in ("99", "xyz", "s 8", "m"):
            ear.answers("Entrée : retour", typed)
            ear.hears("Il faut un numéro de 1 à 14 ou une touche : A, S, R.")
        ear.answers("Entrée : retour", "f6")
        ear.hears("F6 ne fait rien ici.")
        ear.answers("Entrée : retour", "l")
        ear.answers("Enter: back", "l")
        assert "Il faut" not in ear.silent()
        ear.answers("Entrée : retour", "14")
        ear.answers("Quel est l'aspect du PC ?", "1")
        ear.hears("État du boîtier : ", "Entrée : retour")
        ear.types("s")
        ear.answers("Pourquoi", "5")
        ear.answers("En quelques mots", "l")
        ear.answers("In a few words", "no room")
        ear.answers("Enter: back", "s")
        ear.hears("No check is left.")
        ear.answers("Enter: back", "a")
        ear.hears("No check is left.")


@pytest.mark.parametrize(("sheet", "told"), [("F6", "W, T, P"), ("F9", "R, F5, C")])
def test_a_sheet_says_which_keys_answer(sheet: str, told: str) -> None:
    with in_the_sheet(sheet) as ear:
        ear.answers("Entrée : retour", "x")
        ear.hears(f"Réponses possibles ici : {told}, Entrée.")


def test_a_report_that_is_none_is_no_number() -> None:
    with in_the_sheet("F7") as ear:
        ear.answers("Entrée : retour", "3")
        ear.hears("Aucun rapport n'a ce numéro.")


def test_help_in_a_sheet_speaks_of_the_sheet() -> None:
    with in_the_sheet("m") as ear:
        ear.answers("Entrée : retour", "?")
        said = ear.hears("Entrée seule : retour", "Entrée : retour")
        assert "proposition" not in said
        assert "M :" not in said


def test_no_word_but_enter_goes_on_from_the_pc_and_from_its_drives() -> None:
    with station_by_ear(Kit(laptop(hdd()))) as ear:
        through_the_start(ear, "", "", "", "")
        ear.types("non")
        ear.hears("Réponses possibles ici : D, P, Entrée.", "D : tous les détails")
        ear.types("")
        ear.answers("N : nouvelle lecture", "non")
        ear.hears("Réponses possibles ici : N, P, Entrée.", "N : nouvelle lecture")
        ear.types("")
        ear.hears("Numéro, ou Entrée pour 1")
