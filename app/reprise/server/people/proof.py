"""Whether an account's address was proven: only then did nobody but its owner have the link that
made it. Who invites somebody without mail has that link, too, and may have made the account."""

from __future__ import annotations

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from allauth.usersessions.models import UserSession

from reprise.server.database import writing
from reprise.server.people import models


def is_proven(user: models.User) -> bool:
    here = EmailAddress.objects.filter(user=user, email=user.email, verified=True)
    return bool(here.exists())


def prove(user: models.User) -> None:
    """Its owner has shown just now that the address is theirs. Whatever was prepared before by who
    may not have been ends: sessions, second factors, identities at a provider. A password is not
    left either: its owner chooses one, or logs in by the provider."""
    with writing():
        if is_proven(user):
            return
        end_ways_in(user)
        EmailAddress.objects.filter(user=user, email=user.email).update(verified=True)


def end_ways_in(user: models.User) -> None:
    """All but the password. In the caller's transaction."""
    for session in UserSession.objects.filter(user=user):
        session.end()
    Authenticator.objects.filter(user=user).delete()
    SocialAccount.objects.filter(user=user).delete()
