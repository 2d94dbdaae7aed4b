"""What allauth asks of a project: who may join, where its links lead, and all of its words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import segno
from allauth.account.adapter import DefaultAccountAdapter
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from django.contrib import messages
from django.http import HttpRequest, HttpResponseRedirect

from reprise import i18n
from reprise.i18n import _
from reprise.server.people import models
from reprise.server.people.account_words import notice, refusal, way
from reprise.server.people.mail import mail_notice, mail_reset
from reprise.server.people.proof import prove
from reprise.server.settings import base_address

CLIENT = "HTTP_X_REPRISE_CLIENT"  # the process that listens says it; nobody else can


class _Words(Mapping[str, str]):
    """Of each refusal by its code, in the language in force."""

    def __getitem__(self, code: str) -> str:
        return refusal(code)

    def __iter__(self) -> Any:
        return iter(())

    def __len__(self) -> int:
        return 0


def client_of(request: HttpRequest) -> str:
    """The address that it came from, a proxy's word included where the settings name the proxy."""
    return str(request.META.get(CLIENT) or "127.0.0.1")


class Accounts(DefaultAccountAdapter):  # type: ignore[misc]
    error_messages = _Words()

    def is_open_for_signup(self, request: HttpRequest) -> bool:  # noqa: ARG002
        """Who comes was invited: see people/invitations.py."""
        return False

    def get_client_ip(self, request: HttpRequest) -> str:
        return client_of(request)

    def set_password(self, user: models.User, password: str) -> None:
        """All else of the account stays as it is by now, whatever was read of it before."""
        user.set_password(password)
        user.save(update_fields=["password"])

    def get_reset_password_from_key_url(self, key: str) -> str:
        """Of the server's own address, whatever a request said its host is."""
        return f"{base_address()}/account/password/reset/key/{key}/?lang={i18n.language()}"

    def add_message(
        self,
        request: HttpRequest,
        level: int,
        message_template: str = "",
        *_context: Any,
        message: str = "",
        **_more: Any,
    ) -> None:
        said = message or notice(message_template)
        if said:
            messages.add_message(request, level, said)

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        if template_prefix.endswith("/password_reset_key"):
            mail_reset(email, context["password_reset_url"])
        else:
            mail_notice(template_prefix, email, context["ip"], context["user_agent"])

    def get_reauthentication_methods(self, user: models.User) -> list[dict[str, Any]]:
        ways = super().get_reauthentication_methods(user)
        return [{**one, "description": way(one["id"])} for one in ways]


class SecondFactors(DefaultMFAAdapter):  # type: ignore[misc]
    error_messages = _Words()

    def build_totp_svg(self, url: str) -> str:
        """Within the page: a policy that forbids pictures from elsewhere forbids those in an
        address, too."""
        drawn = segno.make(url, micro=False)
        title = _("The secret as a QR code")
        return str(drawn.svg_inline(omitsize=True, svgclass="qr", lineclass=None, title=title))

    def _get_site_name(self) -> str:
        return "Reprise"

    def generate_authenticator_name(self, user: models.User, type: Any) -> str:  # noqa: A002, ARG002
        return _("My key")


class Providers(DefaultSocialAccountAdapter):  # type: ignore[misc]
    def pre_social_login(self, request: HttpRequest, sociallogin: Any) -> None:  # noqa: ARG002
        """An open session ties no identity to its account: one comes by its address alone."""
        if sociallogin.state.get("process") != "login":
            raise ImmediateHttpResponse(HttpResponseRedirect("/me"))

    def authenticate_by_email(self, sociallogin: Any) -> tuple[models.User, str] | None:
        """The provider has checked the address; allauth takes an unproven one's password away only
        after this, when it is proven by now."""
        found: tuple[models.User, str] | None = super().authenticate_by_email(sociallogin)
        if found is not None:
            prove(found[0])
        return found

    def is_open_for_signup(self, request: HttpRequest, sociallogin: Any) -> bool:  # noqa: ARG002
        return False
