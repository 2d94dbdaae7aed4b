"""Django's name for this subject."""

from __future__ import annotations

from django.apps import AppConfig


class DemoConfig(AppConfig):
    name = "reprise.server.demo"
    label = "demo"
