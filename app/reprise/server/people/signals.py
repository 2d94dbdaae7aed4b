"""What allauth does for a person, written to the record of each organisation it belongs to."""

from __future__ import annotations

from typing import Any

from allauth.account.signals import password_changed, password_reset, password_set
from allauth.mfa.signals import authenticator_added, authenticator_removed, authenticator_reset
from allauth.socialaccount.signals import social_account_added
from django.contrib.auth.signals import user_logged_in

from reprise.server.audit.services import Action, record
from reprise.server.database import writing
from reprise.server.people import models
from reprise.server.people.proof import prove
from reprise.server.people.scope import Actor


def _record(user: models.User, action: Action, **after: str) -> None:
    with writing():
        here = models.Membership.objects.filter(user=user).values_list("organisation", flat=True)
        everywhere: list[int | None] = [*here] or [None]
        for organisation in everywhere:
            subject = f"user:{user.pk}"
            record(organisation, Actor(user.pk), action, subject, after=after)


def _logged_in(user: models.User, **_more: Any) -> None:
    _record(user, Action.LOGGED_IN)


def _reset(user: models.User, **_more: Any) -> None:
    """By a link that was mailed."""
    prove(user, chose_password=True)


def _identity(sociallogin: Any, **_more: Any) -> None:
    _record(sociallogin.user, Action.SECOND_FACTOR_CHANGED, added="openid")


def _password(user: models.User, **_more: Any) -> None:
    _record(user, Action.PASSWORD_CHANGED)


def _factor_added(user: models.User, authenticator: Any, **_more: Any) -> None:
    _record(user, Action.SECOND_FACTOR_CHANGED, added=str(authenticator.type))


def _factor_removed(user: models.User, authenticator: Any, **_more: Any) -> None:
    _record(user, Action.SECOND_FACTOR_CHANGED, removed=str(authenticator.type))


def listen() -> None:
    password_reset.connect(_reset)
    social_account_added.connect(_identity)
    user_logged_in.connect(_logged_in)
    for signal in (password_changed, password_reset, password_set):
        signal.connect(_password)
    for signal in (authenticator_added, authenticator_reset):
        signal.connect(_factor_added)
    authenticator_removed.connect(_factor_removed)
