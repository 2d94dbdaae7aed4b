"""Django's name for this subject."""

from __future__ import annotations

from django.apps import AppConfig


class RetentionConfig(AppConfig):
    name = "reprise.server.retention"
    label = "retention"
