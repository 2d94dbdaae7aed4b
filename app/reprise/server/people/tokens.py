"""Tokens, with which programs ask: of one organisation, with few rights, and for a time."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import QuerySet

from reprise.errors import InputError, StorageError
from reprise.i18n import _
from reprise.server import clock
from reprise.server.audit.services import Action, record
from reprise.server.database import asking, writing
from reprise.server.people import models
from reprise.server.people.accounts import changing, clean_name
from reprise.server.people.ending import end_token
from reprise.server.people.links import digest_of, new_secret
from reprise.server.people.scope import FOR_TOKENS, Actor, NotHereError, Right, Scope

log = logging.getLogger("reprise.server")
PREFIX = "reprise_"  # so that who looks for secrets in files finds it
_MOST_DAYS = 730
_TOLD_AGAIN = timedelta(minutes=10)  # how exact "last used" is


@dataclass(frozen=True, slots=True)
class Token:
    number: int
    name: str
    rights: tuple[Right, ...]
    ends_at: datetime
    used_at: datetime | None


def make_token(scope: Scope, name: str, rights: Sequence[Right], days: int) -> tuple[Token, str]:
    """The token, and what a program says: nobody can read that again. Raises
    ForbiddenError, InputError."""
    scope.need(Right.MANAGE_SETTINGS)
    if not rights or not set(rights) <= set(FOR_TOKENS) or not 1 <= days <= _MOST_DAYS:
        raise InputError(
            _("This token cannot be made."),
            _("Choose what it may do, and 1 to {count} days.").format(count=_MOST_DAYS),
        )
    secret, _digest = new_secret()
    said = PREFIX + secret
    name = clean_name(name)
    with changing(scope, Right.MANAGE_SETTINGS):
        if _in_force().filter(organisation=scope.organisation, name=name).exists():
            raise InputError(
                _("A token is called “{name}” already.").format(name=name),
                _("Revoke it, or choose another name."),
            )
        row = models.Token.objects.create(
            organisation_id=scope.organisation,
            name=name,
            digest=digest_of(said),
            rights="\n".join(sorted(set(rights))),
            made_by_id=scope.actor.user,
            ends_at=clock.now() + timedelta(days=days),
        )
        record(
            scope.organisation,
            scope.actor,
            Action.TOKEN_MADE,
            f"token:{row.pk}",
            after={"rights": sorted(set(rights)), "days": days},
        )
    return _told(row), said


def _told(row: models.Token) -> Token:
    """Without a right that tokens were given once, and are no more."""
    rights = tuple(Right(line) for line in row.rights.splitlines() if line in FOR_TOKENS)
    return Token(row.pk, row.name, rights, row.ends_at, row.used_at)


def _in_force() -> QuerySet[models.Token]:
    return models.Token.objects.filter(revoked_at=None, ends_at__gt=clock.now())


def list_tokens(scope: Scope) -> Sequence[Token]:
    """Those in force, newest first."""
    scope.need(Right.MANAGE_SETTINGS)
    with asking():
        return [_told(row) for row in _in_force().filter(organisation=scope.organisation)]


def count_tokens() -> int:
    """In force, of all organisations."""
    with asking():
        return _in_force().count()


def revoke_token(scope: Scope, number: int) -> None:
    """Raises NotHereError."""
    with changing(scope, Right.MANAGE_SETTINGS):
        here = _in_force().filter(organisation=scope.organisation, pk=number)
        if not (here.exists() and end_token(scope.organisation, scope.actor, number)):
            raise NotHereError(number)


def scope_of_token(said: str) -> Scope | None:
    """None: it is no token in force."""
    if not said.startswith(PREFIX):
        return None
    now = clock.now()
    with asking():
        row = _in_force().filter(digest=digest_of(said)).first()
    if row is None:
        return None
    if row.used_at is None or now - row.used_at > _TOLD_AGAIN:
        _note_use(row.pk, now)
    return Scope(row.organisation_id, frozenset(_told(row).rights), Actor(token=row.pk))


def _note_use(number: int, now: datetime) -> None:
    """Who asks only reads: a full disk, or a database that takes no writes, keeps nobody from
    that."""
    try:
        with writing():
            models.Token.objects.filter(pk=number).update(used_at=now)
    except StorageError as error:
        log.warning("a token's last use is not noted: %s", error.what)
