"""Whether every stored report is still what its station signed, and the list says the same."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import connection
from django.db.models import Count, Exists, OuterRef, Sum
from django.db.models.functions import Length

from reprise.domain.report.one_session import Word
from reprise.domain.report.report import Report
from reprise.server.database import asking, reading
from reprise.server.problems import ProblemError
from reprise.server.reports import models
from reprise.server.reports.columns import machine_key, session_columns, signed_columns
from reprise.server.reports.judging import drive_rows, is_believed, judged
from reprise.server.reports.listed import WORD, instead_of, word, wrongly_listed
from reprise.server.reports.sound import DamagedError, Keys, State, sound_report
from reprise.server.reports.whole_pc import Whole, signed, whole

_AT_ONCE = 20  # reports: each may have some megabytes


@dataclass(frozen=True, slots=True)
class Looked:
    """`size_bytes`: of the JWS. `report_id`: bytes where the database holds no UTF-8 for it."""

    report_id: str | bytes
    size_bytes: int
    state: State


def bytes_of_reports() -> int:
    """Of all JWS. Raises StorageError."""
    with asking():
        total = models.Report.objects.aggregate(total=Sum(Length("jws")))["total"]
    return total or 0


def last_receipt() -> datetime | None:
    """When the newest report came. Raises StorageError."""
    here = models.Pc.objects.order_by("-last_received_at")
    with asking():
        newest = list(here.values_list("last_received_at", flat=True)[:_AT_ONCE])
    return next((one for one in newest if one is not None), None)  # SQLite keeps anything


def listed_without_report() -> Sequence[int]:
    """The numbers of PCs that are listed as something, and of which nothing was signed. Raises
    StorageError."""
    some = models.Report.objects.filter(pc=OuterRef("pk"))
    with asking():
        return list(
            models.Pc.objects.exclude(outcome="").exclude(Exists(some)).values_list("pk", flat=True)
        )


def look_at_each() -> Iterator[Looked]:
    """Every report, in the order of their numbers; those that come meanwhile, perhaps. No view is
    held while the caller does something. Raises StorageError."""
    seen = _Seen()
    last: tuple[str | bytes, str] | None = None
    while True:
        with reading():
            ids = _following(last)
            named = [one for one, _kind in ids if isinstance(one, str)]
            rows = list(models.Report.objects.filter(report_id__in=named).order_by("report_id"))
            told = _Told(rows, seen)
        if not ids:
            return
        for row in rows:
            yield Looked(row.report_id, _length(row.jws), _state(row, seen.keys, told))
        for one, _kind in ids:
            if not isinstance(one, str):
                yield Looked(one, 0, State.CHANGED)
        last = ids[-1]


def _following(last: tuple[str | bytes, str] | None) -> list[tuple[str | bytes, str]]:
    """Numbers and their kinds, as the database holds them: SQLite keeps anything in any column, in
    an order that Django's words for it do not follow: text, be it UTF-8 or not, then bytes."""
    kind = "typeof(report_id)" if connection.vendor == "sqlite" else "'text'"
    after = "" if last is None else f"WHERE report_id > CAST(%s AS {last[1]})"
    params = [] if last is None else [last[0]]
    words = f"SELECT report_id, {kind} FROM reports_report {after}"  # noqa: S608
    with connection.cursor() as cursor:
        cursor.execute(f"{words} ORDER BY report_id LIMIT {_AT_ONCE}", params)
        return list(cursor.fetchall())


def _length(jws: object) -> int:
    return len(jws) if isinstance(jws, bytes | memoryview | str) else 0


class _Seen:
    """What is found out once for all reports. `wrong`: PCs that are listed otherwise than their
    reports say; `misnamed`: by another label, or other words, than theirs."""

    def __init__(self) -> None:
        self.keys = Keys()
        self.pcs = set[int]()
        self.wrong = set[int]()
        self.misnamed = set[int]()
        self._sound: dict[str, bool] = {}

    def is_sound(self, report_id: str) -> bool:
        """In the caller's view."""
        if report_id not in self._sound:
            here = models.Report.objects.filter(report_id=report_id)
            self._sound[report_id] = any(signed(row, self.keys) for row in here)
        return self._sound[report_id]


