"""What of people is not kept: sessions that ended, where those were, and invitations long over."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.db.models import Exists, OuterRef

from reprise.server.database import asking, writing
from reprise.server.people import models

_AT_ONCE = 1000
_OVER = timedelta(days=30)


def forget_what_is_over() -> None:
    """In small steps, as reports want to be written meanwhile. Raises StorageError."""
    now = datetime.now(UTC)
    while True:
        with asking():
            ended = Session.objects.filter(expire_date__lt=now).values_list("pk", flat=True)
            keys = list(ended[:_AT_ONCE])
        with writing():
            Session.objects.filter(pk__in=keys).delete()
            if len(keys) < _AT_ONCE:
                models.Invitation.objects.filter(ends_at__lt=now - _OVER).delete()
                break
    _forget_where_people_were()


def _forget_where_people_were() -> None:
    """Address and browser of sessions that are not here any more: logging out leaves them."""
    here = Session.objects.filter(pk=OuterRef("session_key"))
    while True:
        with asking():
            over = UserSession.objects.filter(~Exists(here)).values_list("pk", flat=True)
            numbers = list(over[:_AT_ONCE])
        with writing():
            UserSession.objects.filter(~Exists(here), pk__in=numbers).delete()
        if len(numbers) < _AT_ONCE:
            return
