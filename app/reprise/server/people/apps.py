"""Django's name for this subject."""

from __future__ import annotations

from django.apps import AppConfig


class PeopleConfig(AppConfig):
    name = "reprise.server.people"
    label = "people"

    def ready(self) -> None:
        from reprise.server.people.signals import listen  # it needs the tables

        listen()
