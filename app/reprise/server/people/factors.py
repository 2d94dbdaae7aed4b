"""Taking a second factor away whose owner has lost it, and the recovery codes with it."""

from __future__ import annotations

from reprise.i18n import _
from reprise.server.audit.services import Action, record
from reprise.server.database import writing
from reprise.server.people import models
from reprise.server.people.accounts import changing, find_user, needed_elsewhere
from reprise.server.people.members import is_only_here
from reprise.server.people.proof import end_sessions_and_factors
from reprise.server.people.scope import Actor, NotHereError, Right, Scope


def refuse_who_is_elsewhere(scope: Scope, user: int) -> None:
    """Others trust that account, too. Raises ForbiddenError, NotHereError, InputError."""
    if not is_only_here(scope, user, ended_too=True):
        advice = _("On the server's host, “{command}” removes the second factor.")
        raise needed_elsewhere(advice.format(command="reprise server password --without-factor"))


def remove_factors(scope: Scope, user: int) -> models.User:
    """Of a member, with each session. Raises ForbiddenError, NotHereError, InputError."""
    with changing(scope, Right.MANAGE_PEOPLE):
        # nobody lets them in elsewhere until this is done
        owner = models.User.objects.select_for_update().filter(pk=user).first()
        refuse_who_is_elsewhere(scope, user)
        if owner is None:
            raise NotHereError(user)
        _remove(owner, scope.actor)
    return owner


def remove_factors_by_command(email: str) -> None:
    """Whatever organisations the person belongs to; nothing where nobody has this address."""
    user = find_user(email)
    if user is not None:
        with writing():
            _remove(user, Actor())


def _remove(user: models.User, by: Actor) -> None:
    end_sessions_and_factors(user)
    here = models.Membership.objects.filter(user=user).values_list("organisation", flat=True)
    everywhere: list[int | None] = [*here] or [None]
    for organisation in everywhere:
        after = {"removed": "all"}
        action, subject = Action.SECOND_FACTOR_CHANGED, f"user:{user.pk}"
        record(organisation, by, action, subject, after=after)
