"""Which stations may hand in reports."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from reprise.errors import InputError
from reprise.i18n import _
from reprise.server.database import asking, writing
from reprise.server.stations import models

_NAME_CHARACTERS = 100
_KID = re.compile(r"[A-Za-z0-9_-]{1,64}")


@dataclass(frozen=True, slots=True)
class Station:
    kid: str
    name: str
    public_pem: str
    enrolled_at: datetime
    revoked_at: datetime | None = None


def _station(row: models.Station) -> Station:
    return Station(row.kid, row.name, row.public_pem, row.enrolled_at, row.revoked_at)


def clean_name(name: str) -> str:
    """Raises InputError where a name is empty, too long or not printable."""
    name = name.strip()
    if not name or len(name) > _NAME_CHARACTERS or not name.isprintable():
        raise InputError(
            _("This name cannot be used for a station."),
            _("Give one to {count} visible characters.").format(count=_NAME_CHARACTERS),
        )
    return name


def enroll(name: str, public_pem: str, kid: str) -> tuple[Station, bool]:
    """(station, whether it is new). The same key under the same name changes nothing.

    Raises InputError where the key is known under another name or was revoked.
    """
    with writing():
        new = {"name": name.strip(), "public_pem": public_pem, "enrolled_at": datetime.now(UTC)}
        known = models.Station.objects.filter(kid=kid).first()
        if known is None:
            clean_name(name)
            known, made = models.Station.objects.get_or_create(kid=kid, defaults=new)
            if made:
                return _station(known), True
    if known.revoked_at is not None:
        raise InputError(
            _("This key was revoked."),
            _("Make a new one for the station with “reprise enroll --name NAME --out DIR”."),
        )
    if known.name != name.strip():
        raise InputError(
            _("This key is already enrolled, as “{name}”.").format(name=known.name),
            _("Use that name, or make a key of its own for the other station."),
        )
    return _station(known), False


def find_station(kid: str) -> Station | None:
    if not _KID.fullmatch(kid):
        return None
    with asking():
        row = models.Station.objects.filter(kid=kid).first()
    return None if row is None else _station(row)


def list_stations() -> Sequence[Station]:
    with asking():
        return [_station(row) for row in models.Station.objects.order_by("name", "enrolled_at")]


def is_revoked(kid: str) -> bool:
    """In the caller's transaction."""
    return not models.Station.objects.filter(kid=kid, revoked_at=None).exists()


def count_stations() -> int:
    with asking():
        return models.Station.objects.count()


def revoke(kid: str) -> Station:
    """Reports under this key are refused from now on; stored ones stay. Idempotent."""
    with writing():
        here = models.Station.objects.filter(kid=kid, revoked_at=None)
        here.update(revoked_at=datetime.now(UTC))
    station = find_station(kid)
    if station is None:
        raise InputError(
            _("No station has the key {kid}.").format(kid=kid),
            _("“reprise enroll --list” shows all of them."),
        )
    return station
