"""The reports of Reprise 0.1, whose server had tables of its own: they come with their exact bytes,
and what the tables say of them is made anew by the rule in force."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.core.exceptions import ObjectDoesNotExist
from django.db import connections
from django.db.backends.utils import CursorWrapper

from reprise.codec import sha256_hex
from reprise.domain.report.one_session import left_ids
from reprise.errors import InputError, StorageError
from reprise.i18n import _
from reprise.server import clock
from reprise.server.database import ERRORS, with_defaults, writing
from reprise.server.database_address import TABLES_OF_0_1, Address, database_address
from reprise.server.database_errors import opening_error, reading_error
from reprise.server.reports import models as reports
from reprise.server.reports.columns import column_text
from reprise.server.reports.judging import judge_anew
from reprise.server.reports.listed import columns_of, hold, settle
from reprise.server.reports.searching import remember
from reprise.server.reports.sound import Keys, State, own_pem, state_of
from reprise.server.stations import models as stations

_OLD = "old"
Tell = Callable[[int, int], None]
Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class TakenOver:
    """`known`: were here already. `others`: numbers under which other bytes are here. `doubted`:
    of the new ones, those that are not what their station signed, or that nobody can read.
    `strange_keys`: numbers under which 0.1 kept another key than theirs, or none."""

    reports: int
    known: int
    others: tuple[str, ...]
    doubted: tuple[str, ...]
    strange_keys: tuple[str, ...]


def take_over(old: str, organisation: int, tell: Tell) -> TakenOver:
    """Into an organisation of the open database, in one transaction: all that is not there yet, or
    nothing. The old database stays as it is. `tell` hears how many of how many reports are done.

    Raises InputError where `old` is no database of 0.1, StorageError.
    """
    with _opened(database_address(old)) as cursor, writing():
        strange = _take_stations(cursor, organisation)
        hold(reports.Pc.objects.filter(organisation=organisation))
        _take_machines(cursor, organisation)
        cursor.execute("SELECT report_id FROM reports ORDER BY received_at, report_id")
        ids = [row[0] for row in cursor.fetchall()]
        keys, new, others = Keys(), set[str](), []
        for done, report_id in enumerate(ids):
            tell(done, len(ids))
            row = _rows(cursor, "reports", report_id)[0]
            there = reports.Report.objects.filter(report_id=report_id).first()
            if there is None:
                _take_report(cursor, row, organisation, keys)
                new.add(report_id)
            elif bytes(there.jws) != bytes(row["jws"]):
                others.append(report_id)
        doubted = [report_id for report_id in judge_anew() if report_id in new]
    tell(len(ids), len(ids))
    known = len(ids) - len(new) - len(others)
    return TakenOver(len(new), known, tuple(others), tuple(doubted), tuple(strange))


def look_at_old(old: str) -> None:
    """Before a new database is made. Raises InputError where `old` is no database of 0.1,
    StorageError."""
    with _opened(database_address(old)):
        pass


@contextmanager
def _opened(address: Address) -> Iterator[CursorWrapper]:
    if address.path is not None and not address.path.is_file():
        raise InputError(
            _("the database “{path}” does not exist.").format(path=address.path),
            _("Give the old server's own."),
        )
    connections.settings[_OLD] = with_defaults(address.looking_on)
    old = connections[_OLD]
    try:
        with old.cursor() as cursor:
            if not set(old.introspection.table_names()) >= TABLES_OF_0_1:
                raise InputError(
                    _("{path} is not a database of Reprise 0.1.").format(path=address.shown),
                    _("Give the old server's own."),
                )
            yield cursor
    except ERRORS as error:
        raise opening_error(address, error) from error
    except (LookupError, ValueError, TypeError, ObjectDoesNotExist) as error:
        raise StorageError(
            _("{path} is damaged: {reason}.").format(path=address.shown, reason=repr(error)[:200]),
            _("Nothing was taken over. Give a backup of it that is whole."),
        ) from error
    finally:
        old.close()
        del connections[_OLD]
        del connections.settings[_OLD]


def _rows(cursor: CursorWrapper, table: str, report_id: str | None = None) -> list[Row]:
    where, values = ("", []) if report_id is None else (" WHERE report_id = %s", [report_id])
    try:
        cursor.execute(f"SELECT * FROM {table}{where}", values)  # noqa: S608 (a name of ours)
        names = [column[0] for column in cursor.description]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
    except ERRORS as error:
        raise reading_error(error) from error


def _instant(value: datetime | str | None) -> datetime:
    """0.1 kept UTC; SQLite forgets the zone. Raises ValueError."""
    if value is None:  # also what Django reads where there is no date
        raise ValueError("a date is missing")
    moment = datetime.fromisoformat(value) if isinstance(value, str) else value
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)


def _take_stations(cursor: CursorWrapper, organisation: int) -> Sequence[str]:
    """The numbers under which another key was kept: their reports come, and prove nothing; no
    report is taken from them."""
    strange = []
    for row in _rows(cursor, "stations"):
        pem = own_pem(row["kid"], str(row["public_pem"]))
        told: Row = {"name": row["name"], "public_pem": pem}
        moments = [name for name in ("enrolled_at", "revoked_at") if row[name] is not None]
        told |= {name: _instant(row[name]) for name in moments}
        closed = {}
        if not pem:
            strange.append(row["kid"])
            closed = {"revoked_at": clock.now()}
        here, new = stations.Station.objects.get_or_create(
            kid=row["kid"], defaults={**closed, **told, "organisation_id": organisation}
        )
        if here.organisation_id != organisation:
            raise InputError(
                _("The station “{name}” belongs to another organisation here.").format(
                    name=here.name
                ),
                _("Take the reports over into that one: {option}.").format(option="--organisation"),
            )
        if not new and "revoked_at" in told:
            valid = stations.Station.objects.filter(kid=here.kid, revoked_at=None)
            valid.update(revoked_at=told["revoked_at"])
    return strange


def _take_machines(cursor: CursorWrapper, organisation: int) -> None:
    names = ("maker", "model", "serial", "uuid", "chassis")
    for row in _rows(cursor, "machines"):
        told = {name: row[name] for name in names}
        told["last_received_at"] = _instant(row["last_received_at"])
        told |= columns_of(row["maker"], row["model"], row["chassis"])
        pc, _new = reports.Pc.objects.get_or_create(
            organisation_id=organisation, machine_key=row["machine_key"], defaults=told
        )
        remember({pc.pk: [row[name] for name in ("maker", "model", "serial", "uuid")]})


def _take_report(cursor: CursorWrapper, row: Row, organisation: int, keys: Keys) -> None:
    """Of several that a session made of its own the first one counts. What is not what its station
    signed says nothing of a session, and silences none of its reports."""
    report_id, jws = row["report_id"], bytes(row["jws"])
    received_at = _instant(row["received_at"])
    sha256, kid = sha256_hex(jws), row["kid"]
    state = state_of(report_id, sha256, jws, kid, keys.pem(kid))
    sound = state in (State.GOOD, State.UNREADABLE)
    session_id, left, session_s = _told(report_id, jws) if sound else ("", False, 0.0)
    drives = _rows(cursor, "drives", report_id)
    pc = reports.Pc.objects.get(organisation=organisation, machine_key=row["machine_key"])
    of_drives = (drive[name] for drive in drives for name in ("serial", "wwn"))
    remember({pc.pk: (report_id, row["asset_tag"], row["lot"], row["donor"], *of_drives)})
    own = reports.Report.objects.filter(session_id=session_id, cut_off=False, station_id=kid)
    kept = ("outcome", "sealed_at", "asset_tag", "lot", "donor")
    reports.Report.objects.create(
        report_id=report_id,
        sha256=sha256,
        jws=jws,
        received_at=received_at,
        done_at=received_at,
        station_id=kid,
        pc=pc,
        session_id=column_text(session_id),
        cut_off=left or (session_id != "" and own.exists()),
        session_s=session_s,
        organisation=organisation,
        rule=0,  # judge_anew looks at each
        **{name: row[name] for name in kept},
    )
    reports.Drive.objects.bulk_create(_drives(drives))
    settle(kid, column_text(session_id), pc.pk)


def _drives(rows: Sequence[Row]) -> list[reports.Drive]:
    """What 0.1 said of them: it stands where the report cannot be read any more."""
    names = ("report_id", "position", "model", "serial", "wwn", "size_bytes", "state", "achieved")
    return [reports.Drive(**{name: row[name] for name in names}) for row in rows]


def _told(report_id: str, jws: bytes) -> tuple[str, bool, float]:
    """(session, whether from a journal that breaks off, how far it goes), of signed bytes."""
    try:
        payload = jws.split(b".")[1]
        report: dict[str, Any] = json.loads(base64.urlsafe_b64decode(payload + b"=="))
        session_id, session_s = str(report["session_id"]), float(report["clock"]["session_s"])
    except (ValueError, LookupError, TypeError):
        return "", False, 0.0
    _ours, older = left_ids(session_id, "")
    return session_id, bool(report.get("left_of")) or report_id == older, session_s
