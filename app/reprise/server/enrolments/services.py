"""Codes that are offered, and the stations that enrol with them."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from django.db.models import QuerySet

from reprise.domain.station.enrolment import EnrolmentRequest, new_code, read_code
from reprise.errors import InputError
from reprise.i18n import _
from reprise.server.audit.services import Action, record
from reprise.server.database import (
    asking,
    delete_in_steps,
    looking_everywhere,
    read_in_steps,
    writing,
)
from reprise.server.enrolments import models
from reprise.server.people.accounts import changing
from reprise.server.people.holding import hold_organisations
from reprise.server.people.links import digest_of
from reprise.server.people.scope import Actor, NotHereError, Right, Scope
from reprise.server.problems import ProblemError, ProblemKind
from reprise.server.stations.services import Station, clean_name, enroll, station_of_key

_MOST_OPEN = 200  # of one organisation


@dataclass(frozen=True, slots=True)
class Open:
    """A code that nobody has used yet. `name`: the station's; "": as it calls itself."""

    number: int
    name: str
    ends_at: datetime


@dataclass(frozen=True, slots=True)
class Found:
    """Whose code it is."""

    organisation: int
    name: str


def offer(scope: Scope, name: str, hours: int) -> tuple[Open, str]:
    """The offer, and its code: nobody can read that again. Raises ForbiddenError, InputError."""
    scope.need(Right.MANAGE_STATIONS)
    name = clean_name(name) if name.strip() else ""
    code = new_code(secrets.choice)
    now = datetime.now(UTC)
    with changing(scope, Right.MANAGE_STATIONS):
        if _open(scope.organisation).count() >= _MOST_OPEN:
            raise InputError(
                _("Too many codes wait for their stations."), _("Withdraw some codes first.")
            )
        row = models.Enrolment.objects.create(
            organisation_id=scope.organisation,
            digest=digest_of(code),
            name=name,
            made_by=scope.actor.text,
            made_at=now,
            ends_at=now + timedelta(hours=hours),
        )
        after = {"name": name, "hours": hours}
        subject = f"enrolment:{row.pk}"
        record(scope.organisation, scope.actor, Action.ENROLMENT_OFFERED, subject, after=after)
    return Open(row.pk, row.name, row.ends_at), code


def _waiting() -> QuerySet[models.Enrolment]:
    return models.Enrolment.objects.filter(used_at=None, used_by="", ends_at__gt=datetime.now(UTC))


def _open(organisation: int) -> QuerySet[models.Enrolment]:
    return _waiting().filter(organisation=organisation)


def list_open(scope: Scope) -> Sequence[Open]:
    """Newest first."""
    scope.need(Right.SEE_STATIONS)
    with asking():
        rows = _open(scope.organisation).order_by("-id")
        return [Open(row.pk, row.name, row.ends_at) for row in rows]


def withdraw(scope: Scope, number: int) -> None:
    """Raises NotHereError."""
    with changing(scope, Right.MANAGE_STATIONS):
        here = _open(scope.organisation).filter(pk=number)
        if not here.update(ends_at=datetime.now(UTC)):
            raise NotHereError(number)
        subject = f"enrolment:{number}"
        record(scope.organisation, scope.actor, Action.ENROLMENT_WITHDRAWN, subject)


def end_codes(
    organisation: int | None, by: Actor, makers: Sequence[str] | None, **_more: Any
) -> None:
    """Of who was let go: see people.ending.let_go."""
    here = _waiting() if organisation is None else _open(organisation)
    if makers is not None:
        here = here.filter(made_by__in=makers)
    for number, whose in list(here.values_list("pk", "organisation")):
        models.Enrolment.objects.filter(pk=number).update(ends_at=datetime.now(UTC))
        record(whose, by, Action.ENROLMENT_WITHDRAWN, f"enrolment:{number}")


