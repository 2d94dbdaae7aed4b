"""The page of an organisation's stations."""

from __future__ import annotations

import os
import pwd
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.views.decorators.http import require_POST, require_safe

from reprise.server.enrolments.services import list_open
from reprise.server.people.organisations import settings_of
from reprise.server.people.scope import Right, Scope
from reprise.server.people.walls import wall
from reprise.server.problems import ProblemError, ProblemKind
from reprise.server.rendering import page
from reprise.server.settings import base_address, in_force
from reprise.server.stations.forms import EndForm
from reprise.server.stations.services import list_stations, rename, revoke, set_end

_PACKAGE_USER = "reprise-server"


@require_safe
@wall(Right.SEE_STATIONS)
def stations(request: HttpRequest, scope: Scope) -> HttpResponse:
    """All of them, by name."""
    return stations_page(request, scope)


def stations_page(request: HttpRequest, scope: Scope, **values: Any) -> HttpResponse:
    """`values`: what was just done, for its words."""
    zone = ZoneInfo(settings_of(scope).time_zone)
    shown = {"offered": None, "wrong": None, "form_name": "", **values}
    return page(
        request,
        "stations.html",
        stations=list_stations(scope),
        open_codes=list_open(scope),
        may_change=Right.MANAGE_STATIONS in scope.rights,
        last_day=lambda end: (end.astimezone(zone) - timedelta(seconds=1)).date().isoformat(),
        address=base_address(),
        as_server=_as_server(),
        hours=in_force().enrolment_hours,
        **shown,
    )


def _as_server() -> str:
    """What a command begins with on this machine: as the package's user, where it is us."""
    try:
        ours = pwd.getpwuid(os.geteuid()).pw_name == _PACKAGE_USER
    except KeyError:  # of a container
        ours = False
    return f"sudo -u {_PACKAGE_USER} " if ours else ""


@require_POST
@wall(Right.MANAGE_STATIONS)
def rename_station(request: HttpRequest, scope: Scope, kid: str) -> HttpResponse:
    rename(scope, kid, request.POST.get("name", ""))
    return HttpResponseRedirect("/stations")


@require_POST
@wall(Right.MANAGE_STATIONS)
def revoke_station(request: HttpRequest, scope: Scope, kid: str) -> HttpResponse:  # noqa: ARG001
    revoke(scope, kid)
    return HttpResponseRedirect("/stations")


@require_POST
@wall(Right.MANAGE_STATIONS)
def end_station(request: HttpRequest, scope: Scope, kid: str) -> HttpResponse:
    """The day until which its reports are taken; an earlier end is put off by the same form."""
    form = EndForm(request.POST)
    if not form.is_valid():
        raise ProblemError(ProblemKind.BAD_REQUEST)
    set_end(scope, kid, _end_of(form.cleaned_data["until"], settings_of(scope).time_zone))
    return HttpResponseRedirect("/stations")


def _end_of(day: date | None, zone: str) -> datetime | None:
    """The end of that day where the organisation is."""
    if day is None or day.year > 9000:
        return None
    return datetime.combine(day + timedelta(days=1), time(), ZoneInfo(zone)).astimezone(UTC)
