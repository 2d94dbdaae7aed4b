"""Enrolling a station: its code, its QR code, and what is handed over as files."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.views.decorators.http import require_POST, require_safe
from markupsafe import Markup

from reprise.domain.station.enrolment import code_link, grouped, read_code
from reprise.errors import InputError
from reprise.server.enrolments import messages, qr
from reprise.server.enrolments.by_hand import enrol_by_hand, look_at_request, moves_words
from reprise.server.enrolments.services import offer, withdraw
from reprise.server.identity.services import server_key
from reprise.server.people.organisations import name_of
from reprise.server.people.scope import Right, Scope
from reprise.server.people.walls import SHOWN, public, wall
from reprise.server.problems import ProblemError, ProblemKind
from reprise.server.rendering import page
from reprise.server.reports.intake import JOSE
from reprise.server.settings import base_address, in_force
from reprise.server.stations.pages import stations_page

_MOST_FILE = 16 * 1024  # bytes


@dataclass(frozen=True, slots=True)
class Offered:
    """A code that was just made: shown once."""

    code: str
    link: str
    picture: Markup
    server_key: str  # as the station shows it: RFC 7638
    ends_at: datetime


@require_POST
@wall(Right.MANAGE_STATIONS)
def make_code(request: HttpRequest, scope: Scope) -> HttpResponse:
    """The code is in this answer, and nowhere else."""
    name = request.POST.get("name", "")
    try:
        made, code = offer(scope, name, in_force().enrolment_hours)
    except InputError as error:
        return stations_page(request, scope, wrong=error, form_name=name)
    link = code_link(base_address(), code)
    shown = Offered(grouped(code), link, qr.svg(link), server_key().kid, made.ends_at)
    return stations_page(request, scope, offered=shown)


@require_POST
@wall(Right.MANAGE_STATIONS)
def withdraw_code(request: HttpRequest, scope: Scope, number: int) -> HttpResponse:  # noqa: ARG001
    withdraw(scope, number)
    return HttpResponseRedirect("/stations")


@require_POST
@wall(Right.MANAGE_STATIONS)
def take_request(request: HttpRequest, scope: Scope) -> HttpResponse:
    """A station's request that came as a file: what it says is shown; once a person says yes to
    that, it is answered with the file for the station."""
    sent = request.FILES.get("request")
    if sent is not None:
        return _request_page(request, scope, sent)
    if not request.POST.get(SHOWN):  # the wall has compared it: nothing is taken that was not shown
        raise ProblemError(ProblemKind.BAD_REQUEST)
    asked, kid, pem = messages.read_request(request.POST.get("request", "").encode())
    station = enrol_by_hand(scope, asked, kid, pem, request.POST.get("name", ""))
    name = f'attachment; filename="{messages.ANSWER_FILE}"'
    told = messages.answer(station)
    return HttpResponse(told, content_type=JOSE, headers={"Content-Disposition": name})


def _request_page(request: HttpRequest, scope: Scope, sent: UploadedFile[bytes]) -> HttpResponse:
    if (sent.size or 0) > _MOST_FILE:
        raise ProblemError(ProblemKind.BAD_MESSAGE)
    text = sent.read().strip()
    asked, kid, _pem = messages.read_request(text)
    return page(
        request,
        "stations_request.html",
        brought=look_at_request(scope, asked, kid),
        request_text=text.decode("ascii"),  # as a JWS is
        moves=moves_words,
        organisation=name_of(scope.organisation),
        address=base_address(),
    )


@require_safe
@public
def code_page(request: HttpRequest, code: str) -> HttpResponse:
    """Where the QR code leads a phone to: what is to be typed at the station. Whether the code is
    one that somebody made is not said here."""
    read = read_code(code)
    if read is None:
        raise ProblemError(ProblemKind.NOT_FOUND)
    key = server_key().kid
    return page(request, "code.html", code=grouped(read), address=base_address(), server_key=key)
