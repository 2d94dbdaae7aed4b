"""Accounts that belong to no open organisation: no administrator sees them, so whoever looks after
the server erases them where their owner asks for it by a letter (RGPD, art. 17)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from reprise.server.database import asking, page_of, reading
from reprise.server.people import models
from reprise.server.people.accounts import forget_left, left_accounts
from reprise.server.people.scope import NotHereError, Right, Scope


@dataclass(frozen=True, slots=True)
class Left:
    """`last_login`: None: never, or the database holds no date there. `ended`: the names of the
    organisations that it belongs to, which were ended."""

    number: int
    name: str
    email: str
    last_login: datetime | None
    ended: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class LeftPage:
    number: int
    pages: int
    accounts: Sequence[Left]


def list_left(scope: Scope, number: int, size: int) -> LeftPage:
    """Page `number` (from 1; too large: the last), newest first."""
    scope.need(Right.RUN_INSTANCE)
    with reading():
        number, pages, rows = page_of(left_accounts().order_by("-pk"), number, size)
        return LeftPage(number, pages, [_told(row) for row in rows])


def find_left(scope: Scope, number: int) -> Left:
    """Raises NotHereError."""
    scope.need(Right.RUN_INSTANCE)
    with reading():
        return _told(_row(number))


def erase_left(scope: Scope, number: int) -> None:
    """See accounts.forget. Raises ForbiddenError, NotHereError."""
    scope.need(Right.RUN_INSTANCE)
    with asking():
        row = _row(number)
    forget_left(scope, row)


def _row(number: int) -> models.User:
    row = left_accounts().filter(pk=number).first()
    if row is None:
        raise NotHereError(number)
    return row


def _told(row: models.User) -> Left:
    mine = models.Membership.objects.filter(user=row).order_by("organisation__name")
    names = tuple(mine.values_list("organisation__name", flat=True))
    return Left(row.pk, row.name, row.email, row.last_login, names)
