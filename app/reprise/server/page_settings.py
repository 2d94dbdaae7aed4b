"""What follows for Django from the settings of this server, beside django_settings.py."""

from __future__ import annotations

import os
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings as django

from reprise.server.settings import ServerSettings

_MAIL_S = 15


def put_in_django(settings: ServerSettings) -> None:
    for name, value in _of(settings).items():
        setattr(django, name, value)


def _of(settings: ServerSettings) -> dict[str, Any]:
    secure = settings.public_url.startswith("https://")
    origin = "{0.scheme}://{0.netloc}".format(urlsplit(settings.public_url))
    return {
        "SESSION_COOKIE_SECURE": secure,
        "CSRF_COOKIE_SECURE": secure,
        "CSRF_TRUSTED_ORIGINS": [origin] if settings.public_url else [],
        "ACCOUNT_DEFAULT_HTTP_PROTOCOL": "https" if secure else "http",
        **_mail(settings),
        **_openid(settings),
    }


def _mail(settings: ServerSettings) -> dict[str, Any]:
    if not settings.mail.host:
        return {"EMAIL_BACKEND": "django.core.mail.backends.dummy.EmailBackend"}
    return {
        "EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend",
        "EMAIL_HOST": settings.mail.host,
        "EMAIL_PORT": settings.mail.port,
        "EMAIL_HOST_USER": settings.mail.user,
        "EMAIL_HOST_PASSWORD": os.environ.get("REPRISE_MAIL_PASSWORD", ""),
        "EMAIL_USE_TLS": settings.mail.security == "starttls",
        "EMAIL_USE_SSL": settings.mail.security == "tls",
        "EMAIL_TIMEOUT": _MAIL_S,
        "DEFAULT_FROM_EMAIL": settings.mail.sender,
    }


def _openid(settings: ServerSettings) -> dict[str, Any]:
    apps = []
    if settings.openid.url:
        apps.append(
            {
                "provider_id": "openid",
                "name": settings.openid.name,
                "client_id": settings.openid.client,
                "secret": os.environ.get("REPRISE_OPENID_SECRET", ""),
                "settings": {"server_url": settings.openid.url, "oauth_pkce_enabled": True},
            }
        )
    return {"SOCIALACCOUNT_PROVIDERS": {"openid_connect": {"APPS": apps}}}
