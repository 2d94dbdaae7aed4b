"""Whether every stored report is still what its station signed, and the list says the same."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Max, Sum
from django.db.models.functions import Length

from reprise.domain.report.report import Report
from reprise.server.database import asking, reading
from reprise.server.problems import ProblemError
from reprise.server.reports import models
from reprise.server.reports.judging import drive_rows, judged
from reprise.server.reports.listed import NEWEST_DONE
from reprise.server.reports.sound import DamagedError, Keys, State, sound_report

_AT_ONCE = 20  # reports: each may have some megabytes


@dataclass(frozen=True, slots=True)
class Looked:
    """`size_bytes`: of the JWS."""

    report_id: str
    size_bytes: int
    state: State


def bytes_of_reports() -> int:
    """Of all JWS. Raises StorageError."""
    with asking():
        total = models.Report.objects.aggregate(total=Sum(Length("jws")))["total"]
    return total or 0


def last_receipt() -> datetime | None:
    """When the newest report came. Raises StorageError."""
    with asking():
        newest: datetime | None = models.Pc.objects.aggregate(m=Max("last_received_at"))["m"]
    return newest


def look_at_each() -> Iterator[Looked]:
    """Every report, in the order of their numbers; those that come meanwhile, perhaps. No view is
    held while the caller does something. Raises StorageError."""
    keys = Keys()
    known: set[int] = set()  # PCs that were looked at
    last = ""
    while True:
        with reading():
            following = models.Report.objects.filter(report_id__gt=last).order_by("report_id")
            rows = list(following[:_AT_ONCE])
            told = _Told(rows, known)
        if not rows:
            return
        for row in rows:
            yield Looked(row.report_id, _length(row.jws), _state(row, keys, told))
        last = rows[-1].report_id


def _length(jws: object) -> int:
    return len(jws) if isinstance(jws, bytes | memoryview | str) else 0


class _Told:
    """What the other tables say of some reports. In the caller's view."""

    def __init__(self, rows: Sequence[models.Report], known: set[int]) -> None:
        ids = [row.report_id for row in rows]
        self._drives: dict[str, list[models.Drive]] = {report_id: [] for report_id in ids}
        for drive in models.Drive.objects.filter(report__in=ids).order_by("report", "position"):
            self._drives[drive.report_id].append(drive)
        self._instead = models.Report.objects.defer("jws").in_bulk(
            {row.superseded_by for row in rows} - {""}
        )
        self._wrong_pcs = _wrongly_listed({row.pc_id for row in rows} - known)
        known |= {row.pc_id for row in rows}

    def agrees(self, row: models.Report, report: Report) -> bool:
        """With what was signed."""
        if row.received_at is None:  # SQLite keeps anything, and Django reads it as no date
            return False
        judgement = judged(report, row.received_at)
        del judgement["rule"]  # of another one the server makes it anew at its next start
        drives = [_facts(drive) for drive in drive_rows(report)]
        return (
            all(getattr(row, name) == value for name, value in judgement.items())
            and [_facts(drive) for drive in self._drives[row.report_id]] == drives
            and row.pc_id not in self._wrong_pcs
            and self._gives_way(row)
        )

    def _gives_way(self, row: models.Report) -> bool:
        """Only to another of its station's session, on the same PC."""
        if not row.superseded_by:
            return True
        other = self._instead.get(row.superseded_by)
        return other is not None and _session(other) == _session(row) and row.session_id != ""


def _session(row: models.Report) -> tuple[str, str, int]:
    return row.station_id, row.session_id, row.pc_id


def _facts(drive: models.Drive) -> tuple[object, ...]:
    names = ("position", "model", "serial", "wwn", "size_bytes", "state", "achieved")
    return tuple(getattr(drive, name) for name in names)


def _wrongly_listed(pcs: set[int]) -> set[int]:
    """Of these, those that are not listed as their newest report that counts says."""
    counting = models.Report.objects.filter(pc__in=pcs, superseded_by="")
    newest: dict[int, str] = {}
    for pc, outcome in counting.order_by(*NEWEST_DONE).values_list("pc", "outcome"):
        newest.setdefault(pc, outcome)
    listed = models.Pc.objects.filter(pk__in=pcs).values_list("pk", "outcome")
    return {pc for pc, outcome in listed if outcome != newest.get(pc, "")}


def _state(row: models.Report, keys: Keys, told: _Told) -> State:
    kid = row.station_id
    try:
        report = sound_report(row.report_id, row.sha256, row.jws, kid, keys.pem(kid))
    except DamagedError as error:
        return error.state
    except ProblemError:
        return State.UNREADABLE
    return State.GOOD if told.agrees(row, report) else State.OTHERWISE
