"""Whether an account's address was proven: only then did nobody but its owner have the link that
made it. Who invites somebody without mail has that link, too, and may have made the account."""

from __future__ import annotations

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from allauth.usersessions.models import UserSession

from reprise.server.database import looking_everywhere, writing
from reprise.server.people import models
from reprise.server.people.ending import end_all_they_made
from reprise.server.people.holding import concerned, hold_organisations, hold_user
from reprise.server.people.scope import Actor


def is_proven(user: models.User) -> bool:
    here = EmailAddress.objects.filter(user=user, email=user.email, verified=True)
    return bool(here.exists())


def prove(user: models.User, *, chose_password: bool = False) -> None:
    """Its owner has shown just now that the address is theirs. Whatever was prepared before by who
    may not have been ends: the password, sessions, second factors, identities at a provider, and
    what lets others in. `chose_password`: the owner has just set the one that is there. Not in a
    transaction."""
    with looking_everywhere(), writing():
        hold_organisations([*concerned(user)])
        hold_user(user)
        if is_proven(user):
            return
        end_ways_in(user)
        end_all_they_made(user, Actor(user.pk))
        if not chose_password:
            user.set_unusable_password()
            user.save(update_fields=["password"])
        EmailAddress.objects.filter(user=user, email=user.email).update(verified=True)


def end_ways_in(user: models.User) -> None:
    """All but the password. In the caller's transaction."""
    end_sessions_and_factors(user)
    SocialAccount.objects.filter(user=user).delete()


def end_sessions_and_factors(user: models.User) -> None:
    """In the caller's transaction."""
    for session in UserSession.objects.filter(user=user):
        session.end()
    Authenticator.objects.filter(user=user).delete()
