"""What a search looks through, and how a database finds it without reading all of it: three letters
in a row are what both know to look up (FTS5 of SQLite, pg_trgm of PostgreSQL)."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import connection
from django.db.models import QuerySet

from reprise.domain.report.report import Report
from reprise.server.reports import models

_CHARACTERS = 200
_MOST_WORDS = 8
_MOST_OF_ONE = 200  # characters of one name or number
_MOST_LINES = 5000  # of one PC
_SHORTEST = 3  # letters that an index knows


def asked_words(text: str) -> list[str]:
    return text.replace("\x00", "").lower()[:_CHARACTERS].split()[:_MOST_WORDS]


def told_words(report: Report) -> set[str]:
    """All by which a person may look for the PC of this report."""
    machine, operator = report.inventory.machine, report.operator
    told = [machine.maker, machine.model, machine.serial, machine.uuid, report.report_id]
    told += [operator.asset_tag, operator.lot, operator.donor]
    for record in report.drives:
        told += [record.identity.serial, record.identity.wwn]
    return _clean(told)


def remember(pc: models.Pc, words: Iterable[str]) -> None:
    """What was told of a PC stays: an older report is found by its own asset tag, too."""
    known = set(pc.words.splitlines())
    every = known | _clean(words)
    if every != known and len(known) < _MOST_LINES:
        pc.words = "\n".join(sorted(every))
        pc.save(update_fields=["words"])


def _clean(told: Iterable[str | None]) -> set[str]:
    """One line each, in small letters."""
    short = ((text or "").replace("\x00", "")[:_MOST_OF_ONE] for text in told)
    lines = (" ".join(text.lower().split()) for text in short)
    return {line for line in lines if line}


def holding(pcs: QuerySet[models.Pc], text: str) -> QuerySet[models.Pc]:
    """Those of `pcs` that hold every word of `text` somewhere. %, _ and quotes are letters."""
    words = asked_words(text)
    long = [word for word in words if len(word) >= _SHORTEST]
    if connection.vendor == "sqlite" and long:
        wanted = " ".join('"' + word.replace('"', '""') + '"' for word in long)
        pcs = pcs.extra(
            where=[
                "reports_pc.id IN"
                " (SELECT rowid FROM reports_pc_words WHERE reports_pc_words MATCH %s)"
            ],
            params=[wanted],
        )
        words = [word for word in words if len(word) < _SHORTEST]
    for word in words:
        pcs = pcs.filter(words__contains=word)
    return pcs
