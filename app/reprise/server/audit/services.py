"""The audit trail: append-only, in the transaction of the change that it tells of."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from django.db.models import Q, QuerySet

from reprise.server import clock
from reprise.server.audit import models
from reprise.server.database import page_of, read_in_steps, reading
from reprise.server.people.scope import Actor, Right, Scope

Values = Mapping[str, Any]


class Action(StrEnum):
    SET_UP = "set-up"
    ORGANISATION_MADE = "organisation-made"
    ORGANISATION_ENDED = "organisation-ended"
    ORGANISATION_REOPENED = "organisation-reopened"
    SETTINGS_CHANGED = "settings-changed"
    PERSON_INVITED = "person-invited"
    INVITATION_ENDED = "invitation-ended"
    PERSON_JOINED = "person-joined"
    ROLE_CHANGED = "role-changed"
    PERSON_REMOVED = "person-removed"
    PERSON_ERASED = "person-erased"
    LOGGED_IN = "logged-in"
    PASSWORD_CHANGED = "password-changed"  # noqa: S105
    SECOND_FACTOR_CHANGED = "second-factor-changed"
    KEEPER_ADDED = "keeper-added"
    KEEPER_LET_GO = "keeper-let-go"
    TOKEN_MADE = "token-made"  # noqa: S105
    TOKEN_REVOKED = "token-revoked"  # noqa: S105
    STATION_ENROLLED = "station-enrolled"
    STATION_RENAMED = "station-renamed"
    STATION_REVOKED = "station-revoked"
    STATION_RENEWED = "station-renewed"
    ENROLMENT_OFFERED = "enrolment-offered"
    ENROLMENT_WITHDRAWN = "enrolment-withdrawn"
    RETENTION_CHANGED = "retention-changed"
    RESTORED = "restored"


@dataclass(frozen=True, slots=True)
class Line:
    at: datetime
    actor: str
    action: Action
    subject: str
    before: Values
    after: Values


@dataclass(frozen=True, slots=True)
class Trail:
    number: int
    pages: int
    lines: Sequence[Line]


def record(
    organisation: int | None,
    actor: Actor,
    action: Action,
    subject: str,
    *,
    before: Values | None = None,
    after: Values | None = None,
) -> None:
    """In the caller's transaction: a change that cannot be recorded does not happen."""
    models.Entry.objects.create(
        at=clock.now(),
        organisation=organisation,
        actor=actor.text,
        action=action.value,
        subject=subject[:200],
        before=dict(before or {}),
        after=dict(after or {}),
    )


def among_whose_trail(organisations: Iterable[int], actions: Iterable[Action]) -> set[int]:
    """Of these organisations, those in which any of these changes was ever made. In the caller's
    transaction."""
    here = models.Entry.objects.filter(organisation__in=organisations, action__in=actions)
    return {number for number in here.values_list("organisation", flat=True) if number is not None}


def lines_of(person: Actor) -> Iterator[tuple[int | None, Line]]:
    """(organisation, line) of what a person did and of what was done to it, oldest first; None: of
    the whole server."""
    told = Q(actor=person.text) | Q(subject=person.text)
    for row in read_in_steps(models.Entry.objects.filter(told)):
        yield row.organisation, _line(row)


def _line(row: models.Entry) -> Line:
    return Line(row.at, row.actor, Action(row.action), row.subject, row.before, row.after)


def trail(scope: Scope, number: int, size: int) -> Trail:
    """Page `number` (from 1; too large: the last) of what was changed, newest first."""
    scope.need(Right.SEE_AUDIT)
    return _page_of(models.Entry.objects.filter(organisation=scope.organisation), number, size)


def server_trail(scope: Scope, number: int, size: int) -> Trail:
    """As above, of what belongs to no organisation."""
    scope.need(Right.RUN_INSTANCE)
    return _page_of(models.Entry.objects.filter(organisation=None), number, size)


def _page_of(here: QuerySet[models.Entry], number: int, size: int) -> Trail:
    with reading():
        number, pages, rows = page_of(here.order_by("-id"), number, size)
    return Trail(number, pages, [_line(row) for row in rows])
