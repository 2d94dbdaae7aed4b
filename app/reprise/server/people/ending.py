"""What ends with a person's right to let others in: invitations and tokens of theirs, and what
other subjects keep of that kind."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Q
from django.dispatch import Signal

from reprise.server import clock
from reprise.server.audit.services import Action, record
from reprise.server.people import models
from reprise.server.people.scope import Actor, Role, Scope

# Sent with `organisation` (None: each), `by` (who lets them go) and `makers`, as Actor.text (None:
# everybody), in the sender's transaction: what they made there to let somebody in ends with it.
let_go = Signal()


def end_what_they_made(scope: Scope, user: models.User) -> None:
    """And invitations to this person, in the scope's organisation: who was let go does not come
    back by what was prepared before. In the caller's transaction."""
    _end_invitations(Q(email=user.email, organisation=scope.organisation), scope.actor)
    _end(scope.organisation, scope.actor, user)


def end_all_they_made(user: models.User, by: Actor) -> None:
    """In each organisation; to what others invite this person it may come. As above, where the rows
    of each are seen."""
    _end(None, by, user)


def end_all_of(organisation: int, by: Actor) -> None:
    """Whoever made it. In the caller's transaction."""
    here = Q(organisation=organisation)
    _end_invitations(here, by)
    _end_tokens(here, by)
    let_go.send(None, organisation=organisation, by=by, makers=None)


def end_what_keepers_prepared(organisation: int, by: Actor) -> None:
    """For its first member, whoever else was invited: from then on its own people invite. What a
    command of the host made stays. In the caller's transaction."""
    _end_invitations(Q(organisation=organisation, made_by__isnull=False), by)


def end_what_they_made_as_keeper(user: models.User, by: Actor) -> None:
    """And what would give this person the server back. What they made as an administrator of an
    organisation stays. In the caller's transaction."""
    own = models.Membership.objects.filter(user=user, role=Role.ADMINISTRATOR.value)
    of_own = Q(organisation__in=own.values("organisation"))
    _end_invitations(Q(made_by=user.pk) & ~of_own, by)
    _end_invitations(Q(email=user.email, runs_instance=True), by)


def where_invited(user: int) -> Iterable[int]:
    """The organisations of what ends with a person's right to let others in everywhere: to be held
    before, as somebody may be joining one, and ends the others. Looked up where it is asked for."""
    theirs = models.User.objects.filter(pk=user).values("email")
    known = Q(made_by=user) | Q(email__in=theirs, runs_instance=True)
    waiting = models.Invitation.objects.filter(known, used_at=None)
    return waiting.values_list("organisation", flat=True)


def end_token(organisation: int, by: Actor, number: int) -> bool:
    """With what it made; False: it was revoked before. In the caller's transaction."""
    here = models.Token.objects.filter(pk=number, revoked_at=None)
    if not here.update(revoked_at=clock.now()):
        return False
    record(organisation, by, Action.TOKEN_REVOKED, f"token:{number}")
    makers = [Actor(token=number).text]
    let_go.send(None, organisation=organisation, by=by, makers=makers)
    return True


def _end(organisation: int | None, by: Actor, user: models.User) -> None:
    here = Q() if organisation is None else Q(organisation=organisation)
    _end_invitations(here & Q(made_by=user.pk), by)
    tokens = models.Token.objects.filter(here, made_by=user)
    _end_tokens(here & Q(made_by=user), by)
    each = [Actor(token=number).text for number in tokens.values_list("pk", flat=True)]
    let_go.send(None, organisation=organisation, by=by, makers=[Actor(user.pk).text, *each])


def _end_tokens(which: Q, by: Actor) -> None:
    in_force = models.Token.objects.filter(which, revoked_at=None, ends_at__gt=clock.now())
    for number, whose in list(in_force.values_list("pk", "organisation")):
        end_token(whose, by, number)


def _end_invitations(which: Q, by: Actor) -> None:
    now = clock.now()
    waiting = models.Invitation.objects.filter(which, used_at=None, ends_at__gt=now)
    for number, whose in list(waiting.values_list("pk", "organisation")):
        models.Invitation.objects.filter(pk=number).update(ends_at=now)
        record(whose, by, Action.INVITATION_ENDED, f"invitation:{number}")
