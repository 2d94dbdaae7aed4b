"""The process that makes papers."""

from __future__ import annotations

import os

from reprise.server.jobs.worker import Worker
from reprise.server.papers.archive import KIND
from reprise.server.papers.making import Papers
from reprise.server.reports.searching import file_letters
from reprise.server.retention.services import tidy_up
from reprise.server.settings import in_force

_NICER = 10  # than reports and pages


def run() -> None:
    """Until SIGTERM."""
    os.nice(_NICER)
    Worker({KIND: Papers()}, in_force().paper_seconds, [tidy_up], [file_letters]).run()
