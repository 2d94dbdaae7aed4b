"""This server itself: its secret, and its first start."""

from __future__ import annotations

import hmac
import secrets

from django.conf import settings

from reprise.errors import InputError
from reprise.i18n import _
from reprise.server.audit.services import Action, record
from reprise.server.database import asking, writing
from reprise.server.people import models
from reprise.server.people.accounts import add_member, clean_name, make_user
from reprise.server.people.links import digest_of, new_secret
from reprise.server.people.scope import Actor, Role


def put_secret_in_force() -> None:
    """Django's, the same for all processes and hosts of a database. In the caller's transaction."""
    row = models.Instance.objects.first()
    if row is None:
        row, _made = models.Instance.objects.get_or_create(
            pk=1, defaults={"secret": secrets.token_urlsafe(40)}
        )
    settings.SECRET_KEY = row.secret


def renew_secret() -> None:
    """What was mailed and signed by the one before is worth nothing any more, nor is the link of a
    first start. In the caller's transaction."""
    models.Instance.objects.update(secret=secrets.token_urlsafe(40), set_up_digest="")
    put_secret_in_force()


def nobody_is_here() -> bool:
    with asking():
        return not models.User.objects.exists()


def new_set_up_secret() -> str | None:
    """What the link of a first start holds; None: somebody is here already. A link that was made
    before is worth nothing then."""
    if not nobody_is_here():
        return None
    secret, digest = new_secret()
    with writing():
        models.Instance.objects.update(set_up_digest=digest)
    return secret


def may_set_up(secret: str) -> bool:
    with asking():
        row = models.Instance.objects.first()
    kept = row.set_up_digest if row else ""
    return bool(kept) and hmac.compare_digest(kept, digest_of(secret)) and nobody_is_here()


def set_up(secret: str, organisation: str, name: str, email: str, password: str) -> models.User:
    """The first administrator, of the server and of its first organisation. Raises InputError
    where the link was used, or somebody else was quicker; of a name."""
    organisation = clean_name(organisation)
    with writing():
        models.Instance.objects.select_for_update().first()
        if not may_set_up(secret):
            raise InputError(
                _("This link has ended."),
                _("The server's log holds the newest: “reprise serve” writes it at its start."),
            )
        models.Instance.objects.update(set_up_digest="")
        first = models.Organisation.objects.order_by("id")[0].pk
        models.Organisation.objects.filter(pk=first).update(name=organisation)
        user = make_user(email, name, password, runs_instance=True)
        add_member(user, first, Role.ADMINISTRATOR)
        record(first, Actor(user.pk), Action.SET_UP, f"organisation:{first}")
    return user
