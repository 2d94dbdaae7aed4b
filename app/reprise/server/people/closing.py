"""The end of an organisation: nobody of it is let in, its stations' keys sign nothing new, and what
lets somebody in ends. Nothing of it is erased, and it can be opened again."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from allauth.usersessions.models import UserSession

from reprise.errors import InputError
from reprise.i18n import _
from reprise.server import clock
from reprise.server.audit.services import Action, record
from reprise.server.database import asking, looking_everywhere
from reprise.server.database_locks import close_keys
from reprise.server.people import models
from reprise.server.people.accounts import changing
from reprise.server.people.ending import end_all_of
from reprise.server.people.scope import NotHereError, Right, Role, Scope


@dataclass(frozen=True, slots=True)
class Organisation:
    """As whoever looks after the server sees it."""

    number: int
    name: str
    people: int
    administrators: int
    ended_at: datetime | None


def find_organisation(scope: Scope, number: int) -> Organisation:
    """Raises NotHereError where there is none, or it is not set up yet."""
    scope.need(Right.RUN_INSTANCE)
    with asking():
        row = models.Organisation.objects.filter(pk=number).exclude(name="").first()
        if row is None:
            raise NotHereError(number)
        here = models.Membership.objects.filter(organisation=number)
        administrators = here.filter(role=Role.ADMINISTRATOR.value).count()
        return Organisation(number, row.name, here.count(), administrators, row.ended_at)


def end_organisation(scope: Scope, number: int) -> None:
    """Once it returns nothing is acknowledged that was not stored before. Not in a transaction.
    Raises ForbiddenError, NotHereError; InputError of the last that is left."""
    scope.need(Right.RUN_INSTANCE)
    with looking_everywhere(), changing(_there(scope, number), Right.RUN_INSTANCE):
        close_keys()
        row = _row(number)
        if row.ended_at is not None:
            return
        _refuse_last(number)
        models.Organisation.objects.filter(pk=number).update(ended_at=clock.now())
        end_all_of(number, scope.actor)
        _end_sessions(number)
        _record(scope, Action.ORGANISATION_ENDED, row)


def reopen_organisation(scope: Scope, number: int) -> None:
    """Its people and its stations are let in as before; what ended with it stays ended.
    As above."""
    scope.need(Right.RUN_INSTANCE)
    with changing(_there(scope, number), Right.RUN_INSTANCE):
        row = _row(number)
        if row.ended_at is None:
            return
        models.Organisation.objects.filter(pk=number).update(ended_at=None)
        _record(scope, Action.ORGANISATION_REOPENED, row)


def _there(scope: Scope, number: int) -> Scope:
    """So that the organisation is held, too."""
    return replace(scope, organisation=number)


def _row(number: int) -> models.Organisation:
    row = models.Organisation.objects.filter(pk=number).exclude(name="").first()
    if row is None:
        raise NotHereError(number)
    return row


def _refuse_last(number: int) -> None:
    others = models.Organisation.objects.filter(ended_at=None).exclude(pk=number)
    if not others.exists():
        raise InputError(
            _("This is the only organisation that is left."),
            _("Add another one first; or stop the server, where nobody needs it any more."),
        )


def _end_sessions(number: int) -> None:
    """Of who belongs to nothing else here. Others see the organisation no more by theirs."""
    elsewhere = models.Membership.objects.filter(organisation__ended_at=None).values("user")
    alone = models.User.objects.filter(memberships__organisation=number, runs_instance=False)
    sessions: Iterable[UserSession] = UserSession.objects.filter(
        user__in=alone.exclude(pk__in=elsewhere)
    )
    for session in sessions:
        session.end()


def _record(scope: Scope, action: Action, row: models.Organisation) -> None:
    """In the organisation's own trail, which its people see once it is open again, and the
    server's."""
    for whose in (row.pk, None):
        subject, after = f"organisation:{row.pk}", {"name": row.name}
        record(whose, scope.actor, action, subject, after=after)
