"""Who looks after the server: how they see each other, and how one is let go."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from reprise.server.audit.services import Action, record
from reprise.server.database import asking, reading
from reprise.server.people import models
from reprise.server.people.accounts import (
    changing,
    find_user,
    has_second_factor,
    refuse_last_keeper,
)
from reprise.server.people.ending import end_what_they_made_as_keeper, where_invited
from reprise.server.people.scope import NotHereError, Right, Role, Scope


@dataclass(frozen=True, slots=True)
class Keeper:
    """`last_login`: None: never, or the database holds no date there."""

    user: int
    name: str
    email: str
    second_factor: bool
    last_login: datetime | None


def _told(row: models.User) -> Keeper:
    return Keeper(row.pk, row.name, row.email, has_second_factor(row), row.last_login)


@dataclass(frozen=True, slots=True)
class Known:
    """An account that is there already. `role`: in the scope's organisation; None: it is not of
    it."""

    runs_instance: bool
    role: Role | None

    @property
    def has_all(self) -> bool:
        """That an invitation by a command of the host could give."""
        return self.runs_instance and self.role is Role.ADMINISTRATOR


def known_account(scope: Scope, email: str) -> Known | None:
    """None: nobody has this address."""
    scope.need(Right.RUN_INSTANCE)
    with reading():
        row = find_user(email)
        if row is None:
            return None
        here = models.Membership.objects.filter(user=row, organisation=scope.organisation).first()
        return Known(row.runs_instance, None if here is None else Role(here.role))


def list_keepers(scope: Scope) -> Sequence[Keeper]:
    """By name."""
    scope.need(Right.RUN_INSTANCE)
    with reading():
        rows = models.User.objects.filter(runs_instance=True, is_active=True)
        return [_told(row) for row in rows.order_by("name", "pk")]


def find_keeper(scope: Scope, user: int) -> Keeper:
    """Raises NotHereError."""
    scope.need(Right.RUN_INSTANCE)
    with reading():
        return _told(_keeper(user))


def keepers_need_factor() -> bool:
    """Whether all who look after the server log in with a second factor, whatever organisations
    they belong to."""
    with asking():
        row = models.Instance.objects.first()
    return row is not None and row.keepers_need_second_factor


def ask_factor_of_keepers(scope: Scope, wanted: bool) -> None:
    """Or ask no more. Raises ForbiddenError."""
    with changing(scope, Right.RUN_INSTANCE):
        others = models.Instance.objects.filter(keepers_need_second_factor=not wanted)
        if not others.update(keepers_need_second_factor=wanted):
            return
        record(
            None,
            scope.actor,
            Action.SETTINGS_CHANGED,
            "server",
            before={"needs_second_factor": not wanted},
            after={"needs_second_factor": wanted},
        )


def let_keeper_go(scope: Scope, user: int) -> Keeper:
    """The account stays, and what it is in organisations; who it was. Raises ForbiddenError,
    NotHereError; InputError of the last one."""
    # holds all who look after the server
    with changing(scope, Right.RUN_INSTANCE, where_invited(user)):
        row = _keeper(user)
        refuse_last_keeper(row)
        models.User.objects.filter(pk=user).update(runs_instance=False)
        end_what_they_made_as_keeper(row, scope.actor)
        record(None, scope.actor, Action.KEEPER_LET_GO, f"user:{user}")
        return _told(row)


def _keeper(user: int) -> models.User:
    row = models.User.objects.filter(pk=user, runs_instance=True, is_active=True).first()
    if row is None:
        raise NotHereError(user)
    return row
