"""What the tables say of a report, by the rule in force: the list then says what page and
certificate say, whichever rule judged the report when it came."""

from __future__ import annotations

import logging
from collections.abc import Sequence
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
from reprise.server.database import writing
from reprise.server.problems import ProblemError
from reprise.server.reports import models
from reprise.server.reports.listed import settle
from reprise.server.reports.sound import DamagedError, Keys, sound_report

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


def judge_anew() -> Sequence[str]:
    """Each report that another rule has judged. In the caller's transaction: all of them, or none.
    Those that are not what their station signed, or that this version cannot read: they are not
    listed as erased, and told at each start."""
    other = Q(rule__lt=RULE_VERSION) | Q(rule__gt=RULE_VERSION)  # by the index
    ids = list(models.Report.objects.filter(other).values_list("report_id", flat=True))
    doubted, keys = [], Keys()
    for done, report_id in enumerate(ids):
        if done % TELL_EACH == 0:
            _tell(done, len(ids))
        if not _judge_one(report_id, keys):
            doubted.append(report_id)
    if ids:
        _tell(len(ids), len(ids))
    return doubted


def judge_one(report_id: str) -> None:
    """Whatever judged it. Raises StorageError."""
    with writing():
        _judge_one(report_id, Keys())


def _judge_one(report_id: str, keys: Keys) -> bool:
    """Whether it was sound."""
    here = models.Report.objects.filter(report_id=report_id)
    columns = here.values_list("jws", "sha256", "station", "received_at")
    jws, sha256, kid, received_at = columns.get()
    report = None
    if received_at is not None:  # see verifying
        report = _read(report_id, sha256, jws, kid, keys.pem(kid))
    if report is None:
        _doubt(report_id)
    else:
        here.update(**judged(report, received_at))
        models.Drive.objects.filter(report=report_id).delete()
        models.Drive.objects.bulk_create(drive_rows(report))
    _settle_one(report_id)
    return report is not None


def _settle_one(report_id: str) -> None:
    """Versions before let a report silence another station's."""
    here = models.Report.objects.filter(report_id=report_id)
    words = here.values_list("superseded_by", "station", "session_id", "pc")
    superseded, kid, session_id, pc = words.get()
    if superseded and not session_id:  # of no session: no report is instead of it
        here.update(superseded_by="")
    settle(kid, session_id if superseded else "", pc)


def _tell(done: int, all_: int) -> None:
    text = _("The rule that judges erasures has changed; reports judged anew: {done} / {all}.")
    log.info("%s", text.format(done=done, all=all_))


def _read(report_id: str, sha256: str, jws: object, kid: str, public_pem: str) -> Report | None:
    try:
        return sound_report(report_id, sha256, jws, kid, public_pem)
    except DamagedError as error:
        text = _(
            "Report {id} is not what its station signed ({reason}): it is kept, and not listed as "
            "erased."
        )
        kind = error.state.name.lower()
    except ProblemError as error:
        text = _(
            "Report {id} cannot be read any more ({reason}): it is kept, and not listed as erased."
        )
        kind = error.problem.kind.value  # its own words quote the report
    log.warning("%s", text.format(id=report_id, reason=kind))
    return None


def _doubt(report_id: str) -> None:
    """Nobody can say any more that it proves an erasure; what it was told to be worse stands."""
    worse = [one.value for one in Outcome if one is not Outcome.ERASED]
    here = models.Report.objects.filter(report_id=report_id)
    here.exclude(outcome__in=worse).update(outcome=Outcome.UNVERIFIED.value)
    drives = models.Drive.objects.filter(report=report_id)
    drives.update(achieved=Method.NONE.value)
    worse = [one.value for one in DriveState if one is not DriveState.SANITIZED]
    drives.exclude(state__in=worse).update(state=DriveState.UNVERIFIED.value)
