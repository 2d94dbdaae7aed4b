"""Django's name for this subject."""

from __future__ import annotations

from django.apps import AppConfig


class QuarantineConfig(AppConfig):
    name = "reprise.server.quarantine"
    label = "quarantine"
