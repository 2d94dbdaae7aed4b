"""Putting a report away for years, and finding it again."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import Enum, auto

from django.db import connection
from django.db.models import QuerySet

from reprise.codec import sha256_hex
from reprise.domain.pc.hardware import Machine
from reprise.domain.report.one_session import Word, truth, word_of
from reprise.domain.report.report import Report
from reprise.server import clock
from reprise.server.database import asking, writing
from reprise.server.people.scope import Right, Scope
from reprise.server.reports import models
from reprise.server.reports.judging import column_text, drive_rows, judged
from reprise.server.reports.listed import columns_of, list_anew
from reprise.server.reports.searching import remember, told_words
from reprise.server.stations.facts import saw
from reprise.server.stations.services import organisation_of


class Put(Enum):
    STORED = auto()
    SAME = auto()  # these very bytes were here already
    CONFLICT = auto()  # other bytes are here under this id
    SECOND = auto()  # the session has made another report of its own
    REVOKED = auto()  # the key was revoked since the report began to come in


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


def _put_pc(report: Report, organisation: int, now: datetime) -> models.Pc:
    machine = report.inventory.machine
    maker, model = column_text(machine.maker), column_text(machine.model)
    chassis = column_text(machine.chassis)
    names = {
        "maker": maker,
        "model": model,
        "serial": column_text(machine.serial),
        "uuid": column_text(machine.uuid),
        "chassis": chassis,
        "last_received_at": now,
        **columns_of(maker, model, chassis),
    }
    key = machine_key(machine, report.session_id)
    pc, new = models.Pc.objects.get_or_create(
        organisation_id=organisation, machine_key=key, defaults=names
    )
    if not new:
        models.Pc.objects.filter(pk=pc.pk).update(last_received_at=now)
    remember(pc, told_words(report))
    return pc


@dataclass(frozen=True, slots=True)
class Checked:
    """A report whose signature is good and whose content was read."""

    report: Report
    jws: bytes
    kid: str


def put_all(new: Sequence[Checked]) -> list[tuple[Put, Stored]]:
    """Store checked reports in one transaction: one wait for the disk for all of them. Of each,
    what became of it, with what is stored under its id; or (SECOND) the report that its session has
    made of its own already.

    Returns when the bytes are on the disk. Raises FullError or StorageError; then nothing of them
    is there.
    """
    with writing():
        _alone_with(new)
        saw([checked.kid for checked in new])
        return [_put(checked) for checked in new]


def _put(new: Checked) -> tuple[Put, Stored]:
    report = new.report
    now = clock.now()
    word = word_of(report)
    there = _select(report.report_id)
    if there is not None:
        return (Put.SAME if there.jws == new.jws else Put.CONFLICT), there
    other = None if word.left else _own_of(report.session_id, new.kid)
    if other is not None:
        return Put.SECOND, other
    stored = Stored(report.report_id, sha256_hex(new.jws), new.jws, now, new.kid)
    organisation = organisation_of(new.kid)
    if organisation is None:
        return Put.REVOKED, stored
    pc = _put_pc(report, organisation, now)
    models.Report.objects.create(
        report_id=stored.report_id,
        sha256=stored.sha256,
        jws=stored.jws,
        received_at=now,
        station_id=new.kid,
        pc=pc,
        sealed_at=column_text(report.clock.sealed_at),
        asset_tag=column_text(report.operator.asset_tag),
        lot=column_text(report.operator.lot),
        donor=column_text(report.operator.donor),
        session_id=column_text(report.session_id),
        cut_off=word.left,
        session_s=word.session_s,
        organisation=organisation,
        **judged(report),
    )
    models.Drive.objects.bulk_create(drive_rows(report))
    settle(column_text(report.session_id), pc)
    return Put.STORED, stored


def _alone_with(new: Sequence[Checked]) -> None:
    """Reports of one number, of one session and of one PC come one after the other, whichever of
    several servers takes them; in one order, so that no two wait for each other. On SQLite every
    writer is alone anyway."""
    if connection.vendor != "postgresql":
        return
    names: set[str] = set()
    for report in (checked.report for checked in new):
        pc = machine_key(report.inventory.machine, report.session_id)
        names |= {report.report_id, report.session_id, pc}
    with connection.cursor() as cursor:
        for number in sorted(map(_lock_number, names)):
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [number])


def _lock_number(name: str) -> int:
    digest = hashlib.sha256(name.encode()).digest()
    return int.from_bytes(digest[:8], "big", signed=True)


def _own_of(session_id: str, kid: str) -> Stored | None:
    """The report that a session made of its own, with this key: another station that says the same
    number keeps no report away."""
    if not column_text(session_id):
        return None
    here = {"session_id": column_text(session_id), "cut_off": False, "station_id": kid}
    report_id = models.Report.objects.filter(**here).values_list("report_id", flat=True).first()
    return None if report_id is None else _select(report_id)


def settle(session_id: str, pc: models.Pc) -> None:
    """Say of the reports of a session on one PC which count: the one that goes furthest of those
    that were made from its journal alone; each of its own, where there is one, as no station may
    silence another."""
    if session_id:
        here = models.Report.objects.filter(session_id=session_id, pc=pc)
        words = [Word(*row) for row in here.values_list("report_id", "cut_off", "session_s")]
        best = truth(words)
        own = [word.report_id for word in words if not word.left]
        counting = own or [best]
        here.filter(report_id__in=counting).update(superseded_by="")
        here.exclude(report_id__in=counting).update(superseded_by=best)
    list_anew(pc.pk)


def _select(report_id: str, among: QuerySet[models.Report] | None = None) -> Stored | None:
    rows = models.Report.objects.all() if among is None else among
    row = rows.filter(report_id=report_id).first()
    if row is None:
        return None
    return Stored(
        row.report_id,
        row.sha256,
        bytes(row.jws),
        row.received_at,
        row.station_id,
        row.superseded_by or None,
    )


def known_report(report_id: str) -> Stored | None:
    """Of whatever organisation: who hands it in again has its bytes."""
    with asking():
        return _select(report_id)


def _seen(scope: Scope) -> QuerySet[models.Report]:
    scope.need(Right.SEE_REPORTS)
    return models.Report.objects.filter(organisation=scope.organisation)


def find_report(scope: Scope, report_id: str) -> Stored | None:
    with asking():
        return _select(report_id, _seen(scope))


def listed_pc(scope: Scope, report_id: str) -> int | None:
    """The PC of a report; None where no report of it counts: it then has no page."""
    with asking():
        here = _seen(scope).filter(report_id=report_id).exclude(pc__outcome="")
        return here.values_list("pc", flat=True).first()


def digests_of(report_ids: Iterable[str]) -> dict[str, str]:
    """Report id -> SHA-256 of the bytes that are stored under it, of those that are there. In the
    caller's transaction."""
    here = models.Report.objects.filter(report_id__in=list(report_ids))
    return dict(here.values_list("report_id", "sha256"))


def superseded(scope: Scope, report_id: str) -> Sequence[str]:
    """The reports that this one counts instead of."""
    with asking():
        instead = _seen(scope).filter(superseded_by=report_id).exclude(superseded_by="")
        instead = instead.order_by("report_id")
        return list(instead.values_list("report_id", flat=True))


def other_reports(scope: Scope, report_id: str) -> Sequence[tuple[str, datetime, str]]:
    """(report id, receipt time, outcome) of the same PC's other reports, newest first. Of the
    reports of one session there is only the one that counts."""
    with asking():
        mine = _seen(scope).filter(report_id=report_id).values("pc")
        others = (
            models.Report.objects.filter(pc__in=mine, superseded_by="")
            .exclude(report_id=report_id)
            .order_by("-received_at", "report_id")
        )
        return list(others.values_list("report_id", "received_at", "outcome")[:50])
