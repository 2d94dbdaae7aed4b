"""What of people is not kept: sessions that ended, where those were, log-ins that failed, and
invitations and tokens long over. Who has an account is asked about, and not forgotten here."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.sessions.models import Session
from django.db import connection
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.db.models.functions import Coalesce

from reprise.server import clock
from reprise.server.database import asking, delete_in_steps, writing
from reprise.server.people import models
from reprise.server.people.scope import Right, Scope


def forget_what_is_over() -> None:
    """Whatever anybody chose. Raises StorageError."""
    now = datetime.now(UTC)
    delete_in_steps(Session.objects.filter(expire_date__lt=now))
    # address and browser of sessions that are not here any more: logging out leaves them
    here = Session.objects.filter(pk=OuterRef("session_key"))
    delete_in_steps(UserSession.objects.filter(~Exists(here)))
    _forget_attempts(now)


def _forget_attempts(now: datetime) -> None:
    """To log in, of which none counts any more: Django's cache drops one where it is asked for
    again, or where there are very many."""
    table = connection.ops.quote_name(str(settings.CACHES["default"]["LOCATION"]))
    over = [connection.ops.adapt_datetimefield_value(now.replace(microsecond=0))]
    with asking(), connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM {table} WHERE expires < %s", over)  # noqa: S608 (ours)
        found = cursor.fetchone()[0]
    if found:
        with writing(), connection.cursor() as cursor:
            cursor.execute(f"DELETE FROM {table} WHERE expires < %s", over)  # noqa: S608 (ours)


def _old_invitations(organisation: int, before: datetime) -> QuerySet[models.Invitation]:
    return models.Invitation.objects.filter(organisation=organisation, ends_at__lt=before)


def count_old_invitations(organisation: int, before: datetime) -> int:
    """That had ended before then, answered or not."""
    return _old_invitations(organisation, before).count()


def forget_old_invitations(organisation: int, before: datetime) -> None:
    """Raises StorageError."""
    delete_in_steps(_old_invitations(organisation, before))


def _old_tokens(organisation: int, before: datetime) -> QuerySet[models.Token]:
    over = Q(ends_at__lt=before) | Q(revoked_at__lt=before)
    return models.Token.objects.filter(over, organisation=organisation)


def count_old_tokens(organisation: int, before: datetime) -> int:
    """That had ended, or were revoked, before then."""
    return _old_tokens(organisation, before).count()


def forget_old_tokens(organisation: int, before: datetime) -> None:
    """Raises StorageError."""
    delete_in_steps(_old_tokens(organisation, before))


def _unused(organisation: int, before: datetime) -> QuerySet[models.User]:
    here = models.User.objects.filter(memberships__organisation=organisation, is_active=True)
    return here.alias(used=Coalesce("last_login", "joined_at")).filter(used__lt=before)


def count_unused_accounts(organisation: int, before: datetime) -> int:
    """Members who have not logged in since."""
    return _unused(organisation, before).count()


def unused_members(scope: Scope, days: int) -> Sequence[tuple[int, str]]:
    """(number, name) of members who have not logged in for so many days, by name."""
    scope.need(Right.SEE_PEOPLE)
    before = clock.now() - timedelta(days=days)
    with asking():
        rows = _unused(scope.organisation, before).order_by("name", "pk")
        return list(rows.values_list("pk", "name"))
