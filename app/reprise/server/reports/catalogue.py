"""The list of PCs and their reports: one page of it, or what a search finds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from django.db.models import Count, Q, QuerySet

from reprise.domain.erasure.lifecycle import DriveState
from reprise.domain.pc.hardware import Machine
from reprise.domain.report.outcome import Outcome
from reprise.server.database import reading
from reprise.server.people.scope import Right, Scope
from reprise.server.reports import models
from reprise.server.reports.listed import NEWEST_DONE, Kind
from reprise.server.reports.searching import NEWEST, Found, asked_words, found

_REPORTS_PER_PC = 20
MOST_COUNTED = 10_000  # PCs of a list: further ones are found by narrowing it


class Sort(StrEnum):
    NEWEST = "newest"
    NAME = "name"
    SERIAL = "serial"


_ORDER = {
    Sort.NEWEST: NEWEST,
    Sort.NAME: ("name", "id"),
    Sort.SERIAL: ("serial", "id"),
}


@dataclass(frozen=True, slots=True)
class Narrowed:
    """Which PCs are wanted: None asks for all. `since`, `before`: of the last report's receipt."""

    outcome: Outcome | None = None  # of the newest report that counts
    kind: Kind | None = None
    since: datetime | None = None
    before: datetime | None = None


@dataclass(frozen=True, slots=True)
class ReportLine:
    report_id: str
    received_at: datetime | None
    done_at: datetime | None
    outcome: Outcome
    asset_tag: str
    lot: str
    donor: str
    drives: int
    sanitized: int


@dataclass(frozen=True, slots=True)
class PcLine:
    """One PC with its reports, newest first."""

    pc: int
    maker: str
    model: str
    serial: str
    uuid: str
    chassis: str
    kind: Kind
    outcome: Outcome
    last_received_at: datetime | None
    reports: tuple[ReportLine, ...]

    @property
    def name(self) -> str:
        return Machine(maker=self.maker, model=self.model).name


@dataclass(frozen=True, slots=True)
class Page:
    number: int  # from 1
    pages: int  # at least 1
    pcs: int  # found in all, as far as they were counted
    more: bool  # than that
    sort: Sort  # of many that a search finds, the newest first whatever was asked for
    lately: bool  # of a search: only the newest PCs of all were looked at
    lines: tuple[PcLine, ...]


def list_pcs(
    scope: Scope,
    text: str,
    number: int,
    size: int,
    *,
    narrowed: Narrowed | None = None,
    sort: Sort = Sort.NEWEST,
) -> Page:
    """Page `number` (from 1; too large: the last) of the PCs that hold every word of `text`. A PC
    that nothing tells from its twins may have had a key of its own in a report that counts no
    more: it is not listed."""
    scope.need(Right.SEE_REPORTS)
    wanted = _narrowed(scope, narrowed or Narrowed())
    with reading():
        here = _found(wanted, text, max(1, number), size, _ORDER[sort])
        of_pc = _reports_of([row.pk for row in here.rows])
    pages = max(1, -(-here.count // size))
    lines = tuple(_line(row, of_pc[row.pk]) for row in here.rows)
    sort = Sort.NEWEST if here.more and asked_words(text) else sort
    return Page(here.number, pages, here.count, here.more, sort, here.lately, lines)


def _found(
    pcs: QuerySet[models.Pc], text: str, number: int, size: int, order: Sequence[str]
) -> Found:
    if asked_words(text):
        return found(pcs, text, order, number, size)
    count = pcs[: MOST_COUNTED + 1].count()
    more, count = count > MOST_COUNTED, min(count, MOST_COUNTED)
    number = min(number, max(1, -(-count // size)))
    rows = pcs.order_by(*order)[(number - 1) * size : number * size]
    return Found(number, count, more, list(rows))


def _narrowed(scope: Scope, by: Narrowed) -> QuerySet[models.Pc]:
    pcs = models.Pc.objects.filter(organisation=scope.organisation)
    pcs = pcs.filter(outcome=by.outcome.value) if by.outcome else pcs.exclude(outcome="")
    if by.kind:
        pcs = pcs.filter(kind=by.kind.value)
    if by.since:
        pcs = pcs.filter(last_received_at__gte=by.since)
    if by.before:
        pcs = pcs.filter(last_received_at__lt=by.before)
    return pcs


def _line(row: models.Pc, reports: Sequence[ReportLine]) -> PcLine:
    return PcLine(
        pc=row.pk,
        maker=row.maker,
        model=row.model,
        serial=row.serial,
        uuid=row.uuid,
        chassis=row.chassis,
        kind=Kind(row.kind),
        outcome=Outcome(row.outcome),
        last_received_at=row.last_received_at,
        reports=tuple(reports),
    )


def _reports_of(keys: Sequence[int]) -> dict[int, list[ReportLine]]:
    of_pc: dict[int, list[ReportLine]] = {key: [] for key in keys}
    rows = (
        models.Report.objects.filter(pc__in=keys, superseded_by="")
        .annotate(
            of_all=Count("drives"),
            sanitized=Count("drives", filter=Q(drives__state=DriveState.SANITIZED.value)),
        )
        .order_by(*NEWEST_DONE)
        .values_list(
            *("pc", "report_id", "received_at", "done_at", "outcome", "asset_tag", "lot", "donor"),
            *("of_all", "sanitized"),
        )
    )
    for key, report_id, received_at, done_at, outcome, *rest in rows:
        if len(of_pc[key]) < _REPORTS_PER_PC:
            of_pc[key].append(ReportLine(report_id, received_at, done_at, Outcome(outcome), *rest))
    return of_pc
