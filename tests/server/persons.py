"""People of the first organisation, as the services make them."""

from __future__ import annotations

from reprise.server.audit.services import Action, trail
from reprise.server.people import invitations, models
from reprise.server.people.scope import Actor, Role, Scope, of_role
from server.kit import PASSWORD
from server.taking import OURS


def joined(email: str, role: Role) -> models.User:
    _invitation, secret = invitations.invite(OURS, email, role)
    return invitations.join_new(secret, email.partition("@")[0], PASSWORD)


def actions() -> list[Action]:
    return [line.action for line in trail(OURS, 1, 100).lines]


def of_person(user: models.User) -> Scope:
    return of_role(1, Role.ADMINISTRATOR, Actor(user.pk))
