"""Django's name for this subject."""

from __future__ import annotations

from django.apps import AppConfig


class EnrolmentsConfig(AppConfig):
    name = "reprise.server.enrolments"
    label = "enrolments"
