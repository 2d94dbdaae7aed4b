"""What ends with a person's right to let others in: invitations and tokens of theirs."""

from __future__ import annotations

from django.db.models import Q

from reprise.server import clock
from reprise.server.audit.services import Action, record
from reprise.server.people import models
from reprise.server.people.scope import Scope


def end_what_they_made(scope: Scope, user: models.User) -> None:
    """Invitations by this person, or to it, and its tokens, in the scope's organisation: who was
    let go does not come back by what was prepared before. In the caller's transaction."""
    now = clock.now()
    theirs = models.Invitation.objects.filter(
        Q(made_by=user.pk) | Q(email=user.email),
        organisation=scope.organisation,
        used_at=None,
        ends_at__gt=now,
    )
    for number in list(theirs.values_list("pk", flat=True)):
        models.Invitation.objects.filter(pk=number).update(ends_at=now)
        subject = f"invitation:{number}"
        record(scope.organisation, scope.actor, Action.INVITATION_ENDED, subject)
    tokens = models.Token.objects.filter(
        organisation=scope.organisation, made_by=user, revoked_at=None, ends_at__gt=now
    )
    for number in list(tokens.values_list("pk", flat=True)):
        models.Token.objects.filter(pk=number).update(revoked_at=now)
        record(scope.organisation, scope.actor, Action.TOKEN_REVOKED, f"token:{number}")
