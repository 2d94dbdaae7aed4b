"""The search for a place knows what people here type, and says the place in their language."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest
from babel import Locale

from reprise_first_start import place_names, places
from reprise_first_start.i18n import using

PARIS = (
    "Lyon, Marseille, Toulouse, Nice, nantes, lille, Bordeaux, STRASBOURG, Corse, saint etienne, "
)
PARIS += "Saint-Étienne, Île-de-France, ile de france, Ardèche, bouches du rhone, france"
TYPED = {
    "Europe/Paris": PARIS,
    "Europe/London": "Londres, London, Angleterre, Royaume-Uni",
    "Europe/Brussels": "Bruxelles, Belgique, belgium",
    "Africa/Algiers": "Alger, Algérie, algerie, Oran",
    "Europe/Zurich": "Genève, geneve, Suisse",
    "Europe/Lisbon": "Lisbonne, Portugal, porto",
    "Europe/Moscow": "Moscou, Russie",
    "Africa/Casablanca": "Maroc, Rabat",
    "Africa/Cairo": "Le Caire, caire, Égypte",
    "Africa/Tunis": "Tunis, Tunisie",
    "Africa/Bamako": "Mali, bamako",
    "Africa/Niamey": "Niger",
    "Africa/Brazzaville": "Congo",
    "Africa/Kinshasa": "RDC, Kinshasa",
    "Africa/Abidjan": "cote d'ivoire, Côte d’Ivoire, cote d ivoire, ivory coast",
    "America/New_York": "new york, États-Unis, etats unis, usa, Washington",
    "America/Toronto": "Montréal, Québec, Canada",
    "America/Sao_Paulo": "Brésil",
    "America/Port-au-Prince": "Haïti",
    "Asia/Kolkata": "Inde, Bombay, Calcutta",
    "Asia/Damascus": "Syrie, Alep, Damas",
    "Asia/Shanghai": "Chine, Pékin",
    "Australia/Sydney": "Australie",
    "Indian/Antananarivo": "Madagascar, Tananarive",
    "America/Guadeloupe": "Guadeloupe, pointe a pitre",
    "America/Martinique": "Martinique, Fort-de-France",
    "America/Cayenne": "Guyane, Kourou",
    "Indian/Reunion": "La Réunion, réunion, reunion",
    "Indian/Mayotte": "Mayotte, Mamoudzou",
    "Pacific/Noumea": "Nouvelle-Calédonie, nouvelle cal, Nouméa",
    "Pacific/Tahiti": "Polynésie, Tahiti, Papeete",
    "America/Miquelon": "Saint-Pierre-et-Miquelon, Miquelon",
    "Pacific/Wallis": "Wallis, Futuna",
}
CASES = [(typed, zone) for zone, all_ in TYPED.items() for typed in all_.split(", ")]


@cache
def _every(language: str) -> tuple[places.Place, ...]:
    with using(language):
        return places.places()


@pytest.mark.parametrize("language", ["fr", "en"])
@pytest.mark.parametrize(("typed", "zone"), CASES)
def test_what_people_type_is_found_first(typed: str, zone: str, language: str) -> None:
    with using(language):
        found = places.found(_every(language), typed)
    assert found and found[0].zone == zone


@pytest.mark.parametrize(("typed", "zones"), [
    ("réunion", ["Indian/Reunion"]), ("Niger", ["Africa/Niamey", "Africa/Lagos"]),
    ("xyzzy", []), ("...", []), ("Atlantide", []),
])  # fmt: skip
def test_nothing_else_is(typed: str, zones: list[str]) -> None:
    with using("fr"):
        assert [one.zone for one in places.found(places.places(), typed)] == zones


def test_an_empty_search_is_none() -> None:
    everything = places.places()
    assert places.found(everything, "  ") == everything


def test_every_country_of_the_system_has_a_name() -> None:
    """But for France's own codes, whose places are named one by one."""
    codes = set(places._codes(places.ZONES).values())
    france = {places._codes(places.ZONES)[zone] for zone in places.FRANCE}
    assert codes - set(places._countries()) == france | {"TF"}
    known = set(places._codes(places.ZONES))
    named = {*place_names.TITLES, *place_names.NEAR, *place_names.MAIN.values()}
    assert named <= known


# Said more simply here than in CLDR: “St.” and “&” in full, no “SAR China”, Turkey for Türkiye.
SIMPLER = "AG BA GS HK KN LC MM MO PS SH SJ ST TC TR TT VA VC"


def test_a_country_is_called_as_cldr_calls_it() -> None:
    called = {locale: Locale(locale).territories for locale in ("fr", "en")}
    other = [
        code
        for code, names in places._countries().items()
        if not {places._words(every[code]) for every in called.values()}
        <= {places._words(name) for name in names}
    ]
    assert " ".join(sorted(other)) == SIMPLER


def test_a_place_is_said_in_the_language_shown() -> None:
    with using("fr"):
        assert places.title_of("Africa/Algiers") == "Afrique, Alger"
        assert places.title_of("Indian/Reunion") == "La Réunion"
    with using("en"):
        assert places.title_of("Africa/Algiers") == "Africa, Algiers"
    assert places.title_of("UTC") == "UTC"


def test_without_the_systems_list_there_is_france(tmp_path: Path) -> None:
    assert [one.zone for one in places.places(tmp_path)] == list(places.FRANCE)
