"""Every address of the server. Reports are handed in at the front (front/app.py)."""

from __future__ import annotations

import sys
from collections.abc import Callable
from urllib.parse import urlsplit

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.urls import URLPattern, include, path
from django.views.decorators.http import require_safe

from reprise import i18n
from reprise.i18n import _
from reprise.server.api.routes import ADDRESSES
from reprise.server.enrolments import pages as enrolments_pages
from reprise.server.middleware import problem_of, told
from reprise.server.papers import pages as papers_pages
from reprise.server.people import (
    account_urls,
    closing_pages,
    instance_pages,
    own_pages,
    session_pages,
)
from reprise.server.people import pages as people_pages
from reprise.server.people.walls import public
from reprise.server.problems import Problem, ProblemError, ProblemKind
from reprise.server.quarantine import pages as quarantine_pages
from reprise.server.rendering import ask_nothing_more, page
from reprise.server.reports import pages as reports_pages
from reprise.server.reports import pc_pages
from reprise.server.retention import pages as retention_pages
from reprise.server.settings import in_force
from reprise.server.stations import pages as stations_pages


@public
def problem_page(request: HttpRequest, kind: str) -> HttpResponse:
    """What a problem document's `type` leads to."""
    try:
        problem = Problem(ProblemKind(kind))
    except ValueError as error:
        raise ProblemError(ProblemKind.NOT_FOUND) from error
    return page(request, "message.html", problem=problem, back="", elsewhere="")


@require_safe
@public
def openapi_document(request: HttpRequest) -> HttpResponse:  # noqa: ARG001
    """How programs ask (OpenAPI)."""
    return JsonResponse(ADDRESSES.document(i18n.language()))


def handler400(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001
    return told(request, Problem(ProblemKind.BAD_REQUEST))


def handler403(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001
    return told(request, Problem(ProblemKind.FORBIDDEN))


def handler404(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001
    return told(request, Problem(ProblemKind.NOT_FOUND))


def handler429(request: HttpRequest) -> HttpResponse:
    """allauth's, where somebody tries too often."""
    return told(request, Problem(ProblemKind.TOO_OFTEN))


def handler500(request: HttpRequest) -> HttpResponse:
    """Also of what ends between the views; Django logs the traceback."""
    ask_nothing_more(request)
    error = sys.exc_info()[1]
    known = problem_of(request, error) if isinstance(error, Exception) else None
    return told(request, known or Problem(ProblemKind.INTERNAL))


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:  # noqa: ARG001
    """Of a page that was opened at another address than the server's own, too."""
    came_from = urlsplit(request.headers.get("Referer", ""))
    path = "/" + came_from.path.lstrip("/")
    if came_from.netloc == request.get_host():
        return told(request, Problem(ProblemKind.FORGED), path)
    own = in_force().public_url
    if not own or not came_from.netloc:
        return told(request, Problem(ProblemKind.FORGED))
    because = _("This server's address is {url}: forms are accepted from there alone.")
    return told(request, Problem(ProblemKind.FORGED, because.format(url=own)), own + path, own)


def _walled(address: str, view: Callable[..., HttpResponseBase]) -> URLPattern:
    """No view without a wall: forgetting one does not start the server."""
    if not getattr(view, "wall", ""):
        raise TypeError(f"{address!r} has no wall")
    return path(address, view)


OURS = [
    _walled("", pc_pages.start),
    _walled("pcs/<int:pc>", pc_pages.pc_page),
    _walled("reports/<str:report_id>", reports_pages.report_page),
    _walled("reports/<str:report_id>/certificate.pdf", papers_pages.certificate),
    _walled("quarantine", quarantine_pages.quarantine),
    _walled("quarantine/<str:sha256>", quarantine_pages.letter),
    _walled("stations", stations_pages.stations),
    _walled("stations/<str:kid>/rename", stations_pages.rename_station),
    _walled("stations/<str:kid>/revoke", stations_pages.revoke_station),
    _walled("stations/<str:kid>/end", stations_pages.end_station),
    _walled("stations/codes", enrolments_pages.make_code),
    _walled("stations/codes/<int:number>/withdraw", enrolments_pages.withdraw_code),
    _walled("stations/requests", enrolments_pages.take_request),
    _walled("enrol/<str:code>", enrolments_pages.code_page),
    _walled("people", people_pages.people),
    _walled("people/<int:user>", people_pages.person),
    _walled("people/<int:user>/role", people_pages.change_role),
    _walled("people/<int:user>/remove", people_pages.remove),
    _walled("people/<int:user>/erase", people_pages.erase),
    _walled("people/<int:user>/second-factor/remove", people_pages.remove_second_factor),
    _walled("people/invitations/<int:number>/withdraw", people_pages.withdraw),
    _walled("audit", own_pages.audit),
    _walled("settings", own_pages.settings),
    _walled("settings/retention", retention_pages.retention),
    _walled("settings/retention/change", retention_pages.change),
    _walled("settings/tokens", own_pages.make_token),
    _walled("settings/tokens/<int:number>/revoke", own_pages.revoke_token),
    _walled("instance", instance_pages.instance),
    _walled("instance/keepers/<int:number>", instance_pages.keeper),
    _walled("instance/keepers/<int:number>/let-go", instance_pages.let_keeper_go),
    _walled("instance/keepers/second-factor", instance_pages.ask_factor),
    _walled("instance/accounts", instance_pages.accounts),
    _walled("instance/accounts/<int:number>", instance_pages.account),
    _walled("instance/accounts/<int:number>/erase", instance_pages.erase_account),
    _walled("instance/organisations/<int:number>", closing_pages.organisation),
    _walled("instance/organisations/<int:number>/end", closing_pages.end),
    _walled("instance/organisations/<int:number>/reopen", closing_pages.reopen),
    _walled("instance/retention", retention_pages.server_retention),
    _walled("instance/retention/change", retention_pages.change_server),
    _walled("instance/changes", own_pages.instance_changes),
    _walled("me", own_pages.me),
    _walled("me/data.json", own_pages.my_data),
    _walled("me/organisation", own_pages.choose_organisation),
    _walled("me/erase", own_pages.erase_me),
    _walled("me/sessions", session_pages.sessions),
    _walled("me/sessions/others/end", session_pages.end_all_others),
    _walled("me/sessions/<int:number>/end", session_pages.end),
    _walled("set-up/<str:secret>", people_pages.set_up_page),
    _walled("join/<str:secret>", people_pages.join),
    _walled("problems/<str:kind>", problem_page),
    _walled("api/v1/openapi.json", openapi_document),
    *(_walled(address, view) for address, view in ADDRESSES.views()),
]
urlpatterns = [*OURS, path("account/", include(account_urls))]