class _Told:
    """What the other tables, and other reports, say of some. In the caller's view."""

    def __init__(self, rows: Sequence[models.Report], seen: _Seen) -> None:
        self._seen = seen
        ids = [row.report_id for row in rows]
        self._drives: dict[str, list[models.Drive]] = {report_id: [] for report_id in ids}
        for drive in models.Drive.objects.filter(report__in=ids).order_by("report", "position"):
            self._drives[drive.report_id].append(drive)
        whose = models.Report.objects.filter(report_id__in=ids)
        self._whose = dict(whose.values_list("report_id", "station__organisation"))
        pcs = {row.pc_id for row in rows if isinstance(row.pc_id, int)}
        self._pcs = models.Pc.objects.in_bulk(pcs)
        self._instead: dict[str, str] = {}
        self._own: set[tuple[str, str]] = set()  # (station, session) of a report of its own
        self._ask_sessions({row.session_id for row in rows} - {""})
        new = pcs - seen.pcs
        seen.wrong |= wrongly_listed(new)
        self._words = dict(models.Words.objects.filter(pc__in=new).values_list("pc", "words"))
        counted = models.Report.objects.filter(pc__in=new).values_list("pc")
        reports = dict(counted.annotate(Count("pk")))
        # of the many that have one report, that is enough: see _is_as_told
        self._alone = {pc for pc, count in reports.items() if count == 1}
        for pc in self._pcs.keys() & (new - self._alone):
            if not whole(pc, seen.keys).agrees(self._pcs[pc], self._words.get(pc)):
                seen.misnamed.add(pc)
        seen.pcs |= pcs

    def _ask_sessions(self, names: set[str]) -> None:
        here = models.Report.objects.filter(session_id__in=names)
        rows = list(here.values_list("station", "session_id", "pc", *WORD))
        several = Counter(row[:2] for row in rows)
        sessions: dict[tuple[str, str, int], list[Word]] = {}
        for kid, session, pc, *columns in rows:
            said = word(*columns)
            if several[kid, session] > 1 and not self._seen.is_sound(said.report_id):
                continue  # it counts in no session
            sessions.setdefault((kid, session, pc), []).append(said)
            if not said.left:
                self._own.add((kid, session))
        for words in sessions.values():
            self._instead |= instead_of(words)

    def believes(self, row: models.Report) -> bool:
        """A report that cannot be read."""
        return row.pc_id in self._seen.wrong or is_believed(row, self._drives[row.report_id])

    def agrees(self, row: models.Report, report: Report) -> bool:
        """With what was signed."""
        if row.received_at is None:  # SQLite keeps anything, and Django reads it as no date
            return False
        judgement = judged(report, row.received_at) | signed_columns(report)
        del judgement["rule"]  # of another one the server makes it anew at its next start
        drives = [_facts(drive) for drive in drive_rows(report)]
        return (
            all(getattr(row, name) == value for name, value in judgement.items())
            and [_facts(drive) for drive in self._drives[row.report_id]] == drives
            and self._is_of_its_pc(row, report)
            and self._is_of_its_session(row, report)
        )

    def _is_of_its_pc(self, row: models.Report, report: Report) -> bool:
        """Its station's organisation's, and listed as its newest report that counts says, by what
        all of them say."""
        pc = self._pcs.get(row.pc_id)
        whose = self._whose.get(row.report_id)
        return (
            pc is not None
            and pc.machine_key == machine_key(report)
            and pc.organisation_id == whose == row.organisation
            and row.pc_id not in self._seen.wrong
            and self._is_as_told(pc, row, report)
        )

    def _is_as_told(self, pc: models.Pc, row: models.Report, report: Report) -> bool:
        if pc.pk not in self._alone:
            return pc.pk not in self._seen.misnamed
        said = Whole()
        said.add(report, row.received_at)
        return said.agrees(pc, self._words.get(pc.pk))

    def _is_of_its_session(self, row: models.Report, report: Report) -> bool:
        """And gives way to none but the one that counts instead."""
        signed = session_columns(report)
        if row.cut_off and (row.station_id, row.session_id) in self._own:
            signed["cut_off"] = True  # 0.1 took several of its own: one of them counts
        return all(
            getattr(row, name) == value for name, value in signed.items()
        ) and row.superseded_by == self._instead.get(row.report_id, "")


def _facts(drive: models.Drive) -> tuple[object, ...]:
    names = ("position", "model", "serial", "wwn", "size_bytes", "state", "achieved")
    return tuple(getattr(drive, name) for name in names)


def _state(row: models.Report, keys: Keys, told: _Told) -> State:
    kid = row.station_id
    try:
        report = sound_report(row.report_id, row.sha256, row.jws, kid, keys.pem(kid))
    except DamagedError as error:
        return error.state
    except ProblemError:
        return State.BELIEVED if told.believes(row) else State.UNREADABLE
    return State.GOOD if told.agrees(row, report) else State.OTHERWISE
