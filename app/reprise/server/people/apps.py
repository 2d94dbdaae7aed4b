"""Django's name for this subject."""

from __future__ import annotations

from django.apps import AppConfig


class PeopleConfig(AppConfig):
    name = "reprise.server.people"
    label = "people"
