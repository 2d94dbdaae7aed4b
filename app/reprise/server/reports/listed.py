"""What the list of PCs asks for, kept with each PC so that no page of it reads all reports."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any

from django.db import connection
from django.db.models import Q, QuerySet

from reprise.domain.pc.hardware import Machine
from reprise.domain.pc.impact import PcKind, kind_of
from reprise.domain.report.one_session import Word, truth
from reprise.server.reports import models

_MOST_NAME = 200  # characters
# Reports of a PC: what arrives late may tell of what was done before.
NEWEST_DONE = ("-done_at", "-received_at", "report_id")

WORD = ("report_id", "cut_off", "session_s")  # what a report says of its session
# Of what is not sound, `rule` is the negative of the one that found it so; 0: nobody has judged it.
DOUBTED = Q(rule__lte=0)
_INSTANT = timedelta(microseconds=1)
_EARLIEST, _LATEST = (one.replace(tzinfo=UTC) for one in (datetime.min, datetime.max))
_EARLIEST, _LATEST = _EARLIEST + _INSTANT, _LATEST - _INSTANT


class Kind(StrEnum):
    LAPTOP = PcKind.LAPTOP.value
    DESKTOP = PcKind.DESKTOP.value
    OTHER = "other"  # or unknown


def columns_of(maker: str, model: str, chassis: str) -> dict[str, Any]:
    """The columns of a PC that follow from what its firmware says."""
    name = Machine(maker=maker, model=model).name.lower()[:_MOST_NAME]
    kind = kind_of(chassis)
    return {"name": name, "kind": Kind.OTHER.value if kind is None else kind.value}


def hold(pcs: QuerySet[models.Pc]) -> None:
    """Their reports are stored, judged and listed by nobody else until the caller's transaction
    ends: what it reads of them from here on is so when it lists them. Whoever holds several names
    all of them at once: they are taken in the order of their numbers, so that no two servers wait
    for each other. On SQLite every writer is alone anyway."""
    if connection.vendor == "postgresql":
        list(pcs.order_by("pk").select_for_update(no_key=True).values_list("pk"))


def list_anew(pc: int) -> None:
    """After any change of its reports: a PC is listed under the one that counts and was done last,
    and not at all where none does. In the caller's transaction."""
    hold(models.Pc.objects.filter(pk=pc))
    list_held(pc)


def list_held(pc: int) -> None:
    """One that the caller holds."""
    counting = models.Report.objects.filter(pc=pc, superseded_by="")
    newest = counting.order_by(*NEWEST_DONE).values_list("outcome", flat=True)
    models.Pc.objects.filter(pk=pc).update(outcome=newest.first() or "")


def wrongly_listed(pcs: Collection[int]) -> set[int]:
    """Of these, those that are not listed as their newest report that counts says."""
    counting = models.Report.objects.filter(pc__in=pcs, superseded_by="")
    newest: dict[int, str] = {}
    for pc, outcome in counting.order_by(*NEWEST_DONE).values_list("pc", "outcome"):
        newest.setdefault(pc, outcome)
    listed = models.Pc.objects.filter(pk__in=pcs).values_list("pk", "outcome")
    return {pc for pc, outcome in listed if outcome != newest.get(pc, "")}


def word(report_id: str, cut_off: bool, session_s: Any) -> Word:
    """Of the columns WORD: SQLite keeps anything in any of them."""
    return Word(report_id, cut_off, session_s if isinstance(session_s, float) else 0.0)


def instead_of(words: Sequence[Word]) -> dict[str, str]:
    """Of each report of a station's session on one PC, the one that counts instead; "" where it
    counts: the one that goes furthest of those that were made from its journal alone; each of its
    own, where there is one."""
    if not words:
        return {}
    best = truth(words)
    counting = {word.report_id for word in words if not word.left} or {best}
    return {word.report_id: "" if word.report_id in counting else best for word in words}


def counting(session: QuerySet[models.Report]) -> set[str]:
    """The reports of a station's session that count, by what the columns say, on whichever PC."""
    words: defaultdict[object, list[Word]] = defaultdict(list)
    for pc, *columns in session.exclude(DOUBTED).values_list("pc", *WORD):
        if isinstance(columns[0], str):
            words[pc].append(word(*columns))
    told = (instead_of(some) for some in words.values())
    return {report_id for one in told for report_id, best in one.items() if not best}


def settle(kid: str, session_id: str, pc: object) -> None:
    """Say which of the reports of a station's session on one PC count. Another station that names
    the same session silences none of them. "" is no session: each counts. In the caller's
    transaction."""
    if not isinstance(pc, int):  # SQLite keeps anything in any column; nothing is listed by it
        return
    hold(models.Pc.objects.filter(pk=pc))  # before it is read
    if session_id:
        settle_held(kid, session_id, pc)
    list_held(pc)


def settle_held(kid: str, session_id: str, pc: int) -> None:
    """On a PC that the caller holds, and lists anew."""
    _settle(models.Report.objects.filter(session_id=session_id, pc=pc, station=kid))


def _settle(session: QuerySet[models.Report]) -> None:
    """One that is doubted silences nobody, and none counts instead of it."""
    doubted, believed = session.filter(DOUBTED), session.exclude(DOUBTED)
    # SQLite keeps anything in any column: what has no number is doubted as soon as it is judged
    words = [word(*row) for row in believed.values_list(*WORD) if isinstance(row[0], str)]
    told = instead_of(words)
    counting = [report_id for report_id, best in told.items() if not best]
    believed.filter(report_id__in=counting).update(superseded_by="")
    for best in set(told.values()) - {""}:  # one, or none
        believed.exclude(report_id__in=counting).update(superseded_by=best)
    if doubted.update(superseded_by=""):
        _list_doubt(doubted, believed)


def _list_doubt(doubted: QuerySet[models.Report], believed: QuerySet[models.Report]) -> None:
    """After what its session said besides, and it may have ended otherwise; but a part of it before
    the session's own report, which tells all that the part can."""
    own = _last_done(believed.filter(cut_off=False))
    if own is not None:
        doubted.filter(cut_off=True).update(done_at=max(own, _EARLIEST) - _INSTANT)
        doubted = doubted.filter(cut_off=False)
    list_after(doubted, believed)


def list_after(doubted: QuerySet[models.Report], others: QuerySet[models.Report]) -> None:
    """They are done after what can be believed of the others; what is listed later already stays
    there: another station may have erased in between."""
    last = _last_done(others)
    if last is not None:
        after = min(last, _LATEST) + _INSTANT
        doubted.filter(done_at__lt=after).update(done_at=after)


def _last_done(reports: QuerySet[models.Report]) -> datetime | None:
    """SQLite keeps anything, and would put it in an order of its own."""
    every = reports.values_list("done_at", flat=True)
    return max((one for one in every if isinstance(one, datetime)), default=None)
