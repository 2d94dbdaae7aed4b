"""A report taken in by one call, as the front does it step by step."""

from __future__ import annotations

from reprise.domain.report.report import Report
from reprise.server.people.scope import of_command
from reprise.server.reports.archive import Stored
from reprise.server.reports.intake import Answer, answer_of, check, checked_id, known_sender
from reprise.server.reports.storing import Checked, Put, put_all

OURS = of_command(1)  # the organisation that every server has


def take_report(report_id: str, body: bytes) -> Answer:
    """(201 or 200, receipt). Raises ProblemError, StorageError."""
    checked_id(report_id)
    checked = check(report_id, body, known_sender(body.partition(b".")[0]))
    return answer_of(*put_all([checked])[0]) if isinstance(checked, Checked) else checked


def put_report(report: Report, jws: bytes, kid: str) -> tuple[Put, Stored]:
    return put_all([Checked(report, jws, kid)])[0]
