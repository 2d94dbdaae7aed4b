"""Asking a person to join an organisation, by a link that works once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db.models import QuerySet

from reprise.errors import InputError
from reprise.i18n import _
from reprise.server import clock
from reprise.server.audit.services import Action, record
from reprise.server.database import asking, writing
from reprise.server.people import models
from reprise.server.people.accounts import (
    add_member,
    changing,
    find_user,
    make_user,
)
from reprise.server.people.ending import end_what_keepers_prepared
from reprise.server.people.holding import hold_organisations, hold_user
from reprise.server.people.links import digest_of, new_secret
from reprise.server.people.organisations import never_joined
from reprise.server.people.scope import Actor, NotHereError, Right, Role, Scope

_LASTS = timedelta(days=7)
_MOST_WAITING = 200  # of one organisation
_TWICE = timedelta(minutes=1)  # a form that was sent twice: both mails' links work, until one does


@dataclass(frozen=True, slots=True)
class Invitation:
    number: int
    organisation: int
    organisation_name: str
    email: str
    role: Role
    ends_at: datetime


def _told(row: models.Invitation) -> Invitation:
    return Invitation(
        row.pk,
        row.organisation_id,
        row.organisation.name,
        row.email,
        Role(row.role),
        row.ends_at,
    )


def invite(
    scope: Scope, email: str, role: Role, runs_instance: bool = False
) -> tuple[Invitation, str]:
    """The invitation, and what its link holds: nobody can read that again. Raises
    ForbiddenError, InputError."""
    right = Right.RUN_INSTANCE if runs_instance else Right.MANAGE_PEOPLE
    scope.need(right)
    email = _checked_email(email)
    secret, digest = new_secret()
    with changing(scope, right):
        _refuse_a_keeper(scope)
        members = models.Membership.objects.filter(organisation=scope.organisation)
        if not runs_instance and members.filter(user__email=email).exists():
            raise InputError(
                _("This person belongs to the organisation already."),
                _("Change the role instead."),
            )
        waiting = _waiting().filter(organisation=scope.organisation)
        now = clock.now()
        older = waiting.filter(email=email, made_at__lt=now - _TWICE)
        older.update(ends_at=now)  # the newest counts
        if waiting.count() >= _MOST_WAITING:
            raise InputError(
                _("Too many invitations wait for an answer."), _("Withdraw some of them first.")
            )
        row = models.Invitation.objects.create(
            organisation_id=scope.organisation,
            email=email,
            role=role.value,
            runs_instance=runs_instance,
            made_by=scope.actor.user,
            proves_address=scope.actor == Actor(),  # whoever has the host has its database
            digest=digest,
            ends_at=now + _LASTS,
        )
        record(
            scope.organisation,
            scope.actor,
            Action.PERSON_INVITED,
            f"invitation:{row.pk}",
            after={"role": role.value, "runs_instance": runs_instance},
        )
        return _told(row), secret


def _refuse_a_keeper(scope: Scope) -> None:
    """Whoever looks after the server lets the first in, and nobody after. In the caller's
    transaction, which holds the organisation."""
    is_keeper = scope.actor.user is not None and Right.RUN_INSTANCE in scope.rights
    if is_keeper and not never_joined([scope.organisation]):
        raise InputError(
            _("Somebody has joined this organisation already."),
            _("Its administrators invite others."),
        )


def was_mailed(scope: Scope, number: int) -> None:
    """Nobody but the owner of its address has seen its link. Raises ForbiddenError."""
    with changing(scope, Right.MANAGE_PEOPLE):
        here = models.Invitation.objects.filter(organisation=scope.organisation, pk=number)
        here.update(proves_address=True)


def _checked_email(email: str) -> str:
    email = email.strip().lower()
    try:
        validate_email(email)
    except ValidationError as error:
        raise InputError(
            _("“{email}” is no e-mail address.").format(email=email[:80]),
            _("Give one as in name@example.org."),
        ) from error
    return email


def _waiting() -> QuerySet[models.Invitation]:
    return models.Invitation.objects.filter(used_at=None, ends_at__gt=clock.now())


def list_invitations(scope: Scope) -> Sequence[Invitation]:
    """Those that wait for an answer, newest first."""
    scope.need(Right.SEE_PEOPLE)
    with asking():
        rows = _waiting().filter(organisation=scope.organisation).select_related("organisation")
        return [_told(row) for row in rows.order_by("-id")]


def withdraw(scope: Scope, number: int) -> None:
    """Raises ForbiddenError, NotHereError."""
    with changing(scope, Right.MANAGE_PEOPLE):
        here = _waiting().filter(organisation=scope.organisation, pk=number)
        if not here.update(ends_at=clock.now()):
            raise NotHereError(number)
        subject = f"invitation:{number}"
        record(scope.organisation, scope.actor, Action.INVITATION_ENDED, subject)


def end_every_invitation() -> int:
    """Of all organisations that wait for an answer; how many. In the caller's transaction."""
    rows = list(_waiting().values_list("pk", "organisation"))
    _waiting().update(ends_at=clock.now())
    for number, organisation in rows:
        record(organisation, Actor(), Action.INVITATION_ENDED, f"invitation:{number}")
    return len(rows)


