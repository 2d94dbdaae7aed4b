"""Django's name for this subject."""

from __future__ import annotations

from django.apps import AppConfig


class StationsConfig(AppConfig):
    name = "reprise.server.stations"
    label = "stations"
