"""Pages of where a person is logged in."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.views.decorators.http import require_POST, require_safe

from reprise.i18n import _
from reprise.server.people.sessions import end_others, end_session, list_sessions
from reprise.server.people.walls import Standing, anybody
from reprise.server.rendering import page


@require_safe
@anybody
def sessions(request: HttpRequest, standing: Standing) -> HttpResponse:
    found = list_sessions(standing.user, request.session.session_key)
    return page(request, "sessions.html", sessions=found)


@require_POST
@anybody
def end(request: HttpRequest, standing: Standing, number: int) -> HttpResponse:
    end_session(standing.user, number)
    messages.success(request, _("The session is ended."))
    return HttpResponseRedirect("/me/sessions")


@require_POST
@anybody
def end_all_others(request: HttpRequest, standing: Standing) -> HttpResponse:
    end_others(standing.user, request.session.session_key)
    messages.success(request, _("All other sessions are ended."))
    return HttpResponseRedirect("/me/sessions")
