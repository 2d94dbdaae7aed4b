"""What of people is not kept: sessions that ended, and invitations long over."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from django.contrib.sessions.models import Session

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
                return
