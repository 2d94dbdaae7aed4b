"""The list of PCs and their reports: one page of it, or what a search finds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from reprise.domain.erasure.lifecycle import DriveState
from reprise.domain.pc.hardware import Machine
from reprise.domain.report.outcome import Outcome
from reprise.server.database import reading
from reprise.server.people.scope import Right, Scope
from reprise.server.reports import models
from reprise.server.reports.searching import holding

_REPORTS_PER_PC = 20


@dataclass(frozen=True, slots=True)
class ReportLine:
    report_id: str
    received_at: datetime
    outcome: Outcome
    asset_tag: str
    lot: str
    donor: str
    drives: int
    sanitized: int


@dataclass(frozen=True, slots=True)
class PcLine:
    """One PC with its reports, newest first."""

    maker: str
    model: str
    serial: str
    uuid: str
    chassis: str
    reports: tuple[ReportLine, ...]

    @property
    def name(self) -> str:
        return Machine(maker=self.maker, model=self.model).name


@dataclass(frozen=True, slots=True)
class Page:
    number: int  # from 1
    pages: int  # at least 1
    pcs: int  # found in all
    lines: tuple[PcLine, ...]


def _counting() -> QuerySet[models.Report]:
    return models.Report.objects.filter(superseded_by="")


def list_pcs(scope: Scope, text: str, number: int, size: int) -> Page:
    """Page `number` (from 1; too large: the last) of the PCs that hold every word of `text`. A PC
    that nothing tells from its twins may have had a key of its own in a report that counts no
    more: it is not listed."""
    scope.need(Right.SEE_REPORTS)
    here = models.Pc.objects.filter(organisation=scope.organisation)
    counting = Exists(_counting().filter(pc=OuterRef("pk")))
    wanted = holding(here.filter(counting), text)
    with reading():
        count = wanted.count()
        pages = max(1, -(-count // size))
        number = min(max(1, number), pages)
        first = (number - 1) * size
        rows = list(wanted.order_by("-last_received_at", "machine_key")[first : first + size])
        of_pc = _reports_of([row.pk for row in rows])
    lines = tuple(
        PcLine(row.maker, row.model, row.serial, row.uuid, row.chassis, tuple(of_pc[row.pk]))
        for row in rows
    )
    return Page(number, pages, count, lines)


def _reports_of(keys: Sequence[int]) -> dict[int, list[ReportLine]]:
    of_pc: dict[int, list[ReportLine]] = {key: [] for key in keys}
    rows = (
        _counting()
        .filter(pc__in=keys)
        .annotate(
            of_all=Count("drives"),
            sanitized=Count("drives", filter=Q(drives__state=DriveState.SANITIZED.value)),
        )
        .order_by("-received_at", "report_id")
        .values_list(
            *("pc", "report_id", "received_at", "outcome", "asset_tag", "lot", "donor"),
            *("of_all", "sanitized"),
        )
    )
    for key, report_id, received_at, outcome, *rest in rows:
        if len(of_pc[key]) < _REPORTS_PER_PC:
            of_pc[key].append(ReportLine(report_id, received_at, Outcome(outcome), *rest))
    return of_pc
