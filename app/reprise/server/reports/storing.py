"""Putting reports away for years: many in one transaction, and few questions for all of them."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import Enum, auto

from django.db import connection

from reprise.codec import sha256_hex
from reprise.domain.report.one_session import word_of
from reprise.domain.report.report import Report
from reprise.server import clock
from reprise.server.database import writing
from reprise.server.database_locks import hold_keys
from reprise.server.reports import filing, models
from reprise.server.reports.archive import Stored, stored_among
from reprise.server.reports.columns import (
    column_text,
    machine_key,
    pc_row,
    session_columns,
    signed_columns,
)
from reprise.server.reports.judging import drive_rows, judged
from reprise.server.reports.listed import hold, list_held, settle_held
from reprise.server.reports.searching import remember, told_words
from reprise.server.stations.facts import saw
from reprise.server.stations.services import Station, stations_of_keys


class Put(Enum):
    STORED = auto()
    SAME = auto()  # these very bytes were here already
    CONFLICT = auto()  # other bytes are here under this id
    SECOND = auto()  # the session has made another report of its own
    REVOKED = auto()  # the key was revoked since the report began to come in
    ENDED = auto()  # so has its enrolment


Result = tuple[Put, Stored]


@dataclass(frozen=True, slots=True)
class Checked:
    """A report whose signature is good and whose content was read."""

    report: Report
    jws: bytes
    kid: str


@dataclass(frozen=True, slots=True)
class _New:
    """What is to be stored, and where."""

    report: Report
    stored: Stored
    received_at: datetime
    organisation: int
    pc: tuple[int, str]  # (whose, machine_key): of one wave, no two are the same

    @property
    def session(self) -> str:
        return column_text(self.report.session_id)


def put_all(new: Sequence[Checked]) -> list[Result]:
    """Store checked reports in one transaction: one wait for the disk for all of them. Of each,
    what became of it, with what is stored under its id; or (SECOND) the report that its session has
    made of its own already.

    Returns when the bytes are on the disk. Raises FullError or StorageError; then nothing of them
    is there.
    """
    named = [(checked, _names(checked.report)) for checked in new]
    with writing():
        hold_keys()
        _alone_with(names for _checked, names in named)
        stations = stations_of_keys({checked.kid for checked in new})
        saw(stations.values())
        _hold_pcs(new, stations)
        filed = set[tuple[str, str]]()
        return [result for wave in _waves(named) for result in _put(wave, stations, filed)]


def _names(report: Report) -> set[str]:
    """Whom it speaks of: a report, a session, a PC."""
    return {report.report_id, column_text(report.session_id), machine_key(report)}


def _alone_with(named: Iterable[set[str]]) -> None:
    """Reports of one number, of one session and of one PC come one after the other, whichever of
    several servers takes them; in one order, so that no two wait for each other. On SQLite every
    writer is alone anyway."""
    if connection.vendor != "postgresql":
        return
    names = set[str]().union(*named)
    with connection.cursor() as cursor:
        numbers = sorted(map(_lock_number, names))
        cursor.execute("SELECT pg_advisory_xact_lock(n) FROM unnest(%s::bigint[]) n", [numbers])


def _lock_number(name: str) -> int:
    digest = hashlib.sha256(name.encode()).digest()
    return int.from_bytes(digest[:8], "big", signed=True)


def _hold_pcs(new: Sequence[Checked], stations: Mapping[str, Station]) -> None:
    """In one order, before each is written."""
    here = models.Pc.objects.filter(
        organisation__in={station.organisation for station in stations.values()},
        machine_key__in={machine_key(checked.report) for checked in new},
    )
    hold(here)


def _waves(named: Iterable[tuple[Checked, set[str]]]) -> Iterator[list[Checked]]:
    """In their order, those together of which none speaks of what another speaks of: it changes
    nothing for them whether the others are there."""
    wave: list[Checked] = []
    spoken_of: set[str] = set()
    for checked, names in named:
        if names & spoken_of:
            yield wave
            wave, spoken_of = [], set()
        wave.append(checked)
        spoken_of |= names
    if wave:
        yield wave


def _put(
    wave: Sequence[Checked], stations: Mapping[str, Station], filed: set[tuple[str, str]]
) -> list[Result]:
    now = clock.now()
    here = models.Report.objects.filter(report_id__in=[new.report.report_id for new in wave])
    there = {stored.report_id: stored for stored in stored_among(here)}
    sessions = _Sessions(wave, filed)
    results: list[Result] = []
    to_store: list[_New] = []
    for new in wave:
        stored = Stored(new.report.report_id, sha256_hex(new.jws), new.jws, now, new.kid)
        before = there.get(stored.report_id)
        station = stations.get(new.kid)
        if before is not None:
            results.append((Put.SAME if before.jws == new.jws else Put.CONFLICT, before))
        elif (second := sessions.own_of(new)) is not None:
            results.append((Put.SECOND, second))
        elif station is None or station.is_closed:
            ended = station is not None and not station.is_revoked
            results.append((Put.ENDED if ended else Put.REVOKED, stored))
        else:
            results.append((Put.STORED, stored))
            pc = station.organisation, machine_key(new.report)
            to_store.append(_New(new.report, stored, now, station.organisation, pc))
    if to_store:
        _store(to_store, sessions)
    return results


class _Sessions:
    """What is here already of the sessions that a wave speaks of. `filed`: station and session of
    those that are filed as they were signed, for the waves to come, too."""

    def __init__(self, wave: Sequence[Checked], filed: set[tuple[str, str]]) -> None:
        self._filed = filed
        self._names = {column_text(new.report.session_id) for new in wave} - {""}
        self._read()

    def _read(self) -> None:
        here = models.Report.objects.filter(session_id__in=self._names)
        rows = here.values_list("session_id", "pc", "station", "cut_off", "report_id")
        self._own: dict[tuple[str, str], str] = {}
        self._of_pc: set[tuple[str, str, int]] = set()
        self._there: set[tuple[str, str]] = set()
        for session, pc, kid, cut_off, report_id in rows:
            self._there.add((kid, session))
            self._of_pc.add((session, kid, pc))
            if not cut_off:
                self._own[session, kid] = report_id

    def own_of(self, new: Checked) -> Stored | None:
        """The report that its session made of its own, with this key: another station that says the
        same number keeps no report away. To be asked of each report that is not here yet."""
        session = column_text(new.report.session_id)
        mine = new.kid, session
        if mine in self._there - self._filed:
            self._filed.add(mine)
            filing.file_session(*mine)
            self._read()  # what left it may be of another one here
        report_id = self._own.get((session, new.kid))
        if word_of(new.report).left or report_id is None:
            return None
        return next(stored_among(filing.row(report_id)))

    def has(self, new: _New, pc: int) -> bool:
        """Of its station, too."""
        return (new.session, new.stored.kid, pc) in self._of_pc


def _store(new: Sequence[_New], sessions: _Sessions) -> None:
    rows = {one.pc: _row(one) for one in new}
    known = _known_pcs(rows)
    made = [
        pc_row(one.report, one.organisation, one.received_at, rows[one.pc].outcome)
        for one in new
        if one.pc not in known
    ]
    models.Pc.objects.bulk_create(made)
    pcs = {**known, **{(pc.organisation_id, pc.machine_key): pc.pk for pc in made}}
    for pc, row in rows.items():
        row.pc_id = pcs[pc]
    models.Report.objects.bulk_create(rows.values())
    models.Drive.objects.bulk_create([row for one in new for row in drive_rows(one.report)])
    told = {pcs[one.pc]: told_words(one.report) for one in new}
    remember(told, just_made={pc.pk for pc in made})
    for one in new:
        if (number := known.get(one.pc)) is not None:
            # the row is held from here on, whoever made it
            models.Pc.objects.filter(pk=number).update(last_received_at=one.received_at)
            if one.session and sessions.has(one, number):
                settle_held(one.stored.kid, one.session, number)
            list_held(number)


def _row(new: _New) -> models.Report:
    report, stored = new.report, new.stored
    return models.Report(
        report_id=stored.report_id,
        sha256=stored.sha256,
        jws=stored.jws,
        received_at=new.received_at,
        station_id=stored.kid,
        organisation=new.organisation,
        **signed_columns(report),
        **session_columns(report),
        **judged(report, new.received_at),
    )


def _known_pcs(pcs: Collection[tuple[int, str]]) -> dict[tuple[int, str], int]:
    here = models.Pc.objects.filter(
        organisation__in={organisation for organisation, _key in pcs},
        machine_key__in=[key for _organisation, key in pcs],
    )
    found = here.values_list("organisation", "machine_key", "pk")
    return {(whose, key): pk for whose, key, pk in found if (whose, key) in pcs}
