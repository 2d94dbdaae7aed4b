"""What the tables say of reports, for whoever follows them: one, all of one PC, or all since."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.db.models import Q, QuerySet

from reprise.domain.erasure.lifecycle import DriveState
from reprise.domain.pc.hardware import Machine
from reprise.domain.planning.techniques import Method
from reprise.domain.report.outcome import Outcome
from reprise.server.database import reading
from reprise.server.people.scope import NotHereError, Right, Scope
from reprise.server.problems import ProblemError, ProblemKind
from reprise.server.reports import models
from reprise.server.reports.listed import NEWEST_DONE, Kind

MOST_OF_PC = 200  # reports: of a PC that somebody tries things on
# A report gets its moment before it is on the disk: who asks for what follows looks back so far.
_LOOK_BACK = timedelta(seconds=60)
# Microseconds since 1970, and the last report of that moment.
MARK = r"^([0-9]{1,16}~[0-9a-f-]{0,36})?$"
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class ToldDrive:
    """As the rule in force judges it. `size_bytes`: what the drive said."""

    position: int
    model: str
    serial: str
    wwn: str
    size_bytes: int
    state: DriveState
    achieved: Method


@dataclass(frozen=True, slots=True)
class ToldReport:
    """`done_at`: see domain.report.done. `sealed_at`: by the station's clock, "": unknown.
    `superseded_by`: the report of the same session that counts instead."""

    report_id: str
    sha256: str
    received_at: datetime | None
    done_at: datetime | None
    sealed_at: str
    kid: str
    pc: int
    outcome: Outcome
    asset_tag: str
    lot: str
    donor: str
    superseded_by: str | None
    drives: tuple[ToldDrive, ...]


@dataclass(frozen=True, slots=True)
class ToldPc:
    """One PC, with its reports from the newest on. `more`: than are here."""

    pc: int
    maker: str
    model: str
    serial: str
    uuid: str
    chassis: str
    kind: Kind
    outcome: Outcome
    last_received_at: datetime | None
    reports: tuple[ToldReport, ...]
    more: bool

    @property
    def name(self) -> str:
        return Machine(maker=self.maker, model=self.model).name


@dataclass(frozen=True, slots=True)
class Following:
    """Some reports in the order of their receipt. `mark`: to be given for those that follow."""

    reports: tuple[ToldReport, ...]
    mark: str
    more: bool


def _seen(scope: Scope) -> QuerySet[models.Report]:
    scope.need(Right.SEE_REPORTS)
    return models.Report.objects.filter(organisation=scope.organisation).defer("jws")


def tell_report(scope: Scope, report_id: str) -> ToldReport:
    """Raises NotHereError."""
    with reading():
        rows = list(_seen(scope).filter(report_id=report_id))
        if not rows:
            raise NotHereError(report_id)
        return _told(rows)[0]


def tell_pc(scope: Scope, number: int) -> ToldPc:
    """Raises NotHereError, also where none of its reports counts: what is not listed."""
    scope.need(Right.SEE_REPORTS)
    with reading():
        here = models.Pc.objects.filter(organisation=scope.organisation, pk=number)
        row = here.exclude(outcome="").first()
        if row is None:
            raise NotHereError(number)
        # not by its organisation once more: SQLite would go through all of its reports
        newest = models.Report.objects.filter(pc=row).defer("jws").order_by(*NEWEST_DONE)
        rows = list(newest[: MOST_OF_PC + 1])
        reports = _told(rows[:MOST_OF_PC])
    return ToldPc(
        pc=row.pk,
        maker=row.maker,
        model=row.model,
        serial=row.serial,
        uuid=row.uuid,
        chassis=row.chassis,
        kind=Kind(row.kind),
        outcome=Outcome(row.outcome),
        last_received_at=row.last_received_at,
        reports=reports,
        more=len(rows) > MOST_OF_PC,
    )


def tell_following(scope: Scope, since: datetime | None, mark: str, size: int) -> Following:
    """At most `size` reports from `since` on (None: from the first), or after `mark`. Who gives the
    mark of an answer misses none: at the end it looks back, so that some come twice. Raises
    ProblemError where the mark is none."""
    after, last_id = _read_mark(mark) if mark else (since, "")
    rows = _seen(scope)
    if after is not None:
        rows = rows.filter(Q(received_at=after, report_id__gt=last_id) | Q(received_at__gt=after))
        rows = rows.filter(received_at__gte=after)  # by the index
    with reading():
        now = datetime.now(UTC)
        found, more = _some(rows.order_by("received_at", "report_id"), size)
        told = _told(found)
    dated = [row for row in found if row.received_at is not None]
    if more:
        return Following(told, _mark(dated[-1].received_at, dated[-1].report_id), more)
    return Following(told, _settled(dated, after, last_id, now), False)


def _some(rows: QuerySet[models.Report], size: int) -> tuple[list[models.Report], bool]:
    """The first of them, and whether there are more: so many that one has a date, by which the next
    ones are asked for. SQLite keeps anything in any column."""
    while True:
        found = list(rows[: size + 1])
        if len(found) <= size:
            return found, False
        if any(row.received_at is not None for row in found[:size]):
            return found[:size], True
        size *= 2


def _settled(
    found: Sequence[models.Report], after: datetime | None, last_id: str, now: datetime
) -> str:
    """A mark that nothing comes before any more."""
    quiet = now - _LOOK_BACK
    old = [row for row in found if row.received_at < quiet]
    if old:
        return _mark(old[-1].received_at, old[-1].report_id)
    if after is None:
        return _mark(quiet, "")
    return _mark(min(after, quiet), last_id if after < quiet else "")


def _mark(moment: datetime, report_id: str) -> str:
    return f"{(moment - _EPOCH) // _MICROSECOND}~{report_id}"


def _read_mark(mark: str) -> tuple[datetime, str]:
    if not re.fullmatch(MARK, mark):
        raise ProblemError(ProblemKind.BAD_REQUEST)
    count, _sign, report_id = mark.partition("~")
    return _EPOCH + int(count) * _MICROSECOND, report_id


def _told(rows: Sequence[models.Report]) -> tuple[ToldReport, ...]:
    ids = [row.report_id for row in rows]
    of_report: dict[str, list[ToldDrive]] = {report_id: [] for report_id in ids}
    for drive in models.Drive.objects.filter(report__in=ids).order_by("report", "position"):
        of_report[drive.report_id].append(
            ToldDrive(
                drive.position,
                drive.model,
                drive.serial,
                drive.wwn,
                drive.size_bytes,
                DriveState(drive.state),
                Method(drive.achieved),
            )
        )
    return tuple(_report(row, of_report[row.report_id]) for row in rows)


def _report(row: models.Report, drives: Sequence[ToldDrive]) -> ToldReport:
    return ToldReport(
        report_id=row.report_id,
        sha256=row.sha256,
        received_at=row.received_at,
        done_at=row.done_at,
        sealed_at=row.sealed_at,
        kid=row.station_id,
        pc=row.pc_id,
        outcome=Outcome(row.outcome),
        asset_tag=row.asset_tag,
        lot=row.lot,
        donor=row.donor,
        superseded_by=row.superseded_by or None,
        drives=tuple(drives),
    )
