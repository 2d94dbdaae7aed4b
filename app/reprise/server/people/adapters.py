"""What allauth asks of a project: who may join, and where its links lead."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from django.http import HttpRequest

from reprise import i18n
from reprise.server.settings import base_address

CLIENT = "HTTP_X_REPRISE_CLIENT"  # the process that listens says it; nobody else can


class Accounts(DefaultAccountAdapter):  # type: ignore[misc]
    def is_open_for_signup(self, request: HttpRequest) -> bool:  # noqa: ARG002
        """Who comes was invited: see people/invitations.py."""
        return False

    def get_client_ip(self, request: HttpRequest) -> str:
        return str(request.META.get(CLIENT) or "127.0.0.1")

    def get_reset_password_from_key_url(self, key: str) -> str:
        """Of the server's own address, whatever a request said its host is."""
        return f"{base_address()}/account/password/reset/key/{key}/?lang={i18n.language()}"

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        super().send_mail(template_prefix, email, {**context, "base": base_address()})


class Providers(DefaultSocialAccountAdapter):  # type: ignore[misc]
    def is_open_for_signup(self, request: HttpRequest, sociallogin: Any) -> bool:  # noqa: ARG002
        return False
