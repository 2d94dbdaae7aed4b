"""Django's name for this subject."""

from __future__ import annotations

from django.apps import AppConfig


class PapersConfig(AppConfig):
    name = "reprise.server.papers"
    label = "papers"
