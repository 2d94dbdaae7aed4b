"""Which stations may hand in reports."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.db import IntegrityError
from django.db.models import BooleanField, ExpressionWrapper, Q, QuerySet

from reprise.errors import InputError
from reprise.i18n import _
from reprise.server import clock
from reprise.server.audit.services import Action, record
from reprise.server.database import asking
from reprise.server.database_locks import close_keys
from reprise.server.people.accounts import changing
from reprise.server.people.scope import NotHereError, Right, Scope
from reprise.server.stations import models

_NAME_CHARACTERS = 100
_NO_DATE = datetime(1970, 1, 1, tzinfo=UTC)  # of what has an end that nobody can read
_KID = re.compile(r"[A-Za-z0-9_-]{1,64}")


@dataclass(frozen=True, slots=True)
class Station:
    organisation: int
    kid: str
    name: str
    public_pem: str
    enrolled_at: datetime | None  # None: the database holds no date there
    revoked_at: datetime | None = None
    valid_until: datetime | None = None
    seen_at: datetime | None = None  # None: nothing came of it yet
    image_version: str = ""
    version: str = ""
    waiting: int | None = None  # reports in its outbox; None: it never said
    refused: int | None = None
    organisation_ended: bool = False

    @property
    def is_revoked(self) -> bool:
        """Itself, or with all of its organisation, which was ended."""
        return self.revoked_at is not None or self.organisation_ended

    @property
    def has_ended(self) -> bool:
        return self.valid_until is not None and self.valid_until <= clock.now()

    @property
    def is_closed(self) -> bool:
        """Whether its key signs nothing new: it was revoked, or has ended."""
        return self.is_revoked or self.has_ended


def _station(row: Any) -> Station:
    """Of _rows. What ends by a date that is none has ended."""
    return Station(
        row.organisation_id,
        row.kid,
        row.name,
        row.public_pem,
        row.enrolled_at,
        row.revoked_at or (_NO_DATE if row.has_revocation else None),
        row.valid_until or (_NO_DATE if row.has_end else None),
        row.seen_at,
        row.image_version,
        row.version,
        row.waiting,
        row.refused,
        row.of_ended,
    )


def _rows() -> QuerySet[models.Station]:
    """Whether there is an end is asked of the database: SQLite keeps anything in any column, and
    Django reads what is no date as if there were none."""
    return models.Station.objects.annotate(
        has_revocation=_is_set("revoked_at"),
        has_end=_is_set("valid_until"),
        of_ended=_is_set("organisation__ended_at"),
    )


def _is_set(column: str) -> ExpressionWrapper[Q]:
    return ExpressionWrapper(Q(**{f"{column}__isnull": False}), BooleanField())


def clean_name(name: str) -> str:
    """Raises InputError where a name is empty, too long or not printable."""
    name = name.strip()
    if not name or len(name) > _NAME_CHARACTERS or not name.isprintable():
        raise InputError(
            _("This name cannot be used for a station."),
            _("Give one to {count} visible characters.").format(count=_NAME_CHARACTERS),
        )
    return name


def enroll(scope: Scope, name: str, public_pem: str, kid: str) -> tuple[Station, bool]:
    """(station, whether it is new). The same key under the same name changes nothing.

    Raises InputError where the key is known under another name, or elsewhere, or was revoked.
    """
    with changing(scope, Right.MANAGE_STATIONS):
        new = {
            "organisation_id": scope.organisation,
            "name": name.strip(),
            "public_pem": public_pem,
            "enrolled_at": clock.now(),
        }
        known = models.Station.objects.filter(kid=kid).first()
        if known is None:
            clean_name(name)
            try:
                known, made = models.Station.objects.get_or_create(kid=kid, defaults=new)
            except IntegrityError as error:  # a row that is there, behind the database's walls
                raise _elsewhere() from error
            if made:
                _record(scope, Action.STATION_ENROLLED, kid, after={"name": known.name})
                return _station(_rows().get(kid=kid)), True
        station = _station(_rows().get(kid=kid))
    if station.organisation != scope.organisation:
        raise _elsewhere()
    if station.revoked_at is not None:
        raise InputError(
            _("This key was revoked."),
            _("Make a new one for the station with “reprise enroll --name NAME --out DIR”."),
        )
    if station.name != name.strip():
        raise InputError(
            _("This key is already enrolled, as “{name}”.").format(name=station.name),
            _("Use that name, or make a key of its own for the other station."),
        )
    return station, False


def _elsewhere() -> InputError:
    return InputError(
        _("This key belongs to another organisation."),
        _("Make a new one for the station with “reprise enroll --name NAME --out DIR”."),
    )


def _record(
    scope: Scope,
    action: Action,
    kid: str,
    before: dict[str, str] | None = None,
    after: dict[str, str] | None = None,
) -> None:
    record(scope.organisation, scope.actor, action, f"station:{kid}", before=before, after=after)


def station_of_key(kid: str) -> Station | None:
    """Of whatever organisation: who names a key says no more than that."""
    if not _KID.fullmatch(kid):
        return None
    with asking():
        row = _rows().filter(kid=kid).first()
    return None if row is None else _station(row)


def list_stations(scope: Scope) -> Sequence[Station]:
    """By name."""
    scope.need(Right.SEE_STATIONS)
    here = _rows().filter(organisation=scope.organisation)
    with asking():
        return [_station(row) for row in here.order_by("name", "enrolled_at")]


def stations_of_keys(kids: Iterable[str]) -> dict[str, Station]:
    """By key. In the caller's transaction."""
    return {row.kid: _station(row) for row in _rows().filter(kid__in=kids)}


