"""What a search looks through, and how a database finds it without reading all of it: three letters
in a row are what both know to look up (FTS5 of SQLite, pg_trgm of PostgreSQL)."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.db import connection
from django.db.models import OuterRef, QuerySet, Subquery

from reprise.domain.report.report import Report
from reprise.server.database import writing
from reprise.server.reports import models

_CHARACTERS = 200
_MOST_WORDS = 8
_MOST_OF_ONE = 200  # characters of one name or number
MOST_LINES = 5000  # of one PC
_SHORTEST = 3  # letters that an index knows
MOST_FOUND = 1000  # PCs
LATELY = 10_000  # PCs that are looked at for words that no index knows
# The index's owner alone may: a server that works as another role leaves it to PostgreSQL.
_FILE = (
    "SELECT gin_clean_pending_list(oid) FROM pg_class"
    " WHERE oid = 'reports_letters'::regclass AND pg_has_role(relowner, 'USAGE')"
)
NEWEST = ("-last_received_at", "machine_key")  # first


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


def remember(
    told: Mapping[int, Iterable[str | None]], just_made: Collection[int] = frozenset()
) -> None:
    """What was told of a PC, by its number, stays: an older report is found by its own asset tag,
    too. `just_made`: of which nothing can have been told before."""
    here = models.Words.objects.filter(pc__in=told.keys() - just_made).values_list("pc", "words")
    known = {pc: set(words.splitlines()) for pc, words in here}
    new = []
    for pc, words in told.items():
        before = known.get(pc, set())
        every = before | _clean(words)
        if every == before or len(before) >= MOST_LINES:
            continue
        text = "\n".join(sorted(every))
        if pc in known:
            models.Words.objects.filter(pc=pc).update(words=text)
        else:
            new.append(models.Words(pc_id=pc, words=text))
    models.Words.objects.bulk_create(new)


def file_letters() -> None:
    """PostgreSQL notes new words on a list beside the index of letters, and who fills that list
    files all of it, which takes the longer the larger the index is: a report would wait for that.
    To be done now and then by somebody for whom nobody waits. Raises StorageError."""
    if connection.vendor == "postgresql":
        with writing(), connection.cursor() as cursor:
            cursor.execute(_FILE)


def _clean(told: Iterable[str | None]) -> set[str]:
    """One line each, in small letters."""
    short = ((text or "").replace("\x00", "")[:_MOST_OF_ONE] for text in told)
    lines = (" ".join(text.lower().split()) for text in short)
    return {line for line in lines if line}


@dataclass(frozen=True, slots=True)
class Found:
    """One page of PCs. `count`: of all that were found, at most MOST_FOUND; `more`: than that, and
    then they are in the order NEWEST. `lately`: only the newest of all were looked at."""

    number: int
    count: int
    more: bool
    rows: list[models.Pc]
    lately: bool = False


def found(
    pcs: QuerySet[models.Pc], text: str, order: Sequence[str], number: int, size: int
) -> Found:
    """Those of `pcs` that hold every word of `text` somewhere, in that order; page `number` (from
    1; too large: the last).

    Few are found by the index of letters, and then put in order; of many the newest are found by
    going from the newest on. To be asked within one view of the database."""
    words = asked_words(text)
    if max(map(len, words)) < _SHORTEST:
        holds, lately = _looked_through(pcs, words)
    else:
        holds, lately = holding(pcs, text), False
    number = min(number, -(-MOST_FOUND // size))
    ids = list(holds.values_list("pk", flat=True)[: MOST_FOUND + 1])
    if len(ids) > MOST_FOUND:
        every = (holds if lately else _containing(pcs, words)).order_by(*NEWEST)
        return Found(number, MOST_FOUND, True, _page(every, number, size), lately)
    number = min(number, max(1, -(-len(ids) // size)))
    few = models.Pc.objects.filter(pk__in=ids).order_by(*order)
    return Found(number, len(ids), False, _page(few, number, size), lately)


def _looked_through(
    pcs: QuerySet[models.Pc], words: Iterable[str]
) -> tuple[QuerySet[models.Pc], bool]:
    """Without an index, one PC after the other, and the newest alone where they are many. What a PC
    was told is asked for in a way that leaves no database the choice to begin with all of it."""
    moments = pcs.order_by(NEWEST[0]).values_list("last_received_at", flat=True)
    oldest = moments[LATELY : LATELY + 1].first()
    if oldest is not None:
        pcs = pcs.filter(last_received_at__gt=oldest)
    its_words = models.Words.objects.filter(pc=OuterRef("pk")).values("words")
    pcs = pcs.annotate(said=Subquery(its_words))
    for word in words:
        pcs = pcs.filter(said__contains=word)
    return pcs, oldest is not None


def _page(pcs: QuerySet[models.Pc], number: int, size: int) -> list[models.Pc]:
    return list(pcs[(number - 1) * size : number * size])


def holding(pcs: QuerySet[models.Pc], text: str) -> QuerySet[models.Pc]:
    """By the index of letters, in no order. %, _ and quotes are letters, too."""
    words = asked_words(text)
    long = [word for word in words if len(word) >= _SHORTEST]
    if connection.vendor == "sqlite" and long:
        wanted = " ".join('"' + word.replace('"', '""') + '"' for word in long)
        # "+": without it SQLite may ask for the letters of each PC
        pcs = pcs.extra(
            tables=["reports_letters"],
            where=["reports_pc.id = +reports_letters.rowid", "reports_letters MATCH %s"],
            params=[wanted],
        )
        words = [word for word in words if len(word) < _SHORTEST]
    return _containing(pcs, words)


def _containing(pcs: QuerySet[models.Pc], words: Iterable[str]) -> QuerySet[models.Pc]:
    for word in words:
        pcs = pcs.filter(told__words__contains=word)
    return pcs
