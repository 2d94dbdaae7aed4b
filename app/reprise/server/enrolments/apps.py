"""Django's name for this subject."""

from __future__ import annotations

from django.apps import AppConfig


class EnrolmentsConfig(AppConfig):
    name = "reprise.server.enrolments"
    label = "enrolments"

    def ready(self) -> None:
        from reprise.server.enrolments.services import end_codes  # it needs the tables
        from reprise.server.people.ending import let_go

        let_go.connect(end_codes)