def find_invitation(secret: str) -> Invitation | None:
    with asking():
        row = _waiting().select_related("organisation").filter(digest=digest_of(secret)).first()
        return None if row is None else _told(row)


def join_new(secret: str, name: str, password: str) -> models.User:
    """By a person who has no account yet. Raises InputError, NotHereError."""
    with writing():
        row = _take(secret)
        if find_user(row.email) is not None:
            raise NotHereError(row.email)  # logs in first
        user = make_user(row.email, name, password, proven=row.proves_address)
        _join(row, user)
    return user


def join_known(secret: str, user: models.User) -> None:
    """By the person who has the invited address. Raises NotHereError."""
    with writing():
        row = _take(secret, user)
        if row.email != user.email:
            raise NotHereError(row.email)
        _join(row, user)


def _take(secret: str, user: models.User | None = None) -> models.Invitation:
    """Held in the order in which an account is erased: no two wait for each other."""
    here = _waiting().filter(digest=digest_of(secret))
    hold_organisations(here.values_list("organisation", flat=True))  # it may be ending
    if user is not None:
        hold_user(user)
    row = here.select_for_update().first()
    if row is None or row.ends_at <= clock.now():  # ended while it was waited for
        raise NotHereError
    return row


def _join(row: models.Invitation, user: models.User) -> None:
    now = clock.now()
    models.Invitation.objects.filter(pk=row.pk).update(used_at=now)
    if never_joined([row.organisation_id]):
        end_what_keepers_prepared(row.organisation_id, Actor(user.pk))
    others = _waiting().filter(organisation=row.organisation_id, email=row.email)
    others.update(ends_at=now)
    if row.runs_instance:
        _make_keeper(row, user)
    known = models.Membership.objects.filter(user=user, organisation=row.organisation_id).first()
    if known is not None:
        _raise(row, known)
        return
    add_member(user, row.organisation_id, Role(row.role))
    record(
        row.organisation_id,
        Actor(user.pk),
        Action.PERSON_JOINED,
        f"user:{user.pk}",
        after={"role": row.role, "runs_instance": row.runs_instance},
    )


def _make_keeper(row: models.Invitation, user: models.User) -> None:
    """The organisation that it was an invitation of is told, too."""
    if not models.User.objects.filter(pk=user.pk, runs_instance=False).update(runs_instance=True):
        return
    for whose in (row.organisation_id, None):
        record(whose, Actor(user.pk), Action.KEEPER_ADDED, f"user:{user.pk}")


def _raise(row: models.Invitation, known: models.Membership) -> None:
    """An old invitation changes no role, but that of who gets the server, by a command of the host:
    it says that this person becomes an administrator. Whoever made the role a lesser one since has
    ended that invitation (ending.py)."""
    administrator = Role.ADMINISTRATOR.value
    if not row.runs_instance or administrator != row.role or known.role == administrator:
        return
    models.Membership.objects.filter(pk=known.pk).update(role=administrator)
    record(
        row.organisation_id,
        Actor(known.user_id),
        Action.ROLE_CHANGED,
        f"user:{known.user_id}",
        before={"role": known.role},
        after={"role": administrator},
    )
