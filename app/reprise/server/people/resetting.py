"""A link to choose a new password, for who gets no mail."""

from __future__ import annotations

from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str

from reprise.errors import InputError
from reprise.i18n import _
from reprise.server.people.accounts import find_user


def reset_path(email: str) -> str:
    """Works once, for a day. Raises InputError where nobody logs in with this address."""
    user = find_user(email)
    if user is None or not user.is_active:
        raise InputError(
            _("Nobody logs in with the address {email}.").format(email=email[:80]),
            _("Invite the person, or “reprise server createadmin” does."),
        )
    key = f"{user_pk_to_url_str(user)}-{default_token_generator.make_token(user)}"
    return f"/account/password/reset/key/{key}/"
