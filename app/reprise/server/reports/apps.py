"""Django's name for this subject."""

from __future__ import annotations

from django.apps import AppConfig


class ReportsConfig(AppConfig):
    name = "reprise.server.reports"
    label = "reports"
