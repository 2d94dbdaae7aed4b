"""Putting a report away for years, and finding it again."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import Enum, auto
from typing import Any

from sqlalchemy import Connection, Engine, Table, func, select
from sqlalchemy.dialects import postgresql, sqlite

from reprise.codec import sha256_hex
from reprise.domain.pc.hardware import Machine
from reprise.domain.report.one_session import Word, truth, word_of
from reprise.domain.report.report import Report
from reprise.server.database import reading, writing
from reprise.server.judging import column_text, drive_rows, judged
from reprise.server.tables import drives, machines, reports


class Put(Enum):
    STORED = auto()
    SAME = auto()  # these very bytes were here already
    CONFLICT = auto()  # other bytes are here under this id
    SECOND = auto()  # the session has made another report of its own


@dataclass(frozen=True, slots=True)
class Receipt:
    """What a station needs before it may empty its outbox. `sha256` is of the JWS bytes."""

    report_id: str
    sha256: str
    received_at: str  # ISO 8601, UTC


@dataclass(frozen=True, slots=True)
class Stored:
    """One report as it lies in the database."""

    report_id: str
    sha256: str
    jws: bytes
    received_at: datetime
    kid: str
    superseded_by: str | None = None  # the report of the same session that counts instead

    @property
    def receipt(self) -> Receipt:
        return Receipt(self.report_id, self.sha256, instant_text(self.received_at))


def instant_text(moment: datetime) -> str:
    """ISO 8601 in UTC with a Z, whole seconds."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def machine_key(machine: Machine, session_id: str) -> str:
    """Who a PC is: maker, model, serial and UUID. A PC that has neither serial nor UUID cannot be
    told from its twins: it is then a PC of its own in each session."""
    told = bool(machine.serial or machine.uuid)
    parts = [machine.maker, machine.model, machine.serial, machine.uuid]
    text = json.dumps(parts if told else [*parts, session_id])
    return hashlib.sha256(text.encode()).hexdigest()


def _insert_new(connection: Connection, table: Table, values: dict[str, Any]) -> bool:
    """Insert unless the primary key is taken. True where the row is new."""
    dialect = sqlite if connection.dialect.name == "sqlite" else postgresql
    new = dialect.insert(table).values(values).on_conflict_do_nothing()
    # RETURNING rather than rowcount, which the PostgreSQL driver does not give for an INSERT.
    return connection.execute(new.returning(*table.primary_key)).first() is not None


def _put_machine(connection: Connection, key: str, machine: Machine, now: datetime) -> None:
    new = _insert_new(
        connection,
        machines,
        {
            "machine_key": key,
            "maker": column_text(machine.maker),
            "model": column_text(machine.model),
            "serial": column_text(machine.serial),
            "uuid": column_text(machine.uuid),
            "chassis": column_text(machine.chassis),
            "last_received_at": now,
        },
    )
    if not new:
        here = machines.c.machine_key == key
        connection.execute(machines.update().where(here).values(last_received_at=now))


def put_report(engine: Engine, report: Report, jws: bytes, kid: str) -> tuple[Put, Stored]:
    """Store a checked report in one transaction, or find what is stored under its id, or (SECOND)
    which report its session has made of its own already.

    Returns when the bytes are on the disk. Raises FullError or StorageError; then nothing of the
    report is there.
    """
    now = datetime.now(UTC)
    stored = Stored(report.report_id, sha256_hex(jws), jws, now, kid)
    key = machine_key(report.inventory.machine, report.session_id)
    word = word_of(report)
    with writing(engine) as connection:
        _alone_with(connection, report.session_id)
        there = _select(connection, report.report_id)
        other = None if there or word.left else _own_of(connection, report.session_id)
        if other is not None:
            return Put.SECOND, other
        if there is None:
            _put_machine(connection, key, report.inventory.machine, now)
            values = {
                "report_id": stored.report_id,
                "sha256": stored.sha256,
                "jws": jws,
                "received_at": now,
                "kid": kid,
                "machine_key": key,
                "sealed_at": column_text(report.clock.sealed_at),
                "asset_tag": column_text(report.operator.asset_tag),
                "lot": column_text(report.operator.lot),
                "donor": column_text(report.operator.donor),
                "session_id": column_text(report.session_id),
                "cut_off": word.left,
                "session_s": word.session_s,
                **judged(report),
            }
            if _insert_new(connection, reports, values):
                rows = drive_rows(report)
                if rows:
                    connection.execute(drives.insert(), rows)
                _settle(connection, column_text(report.session_id))
                return Put.STORED, stored
            # another server of the same database was quicker
            there = _select(connection, report.report_id)
            other = None if there else _own_of(connection, report.session_id)
    if other is not None:
        return Put.SECOND, other
    if there is None:
        raise LookupError(report.report_id)
    return (Put.SAME if there.jws == jws else Put.CONFLICT), there


def _alone_with(connection: Connection, session_id: str) -> None:
    """Reports of one session come one after the other. On SQLite every writer is alone anyway."""
    if connection.dialect.name == "postgresql":
        connection.execute(select(func.pg_advisory_xact_lock(func.hashtext(session_id))))


def _own_of(connection: Connection, session_id: str) -> Stored | None:
    """The report that a session made of its own."""
    own = (reports.c.session_id == column_text(session_id), ~reports.c.cut_off)
    query = select(reports.c.report_id).where(*own, reports.c.session_id != "")
    report_id = connection.execute(query).scalar()
    return None if report_id is None else _select(connection, report_id)


def _settle(connection: Connection, session_id: str) -> None:
    """Say of the reports of a session which one counts."""
    if not session_id:
        return
    told = (reports.c.report_id, reports.c.cut_off, reports.c.session_s)
    here = reports.c.session_id == session_id
    best = truth(Word(*row) for row in connection.execute(select(*told).where(here)))
    for counts in (True, False):
        mine = reports.c.report_id == best if counts else reports.c.report_id != best
        values = {"superseded_by": None if counts else best}
        connection.execute(reports.update().where(here, mine).values(values))


def _select(connection: Connection, report_id: str) -> Stored | None:
    wanted = (
        reports.c.report_id,
        reports.c.sha256,
        reports.c.jws,
        reports.c.received_at,
        reports.c.kid,
        reports.c.superseded_by,
    )
    row = connection.execute(select(*wanted).where(reports.c.report_id == report_id)).first()
    return None if row is None else Stored(*row)


def find_report(engine: Engine, report_id: str) -> Stored | None:
    with reading(engine) as connection:
        return _select(connection, report_id)


def superseded(engine: Engine, report_id: str) -> Sequence[str]:
    """The reports that this one counts instead of."""
    query = select(reports.c.report_id).where(reports.c.superseded_by == report_id)
    with reading(engine) as connection:
        return connection.execute(query.order_by(reports.c.report_id)).scalars().all()


def other_reports(engine: Engine, report_id: str) -> Sequence[tuple[str, datetime, str]]:
    """(report id, receipt time, outcome) of the same PC's other reports, newest first. Of the
    reports of one session there is only the one that counts."""
    mine = select(reports.c.machine_key).where(reports.c.report_id == report_id).scalar_subquery()
    query = (
        select(reports.c.report_id, reports.c.received_at, reports.c.outcome)
        .where(
            reports.c.machine_key == mine,
            reports.c.report_id != report_id,
            reports.c.superseded_by.is_(None),
        )
        .order_by(reports.c.received_at.desc(), reports.c.report_id)
        .limit(50)
    )
    with reading(engine) as connection:
        return [(row[0], row[1], row[2]) for row in connection.execute(query)]
