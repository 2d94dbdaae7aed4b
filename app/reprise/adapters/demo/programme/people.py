"""Names of nobody. They are French in every language, as the people of a real server are."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from enum import Enum


class Team(Enum):
    """An organisation of the programme, by its number."""

    TOWN = 0
    WORKSHOP = 1

    @property
    def title(self) -> str:
        return _TITLES[self]


_TITLES = {
    Team.TOWN: "Ville de Saint-Exemple",
    Team.WORKSHOP: "Ressourcerie du Val d’Essai",
}
TECHNICIANS: Mapping[Team, Sequence[str]] = {
    Team.TOWN: ("Camille Modèle", "Sacha Témoin"),
    Team.WORKSHOP: ("Maxence Maquette",),
}
DONORS: Mapping[Team, Sequence[str]] = {
    Team.TOWN: (
        "École Louise-Exemple",
        "Mairie – état civil",
        "Collège du Modèle",
        "Médiathèque",
        "Services techniques",
        "CCAS",
        "Cabinet Dupanneau",
    ),
    Team.WORKSHOP: ("Particuliers", "Garage de l’Essai"),
}
