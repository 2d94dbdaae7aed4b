"""Where a report is filed: under which key, in which session, of which PC, as it was signed."""

from __future__ import annotations

import logging
from contextlib import suppress
from typing import Any

from django.db.models import QuerySet

from reprise.domain.report.report import Report
from reprise.i18n import _
from reprise.server.database import text_of
from reprise.server.problems import ProblemError
from reprise.server.reports import models
from reprise.server.reports.columns import machine_key, pc_row, session_columns
from reprise.server.reports.listed import DOUBTED, counting, list_after, settle
from reprise.server.reports.searching import remember, told_words
from reprise.server.reports.sound import (
    DamagedError,
    Keys,
    State,
    key_named_in,
    sound_report,
    state_of,
)

log = logging.getLogger("reprise.server")


def row(report_id: str | bytes) -> QuerySet[models.Report]:
    """Of this very number: SQLite keeps anything in any column, and Django asks for text alone."""
    return of_this(models.Report.objects.all(), report_id)


def of_this(rows: QuerySet[Any], report_id: str | bytes) -> QuerySet[Any]:
    """Of its table. Bytes are text that is no UTF-8, too, and never what is: see database."""
    column = f"{rows.model._meta.db_table}.report_id"
    if isinstance(report_id, bytes) and not isinstance(text_of(report_id), str):
        column = f"CAST({column} AS BLOB)"
    return rows.extra(where=[f"{column} = %s"], params=[report_id])  # noqa: S610 (ours)


def stored(report_id: str | bytes, keys: Keys) -> Report | None:
    """What its station signed; None, told in the log: nobody can read it."""
    if not isinstance(report_id, str):
        return None
    try:
        return _signed(report_id, keys)
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


def _signed(report_id: str, keys: Keys) -> Report:
    """Raises DamagedError, ProblemError."""
    jws, sha256, kid = row(report_id).values_list("jws", "sha256", "station").get()
    return sound_report(report_id, sha256, jws, kid, keys.pem(kid))


def file_session(kid: str, session_id: str) -> None:
    """What counts of this station's session by its columns, as it was signed: another report of it
    comes, and no altered column is to silence that one. What nobody can read stays. In the caller's
    transaction."""
    keys, every = Keys(), models.Report.objects.filter(station=kid, session_id=session_id)
    looked_at = set[str]()
    while new := counting(every) - looked_at:
        looked_at |= new
        for report_id in sorted(new):
            file_under_its_key(row(report_id), keys)
            report = stored(report_id, keys)
            if report is not None and is_misfiled(report, keys):
                file_anew(report, keys)


def file_under_its_key(here: QuerySet[models.Report], keys: Keys) -> bool:
    """Where its bytes are good, and the column alone is not that says with which key: it leaves the
    session that it is filed under, and is filed anew. Whether it is so."""
    names = ("report_id", "sha256", "jws", "station", "organisation", "session_id", "pc")
    report_id, sha256, jws, kid, whose, session_id, pc = here.values_list(*names)[0]
    named = key_named_in(jws)
    if named in ("", kid) or keys.organisation(named) != whose:
        return False
    if state_of(report_id, sha256, jws, named, keys.pem(named)) is not State.GOOD:
        return False
    here.update(station=named, session_id="")
    settle(kid, session_id, pc)  # whom it silenced there
    return True


def is_misfiled(report: Report, keys: Keys) -> bool:
    """Whether the columns that say of which session and PC it is are not as it was signed. It may
    be no report of its own all the same, of several that 0.1 took: see file_anew."""
    here = models.Report.objects.filter(report_id=report.report_id)
    columns = session_columns(report)
    names = ("station", "organisation", "pc", *columns)
    kid, whose, pc, *said = here.values_list(*names).get()
    owner = keys.organisation(kid)
    if said != list(columns.values()) or whose != owner or not isinstance(pc, int):
        return True
    filed = models.Pc.objects.filter(pk=pc).values_list("organisation", "machine_key").first()
    return filed != (owner, machine_key(report))


def file_anew(report: Report, keys: Keys) -> None:
    """Under the session and the PC of which it was signed, of its station's organisation."""
    here = models.Report.objects.filter(report_id=report.report_id)
    names = ("station", "station__organisation", "session_id", "pc")
    kid, whose, session_before, pc_before = here.values_list(*names).get()
    columns = session_columns(report)
    session_id = columns["session_id"]
    if session_id and not columns["cut_off"]:
        columns["cut_off"] = _another_is_own(report.report_id, kid, session_id, keys)
    here.update(**columns, organisation=whose)
    pc = _pc_of(report, whose, here, keys)
    if pc is not None:
        here.update(pc=pc)
        settle(kid, session_id, pc)
    settle(kid, session_before, pc_before)


def _pc_of(report: Report, whose: int, here: QuerySet[models.Report], keys: Keys) -> int | None:
    """Its PC. Where there is none, the row that it is filed under, if its key alone was altered:
    what nobody can read any more is there, too; else one is made. None: nobody knows when its only
    report came."""
    key = machine_key(report)
    pc = models.Pc.objects.filter(organisation=whose, machine_key=key).first()
    received_at, outcome, filed = here.values_list("received_at", "outcome", "pc").get()
    if pc is None and isinstance(filed, int) and _has_key_again(key, whose, filed, keys):
        return filed
    if pc is None and received_at is not None:
        pc = pc_row(report, whose, received_at, outcome)
        pc.save()
        remember({pc.pk: told_words(report)})
    return None if pc is None else pc.pk


def _has_key_again(key: str, whose: int, pc: int, keys: Keys) -> bool:
    """The row of this PC, where each of its reports that can be read says this key."""
    for report_id in models.Report.objects.filter(pc=pc).values_list("report_id", flat=True):
        with suppress(DamagedError, ProblemError):
            if machine_key(_signed(report_id, keys)) != key:
                return False
    return bool(models.Pc.objects.filter(organisation=whose, pk=pc).update(machine_key=key))


def _another_is_own(report_id: str, kid: str, session_id: str, keys: Keys) -> bool:
    """Of this station's session: of several, which 0.1 took, one counts. What is listed so and was
    not signed so leaves the place; what nobody can read leaves the session, as its last word."""
    every = models.Report.objects.filter(station=kid, session_id=session_id, cut_off=False)
    others = every.exclude(report_id=report_id)
    for other in list(others.values_list("report_id", flat=True)):
        signed = stored(other, keys)
        columns = None if signed is None else session_columns(signed)
        if columns and columns["session_id"] == session_id and not columns["cut_off"]:
            return True
        if signed is None:
            whole = models.Report.objects.filter(station=kid, session_id=session_id)
            list_after(row(other), whole.exclude(DOUBTED))
            row(other).update(session_id="")
        else:
            row(other).update(cut_off=True)
    return False
