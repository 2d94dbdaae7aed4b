"""Django's name for this subject."""

from __future__ import annotations

from django.apps import AppConfig


class JobsConfig(AppConfig):
    name = "reprise.server.jobs"
    label = "jobs"
