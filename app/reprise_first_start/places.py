"""Time zones, as a person looks for them: France first, overseas included, then the world."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from reprise_first_start.i18n import N_, _
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


@dataclass(frozen=True, slots=True)
class Place:
    """`zone` of zoneinfo; `region` and `title` in the language in force."""

    zone: str
    region: str
    title: str

    def matches(self, typed: str) -> bool:
        """Every word typed is somewhere in it, whatever its accents."""
        text = folded(f"{self.title} {self.region} {self.zone.replace('_', ' ')}")
        return all(word in text for word in folded(typed).split())


def places(folder: Path = ZONES) -> tuple[Place, ...]:
    """France, then every zone of zone.tab by region. Without zone.tab: France alone."""
    known = set(zones(folder))
    france = [Place(zone, _("France"), _(FRANCE[zone])) for zone in FRANCE]
    order = list(_REGIONS)
    rest = []
    for zone in known - set(FRANCE):
        region, _slash, city = zone.partition("/")
        if region in _REGIONS:
            title = city.replace("_", " ").replace("/", ", ")
            rest.append((order.index(region), Place(zone, _(_REGIONS[region]), title)))
    rest.sort(key=lambda one: (one[0], folded(one[1].title)))
    return (*france, *(place for _at, place in rest))


def zones(folder: Path = ZONES) -> tuple[str, ...]:
    """tzfile's zone.tab: country, coordinates, zone, comment, parted by tabs."""
    try:
        lines = (folder / "zone.tab").read_text("utf-8").splitlines()
    except OSError:
        return tuple(FRANCE)
    rows = (line.split("\t") for line in lines if line and not line.startswith("#"))
    return tuple(row[2] for row in rows if len(row) > 2)


def known_zone(zone: str, folder: Path = ZONES) -> str:
    """`zone`, or Paris where the system has no such zone."""
    parts = zone.split("/")
    usable = zone and not zone.startswith("/") and ".." not in parts and (folder / zone).is_file()
    return zone if usable else "Europe/Paris"


def title_of(zone: str) -> str:
    return _(FRANCE[zone]) if zone in FRANCE else zone.replace("_", " ").replace("/", ", ")
