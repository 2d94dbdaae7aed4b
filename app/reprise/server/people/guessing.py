"""How often a second factor may be wrong, of one account and from wherever: allauth counts by the
address that somebody comes from, and of an account enough that all codes are guessed in weeks."""

from __future__ import annotations

import json
import struct
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from allauth.account.adapter import get_adapter
from allauth.core import context, ratelimit
from allauth.mfa.base import forms as codes
from allauth.mfa.models import Authenticator
from allauth.mfa.webauthn import forms as keys
from cryptography.exceptions import InvalidSignature

from reprise.server.people import models

# In ACCOUNT_RATE_LIMITS. Only who has shown the password, or has an open session, comes to where
# they count: no stranger keeps an owner out.
_TRIED, _TOLD = "second_factor", "second_factor_told"


@contextmanager
def _counted(user: models.User, kind: str) -> Iterator[None]:
    """Before it is looked at, as many may come at one moment. `kind`: what counts by itself: a key
    cannot be guessed, and still opens to whom somebody else's codes keep out. Raises
    ValidationError."""
    request, key = context.request, f"{kind}:{user.pk}"
    if not ratelimit.consume(request, action=_TRIED, key=key):
        if ratelimit.consume(request, action=_TOLD, key=key):
            get_adapter().send_notification_mail("mfa/email/too_many_factors", user)
        raise get_adapter().validation_error("too_many_factors")
    yield
    ratelimit.clear(request, action=_TRIED, key=key)


class _Code(codes.BaseAuthenticateForm):  # type: ignore[misc]
    def clean_code(self) -> str:
        with _counted(self.user, "code"):
            return str(super().clean_code())


_UNREADABLE = (
    *(AttributeError, LookupError, TypeError, ValueError, InvalidSignature),
    struct.error,  # CBOR that breaks off
    RecursionError,  # lists in lists without end
)


@contextmanager
def _readable() -> Iterator[None]:
    """What is no answer of a key is a wrong one: fido2 says so in more ways than allauth expects.
    Raises ValidationError."""
    try:
        yield
    except _UNREADABLE as error:
        raise get_adapter().validation_error("incorrect_code") from error


class _Finite(json.JSONDecoder):
    def decode(self, s: str, *more: Any) -> Any:
        try:
            return super().decode(s, *more)
        except (RecursionError, ValueError) as error:  # too deep, or a number that is too long
            raise json.JSONDecodeError("unreadable", "", 0) from error


class _Said:
    fields: dict[str, Any]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["credential"].decoder = _Finite


class _Key(_Said, keys.AuthenticateWebAuthnForm):  # type: ignore[misc]
    def clean_credential(self) -> Authenticator:
        with _counted(self.user, "key"), _readable():
            return super().clean_credential()


class CodeForm(_Code, codes.AuthenticateForm):  # type: ignore[misc]
    """An app's or one of the recovery codes, at a log-in."""


class CodeAgainForm(_Code, codes.ReauthenticateForm):  # type: ignore[misc]
    """Where it is asked for once more."""


class KeyForm(_Key):
    """A passkey beside a password."""


class KeyAgainForm(_Key, keys.ReauthenticateWebAuthnForm):  # type: ignore[misc]
    """Where it is asked for once more."""


class KeyAloneForm(_Said, keys.LoginWebAuthnForm):  # type: ignore[misc]
    """A passkey instead of a password: of whoever it says, so that nobody's tries are counted."""

    def clean_credential(self) -> Authenticator:
        with _readable():
            return super().clean_credential()


class NewKeyForm(_Said, keys.AddWebAuthnForm):  # type: ignore[misc]
    def clean(self) -> dict[str, Any]:
        with _readable():
            return dict(super().clean())
