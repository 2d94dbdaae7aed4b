"""Where a person is logged in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from allauth.usersessions.models import UserSession
from django.contrib.auth import login
from django.contrib.sessions.models import Session as KeptSession
from django.http import HttpRequest

from reprise.server.database import asking, writing
from reprise.server.people import models
from reprise.server.people.browsers import browser_word
from reprise.server.people.scope import NotHereError

_LONG_AGO = datetime.min.replace(tzinfo=UTC)
_BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


@dataclass(frozen=True, slots=True)
class Session:
    """`began_at`: None where SQLite keeps something else there."""

    number: int
    began_at: datetime | None
    browser: str
    address: str
    is_this: bool


def log_in(request: HttpRequest, user: models.User) -> None:
    """A person who has just shown who it is, by a link and a new password."""
    login(request, user, backend=_BACKEND)
    UserSession.objects.create_from_request(request)


def list_sessions(user: models.User, current: str | None) -> Sequence[Session]:
    """Newest first. `current`: the key of the session that asks."""
    with asking():
        rows = UserSession.objects.purge_and_list(user)
    return [
        Session(
            row.pk,
            row.created_at,
            browser_word(row.user_agent),
            row.ip,
            row.session_key == current,
        )
        for row in sorted(rows, key=lambda row: row.created_at or _LONG_AGO, reverse=True)
    ]


def end_session(user: models.User, number: int) -> None:
    """Raises NotHereError where the person has no such session."""
    with writing():
        row = UserSession.objects.filter(user=user, pk=number).first()
        if row is None:
            raise NotHereError(number)
        row.end()


def end_every_session() -> int:
    """Of everybody; how many. In the caller's transaction."""
    UserSession.objects.all().delete()
    ended, _of_each = KeptSession.objects.all().delete()
    return ended


def end_others(user: models.User, current: str | None) -> None:
    with writing():
        for row in UserSession.objects.filter(user=user).exclude(session_key=current):
            row.end()