def count_stations() -> int:
    with asking():
        return models.Station.objects.count()


def count_open_stations(organisation: int | None = None) -> int:
    """Those whose keys may sign something new. None: of each organisation."""
    here = _rows() if organisation is None else _rows().filter(organisation=organisation)
    with asking():
        return sum(not _station(row).is_closed for row in here)


def revoke(scope: Scope, kid: str) -> Station:
    """Reports under this key are refused from now on; stored ones stay. Idempotent. Raises
    NotHereError."""
    with changing(scope, Right.MANAGE_STATIONS):
        close_keys()
        here = _rows().filter(organisation=scope.organisation, kid=kid)
        if here.filter(revoked_at=None).update(revoked_at=clock.now()):
            _record(scope, Action.STATION_REVOKED, kid)
        row = here.first()
    if row is None:
        raise NotHereError(kid)
    return _station(row)


def _held(scope: Scope, kid: str) -> models.Station:
    """Nobody else changes it until the caller's transaction ends. Raises NotHereError."""
    rows = models.Station.objects.select_for_update()
    row = rows.filter(organisation=scope.organisation, kid=kid).first()
    if row is None:
        raise NotHereError(kid)
    return row


def rename(scope: Scope, kid: str, name: str) -> None:
    """Reports keep the name that they were signed under. Raises InputError, NotHereError."""
    scope.need(Right.MANAGE_STATIONS)
    name = clean_name(name)
    with changing(scope, Right.MANAGE_STATIONS):
        before = _held(scope, kid).name
        models.Station.objects.filter(kid=kid).update(name=name)
        _record(scope, Action.STATION_RENAMED, kid, {"name": before}, {"name": name})


def set_end(scope: Scope, kid: str, until: datetime | None) -> None:
    """Reports are refused from then on; None: without an end. Raises NotHereError."""
    with changing(scope, Right.MANAGE_STATIONS):
        close_keys()
        before = _held(scope, kid).valid_until
        models.Station.objects.filter(kid=kid).update(valid_until=until)
        ends = [{"valid_until": end.isoformat() if end else ""} for end in (before, until)]
        _record(scope, Action.STATION_RENEWED, kid, *ends)
