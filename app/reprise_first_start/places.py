"""Time zones, as a person looks for them: France first, overseas included, then the world."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from reprise_first_start import place_names
from reprise_first_start.i18n import LANGUAGES, N_, _, using
from reprise_first_start.names import folded

ZONES = Path("/usr/share/zoneinfo")
# Every zone that zone.tab gives for FR and the territories of France; the Southern Lands have no
# one to give a PC to.
FRANCE = {
    "Europe/Paris": N_("Metropolitan France (Paris)"),
    "America/Guadeloupe": N_("Guadeloupe"),
    "America/Martinique": N_("Martinique"),
    "America/Cayenne": N_("French Guiana (Cayenne)"),
    "Indian/Reunion": N_("Réunion"),
    "Indian/Mayotte": N_("Mayotte"),
    "America/Miquelon": N_("Saint Pierre and Miquelon"),
    "America/St_Barthelemy": N_("Saint Barthélemy"),
    "America/Marigot": N_("Saint Martin (Marigot)"),
    "Pacific/Noumea": N_("New Caledonia (Nouméa)"),
    "Pacific/Wallis": N_("Wallis and Futuna"),
    "Pacific/Tahiti": N_("French Polynesia (Tahiti)"),
    "Pacific/Marquesas": N_("French Polynesia (Marquesas Islands)"),
    "Pacific/Gambier": N_("French Polynesia (Gambier Islands)"),
}
_REGIONS = {
    "Europe": N_("Europe"),
    "Africa": N_("Africa"),
    "America": N_("America"),
    "Asia": N_("Asia"),
    "Indian": N_("Indian Ocean"),
    "Pacific": N_("Pacific"),
    "Atlantic": N_("Atlantic"),
    "Australia": N_("Australia"),
    "Arctic": N_("Arctic"),
    "Antarctica": N_("Antarctica"),
}


_FAR = 4


@dataclass(frozen=True, slots=True)
class Place:
    """`zone` of zoneinfo; `region` and `title` in the language in force. `names`: the words of each
    of its names, `around` those of what it lies in, too; both folded."""

    zone: str
    region: str
    title: str
    names: frozenset[tuple[str, ...]]
    around: frozenset[str]

    def distance(self, typed: tuple[str, ...]) -> int:
        """From words that a person typed: 0 a name of it, _FAR another place."""
        if typed in self.names:
            return 0
        if any(_begin(typed, name) for name in self.names):
            return 1
        if _begin(typed, self.around):
            return 2
        return 3 if all(any(word in longer for longer in self.around) for word in typed) else _FAR


def found(among: Sequence[Place], typed: str) -> tuple[Place, ...]:
    """The likeliest first; matches inside a longer word only where nothing is nearer."""
    words = _words(typed)
    if not words:
        return () if typed.strip() else tuple(among)
    ranked = [(place.distance(words), at) for at, place in enumerate(among)]
    nearest = min(ranked, default=(_FAR, 0))[0]
    if nearest == _FAR:
        return ()
    return tuple(among[at] for far, at in sorted(ranked) if far <= max(nearest, 2))


def places(folder: Path = ZONES) -> tuple[Place, ...]:
    """France, then every zone of zone.tab by region. Without zone.tab: France alone."""
    codes = _codes(folder)
    countries = _countries()
    order = list(_REGIONS)
    rest = []
    for zone in set(codes) - set(FRANCE):
        region = zone.partition("/")[0]
        if region in _REGIONS:
            country = countries.get(codes[zone], ())
            main = place_names.MAIN.get(codes[zone], _first(codes, codes[zone])) == zone
            place = _place(zone, _(_REGIONS[region]), country, country if main else ())
            rest.append((order.index(region), place))
    rest.sort(key=lambda pair: (pair[0], folded(pair[1].title)))
    france = (_place(zone, _("France"), (), ()) for zone in FRANCE)
    return (*france, *(place for _at, place in rest))


def _place(zone: str, region: str, wide: tuple[str, ...], own: tuple[str, ...]) -> Place:
    """`wide`: names of its country; `own`: more names of itself."""
    titles = []
    for one in LANGUAGES:
        with using(one):
            titles.append(_title(zone))
    near = _listed(place_names.NEAR.get(zone, ""))
    names = frozenset(_words(name) for name in (*titles, _city(zone), *own, *near))
    words = {word for one in names for word in one}
    words.update(*(_words(name) for name in (region, zone, *wide)))
    return Place(zone, region, _title(zone), names, frozenset(words))


def _title(zone: str) -> str:
    known = {**FRANCE, **place_names.TITLES}
    return _(known[zone]) if zone in known else _city(zone)


def _city(zone: str) -> str:
    return zone.partition("/")[2].replace("_", " ").replace("/", ", ")


def _words(text: str) -> tuple[str, ...]:
    return tuple(word for word in re.split(r"[\W_]+", folded(text)) if word)


def _begin(typed: Iterable[str], words: Iterable[str]) -> bool:
    return all(any(longer.startswith(word) for longer in words) for word in typed)


def _listed(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split(",") if part.strip())


def _countries() -> dict[str, tuple[str, ...]]:
    """zone.tab's code -> names."""
    return {code: _listed(names) for code, names in place_names.COUNTRIES.items()}


def _first(codes: Mapping[str, str], code: str) -> str:
    """zone.tab puts each country's most populous zone first, where geography allows."""
    return next(zone for zone, country in codes.items() if country == code)


def _codes(folder: Path) -> dict[str, str]:
    """tzfile's zone.tab: country, coordinates, zone, comment, parted by tabs. Zone -> country, in
    its order."""
    try:
        lines = (folder / "zone.tab").read_text("utf-8").splitlines()
    except OSError:
        return {}
    rows = (line.split("\t") for line in lines if line and not line.startswith("#"))
    return {row[2]: row[0] for row in rows if len(row) > 2}


def known_zone(zone: str, folder: Path = ZONES) -> str:
    """`zone`, or Paris where the system has no such zone."""
    parts = zone.split("/")
    usable = zone and not zone.startswith("/") and ".." not in parts and (folder / zone).is_file()
    return zone if usable else "Europe/Paris"


def title_of(zone: str) -> str:
    region = _REGIONS.get(zone.partition("/")[0], "")
    if zone in FRANCE or not region:
        return _title(zone) or zone
    return f"{_(region)}, {_title(zone)}"
