"""What all reports of a PC say of it together, as far as they are what their stations signed: a PC
stands in the list as the first of them says, or with the chassis of a later one, and is found by
the words of each."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from reprise.domain.report.report import Report
from reprise.server.database import writing
from reprise.server.problems import ProblemError
from reprise.server.reports import models
from reprise.server.reports.columns import pc_columns
from reprise.server.reports.listed import columns_of, hold
from reprise.server.reports.searching import MOST_LINES, remember, told_words
from reprise.server.reports.sound import DamagedError, Keys, sound_report

_AT_ONCE = 20  # reports: each may have some megabytes


@dataclass(slots=True)
class Whole:
    """`columns`: of the table of PCs, as its first report says them. `all_sound`: of another one
    nobody can say what it told."""

    columns: dict[str, Any] = field(default_factory=dict)
    chassis: set[str] = field(default_factory=set)
    words: set[str] = field(default_factory=set)
    received_at: set[datetime] = field(default_factory=set)
    all_sound: bool = True

    def add(self, report: Report | None, received_at: datetime) -> None:
        """None: it is not sound."""
        self.received_at.add(received_at)
        if report is None:
            self.all_sound = False
            return
        columns = pc_columns(report)
        self.columns = self.columns or columns
        self.chassis.add(columns["chassis"])
        self.words |= told_words(report)

    def agrees(self, pc: models.Pc, words: object) -> bool:
        """With the PC's row, and with what a search looks through."""
        lines = set(words.splitlines()) if isinstance(words, str) else set[str]()
        wanted = self.columns | {"last_received_at": pc.last_received_at}
        if pc.chassis in self.chassis:
            told = columns_of(wanted["maker"], wanted["model"], pc.chassis)
            wanted |= told | {"chassis": pc.chassis}
        return (
            all(getattr(pc, name) == value for name, value in wanted.items())
            and pc.last_received_at in self.received_at
            and (self.words <= lines or len(lines) >= MOST_LINES)
            and (lines <= self.words or not self.all_sound)
        )


def whole(pc: int, keys: Keys) -> Whole:
    """In the caller's view or transaction."""
    said = Whole()
    here = models.Report.objects.filter(pc=pc).order_by("received_at", "report_id")
    for row in here.iterator(chunk_size=_AT_ONCE):
        if row.received_at is None:  # see verifying
            said.all_sound = False
        else:
            said.add(signed(row, keys), row.received_at)
    return said


def signed(row: models.Report, keys: Keys) -> Report | None:
    """The report of a row; None: it is not sound."""
    kid = row.station_id
    try:
        return sound_report(row.report_id, row.sha256, row.jws, kid, keys.pem(kid))
    except (DamagedError, ProblemError):
        return None


def make_anew(pcs: Iterable[int]) -> None:
    """The rows of these PCs, from their reports. What one that nobody can read told stays. Raises
    StorageError."""
    keys = Keys()
    for pc in pcs:
        with writing():
            hold(models.Pc.objects.filter(pk=pc))
            _make_one(pc, whole(pc, keys))


def _make_one(pc: int, said: Whole) -> None:
    here = models.Pc.objects.filter(pk=pc)
    if said.received_at:
        here.update(**said.columns, last_received_at=max(said.received_at))
    told = models.Words.objects.filter(pc=pc)
    if said.all_sound or not isinstance(told.values_list("words", flat=True).first(), str):
        told.delete()
    remember({pc: said.words})
