"""Who belongs to an organisation, and in which role."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from reprise.server.audit.services import Action, record
from reprise.server.database import asking, reading
from reprise.server.people import models
from reprise.server.people.accounts import (
    changing,
    forget_member,
    has_second_factor,
    is_only_in,
    refuse_last_administrator,
    refuse_needed_elsewhere,
)
from reprise.server.people.ending import end_what_they_made
from reprise.server.people.scope import Actor, NotHereError, Right, Role, Scope, of_role


@dataclass(frozen=True, slots=True)
class Member:
    user: int
    name: str
    email: str
    role: Role
    second_factor: bool
    last_login: datetime | None


@dataclass(frozen=True, slots=True)
class Belonging:
    """One organisation that a person belongs to."""

    organisation: int
    name: str
    role: Role
    needs_second_factor: bool
    time_zone: str


def belongings(user: models.User) -> Sequence[Belonging]:
    """By name; none that was ended."""
    with asking():
        rows = list(
            models.Membership.objects.filter(user=user, organisation__ended_at=None)
            .select_related("organisation")
            .order_by("organisation__name", "organisation_id")
        )
    return [
        Belonging(
            row.organisation_id,
            row.organisation.name,
            Role(row.role),
            row.organisation.needs_second_factor,
            row.organisation.time_zone,
        )
        for row in rows
    ]


def scope_in(belonging: Belonging, user: models.User) -> Scope:
    return of_role(belonging.organisation, belonging.role, Actor(user.pk))


def list_members(scope: Scope) -> Sequence[Member]:
    """By name."""
    scope.need(Right.SEE_PEOPLE)
    with reading():
        rows = list(
            models.Membership.objects.filter(organisation=scope.organisation)
            .select_related("user")
            .order_by("user__name", "user_id")
        )
        return [
            Member(
                row.user_id,
                row.user.name,
                row.user.email,
                Role(row.role),
                has_second_factor(row.user),
                row.user.last_login,
            )
            for row in rows
        ]


def names_of(scope: Scope, numbers: Sequence[int]) -> dict[int, str]:
    """Of people who are named in a record: "" where one was forgotten."""
    scope.need(Right.RUN_INSTANCE if Right.RUN_INSTANCE in scope.rights else Right.SEE_AUDIT)
    with asking():
        return dict(models.User.objects.filter(pk__in=numbers).values_list("pk", "name"))


def change_role(scope: Scope, user: int, role: Role) -> None:
    """Raises ForbiddenError, NotHereError where there is no such member, InputError."""
    with changing(scope, Right.MANAGE_PEOPLE):
        row = _member(scope, user)
        before = row.role
        if before == role:
            return
        refuse_last_administrator(row)
        models.Membership.objects.filter(pk=row.pk).update(role=role.value)
        if before == Role.ADMINISTRATOR:
            end_what_they_made(scope, row.user)
        record(
            scope.organisation,
            scope.actor,
            Action.ROLE_CHANGED,
            f"user:{user}",
            before={"role": before},
            after={"role": role.value},
        )


def remove(scope: Scope, user: int) -> None:
    """From the organisation; the account stays. As above."""
    with changing(scope, Right.MANAGE_PEOPLE):
        row = _member(scope, user)
        refuse_last_administrator(row)
        row.delete()
        end_what_they_made(scope, row.user)
        record(
            scope.organisation,
            scope.actor,
            Action.PERSON_REMOVED,
            f"user:{user}",
            before={"role": row.role},
        )


def is_only_here(scope: Scope, user: int, *, ended_too: bool = False) -> bool:
    """Of a member: whether `erase` would erase the account. `ended_too`: see is_only_in. Raises
    NotHereError."""
    scope.need(Right.MANAGE_PEOPLE)
    with asking():
        member = _member(scope, user).user
        return is_only_in(member, scope.organisation, ended_too=ended_too)


def refuse_to_erase(scope: Scope, user: int) -> None:
    """As erase would now. Raises ForbiddenError, NotHereError, InputError."""
    scope.need(Right.MANAGE_PEOPLE)
    with asking():
        refuse_needed_elsewhere(_member(scope, user).user, scope.organisation)


def erase(scope: Scope, user: int) -> None:
    """The account of a member whom nobody else needs: see accounts.forget_member. As above."""
    scope.need(Right.MANAGE_PEOPLE)
    with asking():
        found = _member(scope, user).user
    forget_member(scope, found)


def _member(scope: Scope, user: int) -> models.Membership:
    """Raises NotHereError."""
    row = models.Membership.objects.filter(organisation=scope.organisation, user=user).first()
    if row is None:
        raise NotHereError(user)
    return row
