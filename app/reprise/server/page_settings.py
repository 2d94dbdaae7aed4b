"""What the processes that make pages tell Django beside django_settings.py: which modules of ours
it calls, and what follows from the settings of this server."""

from __future__ import annotations

import os
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings as django

from reprise.server.settings import ServerSettings

_MAIL_S = 15


def put_in_django(settings: ServerSettings) -> None:
    for name, value in {**_OURS, **_of(settings)}.items():
        setattr(django, name, value)
    django.MIDDLEWARE = [*_OUTSIDE, *django.MIDDLEWARE, *_INSIDE]


_OUTSIDE = ("reprise.server.tracing.every_request", "reprise.server.middleware.every_answer")
_INSIDE = ("reprise.server.middleware.ToldProblems",)
_TEMPLATES: list[dict[str, Any]] = [
    {  # allauth's pages, too, under the names that it asks for
        "BACKEND": "django.template.backends.jinja2.Jinja2",
        "NAME": "ours",
        "DIRS": [],
        "APP_DIRS": False,
        "OPTIONS": {
            "environment": "reprise.server.rendering.environment",
            "context_processors": ["reprise.server.rendering.common"],
        },
    },
]
_OURS: dict[str, Any] = {
    "ROOT_URLCONF": "reprise.server.urls",
    "TEMPLATES": _TEMPLATES,
    "CSRF_FAILURE_VIEW": "reprise.server.urls.csrf_failure",
    "ACCOUNT_ADAPTER": "reprise.server.people.adapters.Accounts",
    "SOCIALACCOUNT_ADAPTER": "reprise.server.people.adapters.Providers",
    "MFA_ADAPTER": "reprise.server.people.adapters.SecondFactors",
    "MFA_FORMS": {
        "authenticate": "reprise.server.people.guessing.CodeForm",
        "reauthenticate": "reprise.server.people.guessing.CodeAgainForm",
        "authenticate_webauthn": "reprise.server.people.guessing.KeyForm",
        "reauthenticate_webauthn": "reprise.server.people.guessing.KeyAgainForm",
        "login_webauthn": "reprise.server.people.guessing.KeyAloneForm",
        "add_webauthn": "reprise.server.people.guessing.NewKeyForm",
    },
}


def _of(settings: ServerSettings) -> dict[str, Any]:
    secure = settings.public_url.startswith("https://")
    origin = "{0.scheme}://{0.netloc}".format(urlsplit(settings.public_url))
    return {
        "SESSION_COOKIE_SECURE": secure,
        "CSRF_COOKIE_SECURE": secure,
        "LANGUAGE_COOKIE_SECURE": secure,
        **(_cookies_of_this_host_alone() if secure else {}),
        "CSRF_TRUSTED_ORIGINS": [origin] if settings.public_url else [],
        "ACCOUNT_DEFAULT_HTTP_PROTOCOL": "https" if secure else "http",
        **_mail(settings),
        **_openid(settings),
    }


def _cookies_of_this_host_alone() -> dict[str, str]:
    """A browser takes cookies of these names from this very host alone, and over HTTPS: who has
    another host of the domain cannot plant one."""
    return {
        "SESSION_COOKIE_NAME": f"__Host-{django.SESSION_COOKIE_NAME}",
        "CSRF_COOKIE_NAME": f"__Host-{django.CSRF_COOKIE_NAME}",
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
