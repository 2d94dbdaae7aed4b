"""What the tables say of a report, by the rule in force: the list then says what page and
certificate say, whichever rule judged the report when it came."""

from __future__ import annotations

import base64
import logging
from datetime import datetime
from typing import Any

from django.db.models import Q

from reprise.domain.erasure.lifecycle import DriveState
from reprise.domain.planning.techniques import Method
from reprise.domain.report.done import done_at
from reprise.domain.report.outcome import Outcome
from reprise.domain.report.report import Report
from reprise.domain.report.report_outcome import RULE_VERSION, own_records, proven, report_outcome
from reprise.i18n import _
from reprise.server.problems import ProblemError, ProblemKind
from reprise.server.reports import models
from reprise.server.reports.decoding import decode_report
from reprise.server.reports.listed import settle

log = logging.getLogger("reprise.server")
TELL_EACH = 500  # reports
_MOST_COLUMN = 500  # characters


def column_text(value: str | None) -> str:
    """For index columns only: PostgreSQL takes no NUL in text, and no long text in an index."""
    return (value or "").replace("\x00", "")[:_MOST_COLUMN]


def judged(report: Report, received_at: datetime) -> dict[str, Any]:
    """The columns of `reports` that the rule decides, and when it was done."""
    return {
        "outcome": report_outcome(report).value,
        "rule": RULE_VERSION,
        "done_at": done_at(report, received_at),
    }


def drive_rows(report: Report) -> list[models.Drive]:
    """Its drives: the rule decides how many, too."""
    return [
        models.Drive(
            report_id=report.report_id,
            position=position,
            model=column_text(record.identity.model),
            serial=column_text(record.identity.serial),
            wwn=column_text(record.identity.wwn),
            size_bytes=record.identity.size_bytes,
            state=result.state.value,
            achieved=result.achieved.value,
        )
        for position, record in enumerate(own_records(report))
        for result in (proven(report, record),)
    ]


def judge_anew() -> None:
    """Each report that another rule has judged. In the caller's transaction: all of them, or none.
    One whose bytes cannot be read is told at each start."""
    other = Q(rule__lt=RULE_VERSION) | Q(rule__gt=RULE_VERSION)  # by the index
    ids = list(models.Report.objects.filter(other).values_list("report_id", flat=True))
    for done, report_id in enumerate(ids):
        if done % TELL_EACH == 0:
            _tell(done, len(ids))
        _judge_one(report_id)
        _settle_one(report_id)
    if ids:
        _tell(len(ids), len(ids))


def _settle_one(report_id: str) -> None:
    """Versions before let a report silence another station's."""
    here = models.Report.objects.filter(report_id=report_id)
    words = here.values_list("superseded_by", "station", "session_id", "pc")
    superseded, kid, session_id, pc = words.get()
    settle(kid, session_id if superseded else "", pc)


def _tell(done: int, all_: int) -> None:
    text = _("The rule that judges erasures has changed; reports judged anew: {done} / {all}.")
    log.info("%s", text.format(done=done, all=all_))


def _judge_one(report_id: str) -> None:
    here = models.Report.objects.filter(report_id=report_id)
    jws, received_at = here.values_list("jws", "received_at").get()
    report = _read(report_id, bytes(jws))
    if report is None:
        _doubt(report_id)
        return
    here.update(**judged(report, received_at))
    models.Drive.objects.filter(report=report_id).delete()
    rows = drive_rows(report)
    for row in rows:
        row.report_id = report_id
    models.Drive.objects.bulk_create(rows)


def _read(report_id: str, jws: bytes) -> Report | None:
    """No look at the signature: a page makes it each time that it shows the report."""
    try:
        payload = jws.split(b".")[1]
        report = decode_report(base64.urlsafe_b64decode(payload + b"=="))
        if report.report_id != report_id:
            raise ProblemError(ProblemKind.ID_MISMATCH)
        return report
    except (ProblemError, LookupError, ValueError) as error:
        text = _(
            "Report {id} cannot be read any more ({reason}): it is kept, and not listed as erased."
        )
        # its own words quote the report
        kind = error.problem.kind.value if isinstance(error, ProblemError) else type(error).__name__
        log.warning("%s", text.format(id=report_id, reason=kind))
        return None


def _doubt(report_id: str) -> None:
    """Nobody can say any more that it proves an erasure; what it was told to be worse stands."""
    models.Report.objects.filter(report_id=report_id, outcome=Outcome.ERASED.value).update(
        outcome=Outcome.UNVERIFIED.value
    )
    models.Drive.objects.filter(report=report_id, state=DriveState.SANITIZED.value).update(
        state=DriveState.UNVERIFIED.value, achieved=Method.NONE.value
    )
