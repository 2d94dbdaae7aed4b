"""The list of PCs and their reports: one page of it, or what a search finds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, Engine, and_, case, func, or_, select

from reprise.domain.pc.hardware import Machine
from reprise.domain.report.outcome import Outcome
from reprise.server.database import reading
from reprise.server.tables import drives, machines, reports

_SEARCH_CHARACTERS = 200
_SEARCH_WORDS = 8
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


# A PC that nothing tells from its twins may have had a key of its own in a report that counts no
# more.
_HAS_REPORTS = (
    select(reports.c.report_id)
    .where(reports.c.machine_key == machines.c.machine_key, reports.c.superseded_by.is_(None))
    .exists()
)


def _holds(word: str) -> ColumnElement[bool]:
    """PCs that have `word` somewhere; bound as a value, with % and _ taken literally."""
    drive_match = (
        select(drives.c.report_id)
        .where(
            drives.c.report_id == reports.c.report_id,
            or_(*(c.icontains(word, autoescape=True) for c in (drives.c.serial, drives.c.wwn))),
        )
        .exists()
    )
    of_report = (reports.c.asset_tag, reports.c.lot, reports.c.donor, reports.c.report_id)
    report_match = (
        select(reports.c.report_id)
        .where(
            reports.c.machine_key == machines.c.machine_key,
            or_(*(c.icontains(word, autoescape=True) for c in of_report), drive_match),
        )
        .exists()
    )
    of_pc = (machines.c.maker, machines.c.model, machines.c.serial, machines.c.uuid)
    return or_(*(c.icontains(word, autoescape=True) for c in of_pc), report_match)


def search_words(text: str) -> list[str]:
    return text.replace("\x00", "")[:_SEARCH_CHARACTERS].split()[:_SEARCH_WORDS]


def list_pcs(engine: Engine, text: str, number: int, size: int) -> Page:
    """Page `number` (from 1; too large: the last) of the PCs that hold every word of `text`."""
    where = and_(_HAS_REPORTS, *(_holds(word) for word in search_words(text)))
    with reading(engine) as connection:
        counted = connection.execute(select(func.count()).select_from(machines).where(where))
        count = counted.scalar_one()
        pages = max(1, -(-count // size))
        number = min(max(1, number), pages)
        rows = connection.execute(
            select(machines)
            .where(where)
            .order_by(machines.c.last_received_at.desc(), machines.c.machine_key)
            .limit(size)
            .offset((number - 1) * size)
        ).all()
        of_pc = _reports_of(connection, [row.machine_key for row in rows])
    lines = tuple(
        PcLine(
            row.maker, row.model, row.serial, row.uuid, row.chassis, tuple(of_pc[row.machine_key])
        )
        for row in rows
    )
    return Page(number, pages, count, lines)


def _reports_of(connection: Connection, keys: Sequence[str]) -> dict[str, list[ReportLine]]:
    of_pc: dict[str, list[ReportLine]] = {key: [] for key in keys}
    erased = func.coalesce(func.sum(case((drives.c.state == "sanitized", 1), else_=0)), 0)
    query = (
        select(
            reports.c.machine_key,
            reports.c.report_id,
            reports.c.received_at,
            reports.c.outcome,
            reports.c.asset_tag,
            reports.c.lot,
            reports.c.donor,
            func.count(drives.c.position).label("drives"),
            erased.label("sanitized"),
        )
        .outerjoin(drives, drives.c.report_id == reports.c.report_id)
        .where(reports.c.machine_key.in_(keys), reports.c.superseded_by.is_(None))
        .group_by(reports.c.report_id)
        .order_by(reports.c.received_at.desc(), reports.c.report_id)
    )
    for row in connection.execute(query):
        if len(of_pc[row.machine_key]) < _REPORTS_PER_PC:
            of_pc[row.machine_key].append(
                ReportLine(
                    row.report_id,
                    row.received_at,
                    Outcome(row.outcome),
                    row.asset_tag,
                    row.lot,
                    row.donor,
                    row.drives,
                    row.sanitized,
                )
            )
    return of_pc
