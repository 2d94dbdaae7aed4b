"""A French word agrees with what it is said of."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from reprise import i18n
from reprise.domain.pc.hardware import Inventory, Machine, Memory, Processor
from reprise.i18n import pgettext
from reprise.sentences import machine
from unit.documents.paper_kit import paper
from unit.domain.pc import samples

# Nouns of a fact that may be missing: the word beside them is feminine, or plural.
AGREEING = {
    "Taille": "inconnue",
    "Santé avant": "inconnue",
    "Provenance (donateur)": r"inconnue \(non renseignée\)",
    "Station": r"inconnue \(non renseignée\)",
    "Clé de la station (kid)": "inconnue",
    "Outils": r"inconnus \(non renseignés\)",
    "Modèle": "inconnu",
    "Lot": r"inconnu \(non renseigné\)",
}


def _bare_paper() -> str:
    bare = samples.bare_report()
    (record, *_others) = bare.drives
    who = replace(record.identity, size_bytes=0)
    station = replace(bare.station, name="", tools={})
    drives = (replace(record, identity=who), *bare.drives[1:])
    return paper(replace(bare, drives=drives, station=station), "fr", None)


@pytest.mark.parametrize("label", AGREEING)
def test_what_is_missing_agrees_on_paper(label: str) -> None:
    told = re.findall(rf"\b{re.escape(label)} \| ([^|\n]*)", _bare_paper())
    missing = [words for words in told if words.startswith(("inconnu", "non rens"))]
    assert missing, told
    for words in missing:
        assert re.match(rf"{AGREEING[label]}( \(|\s*$)", words), words


def test_what_is_missing_agrees_on_the_screen() -> None:
    with i18n.using("fr"):
        rows = dict(machine.rows(Inventory(Machine(), Processor(), Memory(), ())))
    assert rows["Mémoire"] == ("inconnue",)
    assert rows["Processeur"] == ("inconnu",)


def test_what_it_is_said_of_is_seen_by_translators_alone() -> None:
    with i18n.using("en"):
        assert pgettext("size", "unknown") == "unknown"
