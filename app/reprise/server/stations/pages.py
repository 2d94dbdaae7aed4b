"""The page of an organisation's stations."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.views.decorators.http import require_POST, require_safe

from reprise.server.people.scope import Right, Scope
from reprise.server.people.walls import wall
from reprise.server.rendering import page
from reprise.server.stations.services import list_stations, rename, revoke


@require_safe
@wall(Right.SEE_STATIONS)
def stations(request: HttpRequest, scope: Scope) -> HttpResponse:
    """All of them, by name."""
    return page(
        request,
        "stations.html",
        stations=list_stations(scope),
        may_change=Right.MANAGE_STATIONS in scope.rights,
    )


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
