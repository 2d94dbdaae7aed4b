"""Which pages a person is shown the way to."""

from __future__ import annotations

from collections.abc import Sequence

from reprise.i18n import _
from reprise.server.people.scope import Right
from reprise.server.people.walls import Standing


def menu(standing: Standing) -> Sequence[tuple[str, str]]:
    """(address, name) of each."""
    every = (
        (Right.SEE_REPORTS, "/", _("PCs")),
        (Right.SEE_STATIONS, "/stations", _("Stations")),
        (Right.SEE_REPORTS, "/quarantine", _("Quarantine")),
        (Right.SEE_PEOPLE, "/people", _("People")),
        (Right.SEE_AUDIT, "/audit", _("Changes")),
        (Right.MANAGE_SETTINGS, "/settings", _("Settings")),
        (Right.RUN_INSTANCE, "/instance", _("Server")),
    )
    return [(address, name) for right, address, name in every if right in standing.rights]


def is_here(address: str, path: str) -> bool:
    return path == address or (address != "/" and path.startswith(address + "/"))
