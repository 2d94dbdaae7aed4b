"""Django's name for this subject."""

from __future__ import annotations

from django.apps import AppConfig


class IdentityConfig(AppConfig):
    name = "reprise.server.identity"
    label = "identity"
