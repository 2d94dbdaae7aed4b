"""Pages for people: the list of PCs, and one PC with all that was done to it."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import TypeVar
from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.views.decorators.http import require_safe

from reprise.domain.report.outcome import Outcome
from reprise.i18n import _
from reprise.server.people.scope import Right, Scope
from reprise.server.people.walls import Standing, anybody, standing_of, wall
from reprise.server.rendering import asked_page, page
from reprise.server.reports import pc_views
from reprise.server.reports.catalogue import Narrowed, Sort, list_pcs
from reprise.server.reports.listed import Kind
from reprise.server.reports.searching import LATELY
from reprise.server.reports.telling import tell_pc
from reprise.server.settings import in_force
from reprise.server.stations.services import station_of_key

Word = TypeVar("Word", bound=StrEnum)


@require_safe
@anybody
def start(request: HttpRequest, standing: Standing) -> HttpResponse:
    """What each role begins with."""
    if Right.SEE_REPORTS in standing.rights:
        return pcs(request)
    if Right.RUN_INSTANCE in standing.rights:
        return HttpResponseRedirect("/instance")
    return page(request, "nothing_yet.html")


@wall(Right.SEE_REPORTS)
def pcs(request: HttpRequest, scope: Scope) -> HttpResponse:
    """All PCs, newest report first, or those that hold every word of ?q= and are of the kind asked
    for. What an address says wrongly is taken for not said."""
    asked = request.GET
    query = asked.get("q", "").strip()[:200]
    number = asked_page(request)
    since, until = _day(asked.get("since", "")), _day(asked.get("until", ""))
    narrowed = Narrowed(
        outcome=_word(Outcome, asked.get("outcome", "")),
        kind=_word(Kind, asked.get("kind", "")),
        since=_begin(request, since),
        before=_begin(request, until, days=1),
    )
    sort = _word(Sort, asked.get("sort", "")) or Sort.NEWEST
    said = {
        "outcome": narrowed.outcome or "",
        "kind": narrowed.kind or "",
        "since": since.isoformat() if since else "",
        "until": until.isoformat() if until else "",
        "sort": sort if sort is not Sort.NEWEST else "",
    }
    return page(
        request,
        "pcs.html",
        query=query,
        said=said,
        is_narrowed=any(said[name] for name in ("outcome", "kind", "since", "until")),
        outcomes=tuple(Outcome),
        kinds={kind: _kind_word(kind) for kind in Kind},
        sorts={one: _sort_word(one) for one in Sort},
        sort=sort,
        lately=LATELY,
        found=list_pcs(scope, query, number, in_force().page_size, narrowed=narrowed, sort=sort),
    )


def _word(words: type[Word], said: str) -> Word | None:
    return words(said) if said in {word.value for word in words} else None


def _day(said: str) -> date | None:
    try:
        return date.fromisoformat(said) if len(said) == 10 else None
    except ValueError:
        return None


def _begin(request: HttpRequest, day: date | None, days: int = 0) -> datetime | None:
    """The first moment of that day, or of one after it, where the organisation is."""
    standing = standing_of(request)
    zone = ZoneInfo(standing.here.time_zone if standing and standing.here else "UTC")
    try:
        later = day + timedelta(days=days) if day else None
        moment = datetime(later.year, later.month, later.day, tzinfo=zone) if later else None
        return moment.astimezone(ZoneInfo("UTC")) if moment else None
    except OverflowError:  # the first or the last day of the calendar
        return None


def _kind_word(kind: Kind) -> str:
    return {
        Kind.LAPTOP: _("Laptops"),
        Kind.DESKTOP: _("Desktops"),
        Kind.OTHER: _("Others, or unknown"),
    }[kind]


def _sort_word(sort: Sort) -> str:
    return {
        Sort.NEWEST: _("Newest report first"),
        Sort.NAME: _("Make and model"),
        Sort.SERIAL: _("Serial number"),
    }[sort]


@require_safe
@wall(Right.SEE_REPORTS)
def pc_page(request: HttpRequest, scope: Scope, pc: int) -> HttpResponse:
    """One PC, and what each of its reports says of it and of its drives."""
    told = tell_pc(scope, pc)
    keys = {report.kid: station_of_key(report.kid) for report in told.reports}
    names = {kid: station.name for kid, station in keys.items() if station is not None}
    return page(request, "pc.html", pc=told, stations=names, views=pc_views)
