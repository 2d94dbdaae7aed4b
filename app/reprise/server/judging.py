"""What the tables say of a report, by the rule in force: the list then says what page and
certificate say, whichever rule judged the report when it came."""

from __future__ import annotations

import base64
import logging
from typing import Any

from sqlalchemy import Connection, or_, select

from reprise.domain.erasure.lifecycle import DriveState
from reprise.domain.planning.techniques import Method
from reprise.domain.report.outcome import Outcome
from reprise.domain.report.report import Report
from reprise.domain.report.report_outcome import RULE_VERSION, own_records, proven, report_outcome
from reprise.i18n import _
from reprise.server.decoding import decode_report
from reprise.server.problems import ProblemError
from reprise.server.tables import drives, reports

log = logging.getLogger("reprise.server")
TELL_EACH = 500  # reports


def column_text(value: str | None) -> str:
    """For index columns only: PostgreSQL takes no NUL in text."""
    return (value or "").replace("\x00", "")


def judged(report: Report) -> dict[str, Any]:
    """The columns of `reports` that the rule decides."""
    return {"outcome": report_outcome(report).value, "rule": RULE_VERSION}


def drive_rows(report: Report) -> list[dict[str, Any]]:
    """Its rows of `drives`: the rule decides how many, too."""
    return [
        {
            "report_id": report.report_id,
            "position": position,
            "model": column_text(record.identity.model),
            "serial": column_text(record.identity.serial),
            "wwn": column_text(record.identity.wwn),
            "size_bytes": record.identity.size_bytes,
            "state": result.state.value,
            "achieved": result.achieved.value,
        }
        for position, record in enumerate(own_records(report))
        for result in (proven(report, record),)
    ]


def judge_anew(connection: Connection) -> None:
    """Each report that another rule has judged. In the caller's transaction: all of them, or none.
    One whose bytes cannot be read is told at each start."""
    other = or_(reports.c.rule < RULE_VERSION, reports.c.rule > RULE_VERSION)  # by the index
    ids = connection.execute(select(reports.c.report_id).where(other)).scalars().all()
    for done, report_id in enumerate(ids):
        if done % TELL_EACH == 0:
            _tell(done, len(ids))
        _judge_one(connection, report_id)
    if ids:
        _tell(len(ids), len(ids))


def _tell(done: int, all_: int) -> None:
    text = _("The rule that judges erasures has changed; reports judged anew: {done} / {all}.")
    log.info("%s", text.format(done=done, all=all_))


def _judge_one(connection: Connection, report_id: str) -> None:
    here, of_it = reports.c.report_id == report_id, drives.c.report_id == report_id
    jws = connection.execute(select(reports.c.jws).where(here)).scalar_one()
    report = _read(report_id, jws)
    if report is None:
        _doubt(connection, report_id)
        return
    connection.execute(reports.update().where(here).values(judged(report)))
    connection.execute(drives.delete().where(of_it))
    rows = [{**row, "report_id": report_id} for row in drive_rows(report)]
    if rows:
        connection.execute(drives.insert(), rows)


def _read(report_id: str, jws: bytes) -> Report | None:
    """No look at the signature: a page makes it each time that it shows the report."""
    try:
        payload = jws.split(b".")[1]
        return decode_report(base64.urlsafe_b64decode(payload + b"=="))
    except (ProblemError, LookupError, ValueError) as error:
        text = _(
            "Report {id} cannot be read any more ({reason}): it is kept, and not listed as erased."
        )
        log.warning("%s", text.format(id=report_id, reason=error))
        return None


def _doubt(connection: Connection, report_id: str) -> None:
    """Nobody can say any more that it proves an erasure; what it was told to be worse stands."""
    connection.execute(
        reports.update()
        .where(reports.c.report_id == report_id, reports.c.outcome == Outcome.ERASED.value)
        .values(outcome=Outcome.UNVERIFIED.value)
    )
    connection.execute(
        drives.update()
        .where(drives.c.report_id == report_id, drives.c.state == DriveState.SANITIZED.value)
        .values(state=DriveState.UNVERIFIED.value, achieved=Method.NONE.value)
    )
