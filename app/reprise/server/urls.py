"""Every address of the server. Reports are handed in at the front (front/app.py)."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.urls import path

from reprise.server.middleware import told
from reprise.server.papers import pages as papers_pages
from reprise.server.problems import Problem, ProblemError, ProblemKind
from reprise.server.rendering import page
from reprise.server.reports import api as reports_api
from reprise.server.reports import pages as reports_pages
from reprise.server.stations import api as stations_api


def problem_page(request: HttpRequest, kind: str) -> HttpResponse:
    """What a problem document's `type` leads to."""
    try:
        problem = Problem(ProblemKind(kind))
    except ValueError as error:
        raise ProblemError(ProblemKind.NOT_FOUND) from error
    return page(request, "message.html", problem=problem)


def handler400(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001
    return told(request, Problem(ProblemKind.BAD_REQUEST))


def handler404(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001
    return told(request, Problem(ProblemKind.NOT_FOUND))


def handler500(request: HttpRequest) -> HttpResponse:
    return told(request, Problem(ProblemKind.INTERNAL))  # Django logs the traceback


urlpatterns = [
    path("", reports_pages.pcs),
    path("reports/<str:report_id>", reports_pages.report_page),
    path("reports/<str:report_id>/certificate.pdf", papers_pages.certificate),
    path("problems/<str:kind>", problem_page),
    path("api/v1/reports/<str:report_id>", reports_api.report),
    path("api/v1/stations/<str:kid>/key.pem", stations_api.station_key),
]
