"""Django's name for this subject."""

from __future__ import annotations

from django.apps import AppConfig


class AuditConfig(AppConfig):
    name = "reprise.server.audit"
    label = "audit"