@dataclass(frozen=True, slots=True)
class Made:
    """A code as who made it is told of it. `station`: the key that used it; "": none has."""

    organisation: int
    name: str
    made_at: datetime | None  # None: the database holds no date there
    ends_at: datetime | None
    used_at: datetime | None
    station: str


def codes_of(makers: Iterable[Actor]) -> Iterator[Made]:
    """Of every organisation, ended ones too, oldest first. Not in a transaction."""
    said = [maker.text for maker in makers]
    with looking_everywhere():
        for row in read_in_steps(models.Enrolment.objects.filter(made_by__in=said)):
            yield Made(
                row.organisation_id, row.name, row.made_at, row.ends_at, row.used_at, row.used_by
            )


def end_every_offer() -> int:
    """Of all organisations; how many. In the caller's transaction."""
    rows = list(_waiting().values_list("pk", "organisation"))
    _waiting().update(ends_at=datetime.now(UTC))
    for number, organisation in rows:
        record(organisation, Actor(), Action.ENROLMENT_WITHDRAWN, f"enrolment:{number}")
    return len(rows)


def _old_codes(organisation: int, before: datetime) -> QuerySet[models.Enrolment]:
    return models.Enrolment.objects.filter(organisation=organisation, ends_at__lt=before)


def count_old_codes(organisation: int, before: datetime) -> int:
    """That had ended before then, used or not."""
    return _old_codes(organisation, before).count()


def forget_old_codes(organisation: int, before: datetime) -> None:
    """Raises StorageError."""
    delete_in_steps(_old_codes(organisation, before))


def find_offer(typed: str) -> Found:
    """Raises ProblemError of a code that is wrong, used or ended: which of these is not told."""
    with asking():
        row = models.Enrolment.objects.filter(digest=_digest(typed)).first()
    if row is None or not _is_open(row):
        raise ProblemError(ProblemKind.CODE_REFUSED)
    return Found(row.organisation_id, row.name)


def enrol_by_code(request: EnrolmentRequest, kid: str, public_pem: str) -> Station:
    """The station of this key, which is one from now on. The same key with the same code gets the
    same again, as an answer may be lost, also once the code has ended. Raises ProblemError;
    InputError of a name that no station can have."""
    with writing():
        rows = models.Enrolment.objects.filter(digest=_digest(request.code))
        hold_organisations(rows.values_list("organisation", flat=True))  # it may be ending
        row = rows.select_for_update().first()
        if row is None or not _may_use(row, kid):
            raise ProblemError(ProblemKind.CODE_REFUSED)
        station = station_of_key(kid) or _new_station(row, request.name, kid, public_pem)
        refuse_elsewhere(station, row.organisation_id)
        if not row.used_by:
            used = {"used_at": datetime.now(UTC), "used_by": kid}
            models.Enrolment.objects.filter(pk=row.pk).update(**used)
    return station


def _digest(typed: str) -> str:
    """Of something that no code has, where it cannot be one: it is looked for all the same."""
    return digest_of(read_code(typed) or "")


def _may_use(row: models.Enrolment, kid: str) -> bool:
    return row.used_by == kid or _is_open(row)


def _is_open(row: models.Enrolment) -> bool:
    """A date that cannot be read is None: it opens nothing."""
    used, ends_at = bool(row.used_by) or row.used_at is not None, row.ends_at
    return not used and ends_at is not None and ends_at > datetime.now(UTC)


def _new_station(row: models.Enrolment, name: str, kid: str, public_pem: str) -> Station:
    by_code = Actor(enrolment=row.pk)
    scope = Scope(row.organisation_id, frozenset({Right.MANAGE_STATIONS}), by_code)
    station, _new = enroll(scope, row.name or name, public_pem, kid)
    return station


def refuse_elsewhere(station: Station, organisation: int) -> None:
    """What another organisation has, or was revoked. Raises ProblemError."""
    if station.organisation != organisation:
        raise ProblemError(ProblemKind.KEY_ELSEWHERE)
    if station.is_revoked:
        raise ProblemError(ProblemKind.REVOKED_KEY)
