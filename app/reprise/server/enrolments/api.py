"""What a station asks for itself: whose code it has, and to be enrolled. Nobody is logged in there:
each message is signed, or says nothing but a code."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import TypeVar

from django.http import HttpRequest, HttpResponse
from ninja import Field, Schema

from reprise.domain.station.enrolment import Offer
from reprise.i18n import N_
from reprise.server.api.endpoints import PUBLIC, Call, Subject
from reprise.server.database import looking_everywhere
from reprise.server.enrolments import messages
from reprise.server.enrolments.limits import count_wrong, refuse_who_guesses
from reprise.server.enrolments.services import enrol_by_code, find_offer
from reprise.server.identity.services import server_key
from reprise.server.people.adapters import client_of
from reprise.server.people.organisations import name_of
from reprise.server.problems import ProblemError, ProblemKind
from reprise.server.reports.intake import JOSE
from reprise.server.reports.strictjson import NotStrictError, strict_object
from reprise.server.settings import in_force
from reprise.server.stations.facts import tell_facts
from reprise.server.stations.services import Station, station_of_key

T = TypeVar("T")
subject = Subject("enrolments")
_CODE_WRONG = (ProblemKind.BAD_MESSAGE, ProblemKind.CODE_REFUSED, ProblemKind.TOO_MANY_CODES)
_CODE = {
    "content": {
        "application/json": {
            "schema": {
                "type": "object",
                "properties": {"code": {"type": "string"}},
                "required": ["code"],
                "additionalProperties": False,
            }
        }
    }
}
_SIGNED = {
    "description": N_("A JWS in compact serialisation, signed with the station's key"),
    "content": {JOSE: {"schema": {"type": "string", "contentMediaType": JOSE}}},
}


class KeyOut(Schema):
    kty: str
    crv: str
    x: str


class OfferOut(Schema):
    organisation: str
    server_key: KeyOut
    url: str = Field(description=N_("As the server calls itself; empty: it does not know"))
    name: str = Field(description=N_("That the station gets; empty: it keeps its own"))


class KnownOut(Schema):
    name: str
    valid_until: datetime | None = Field(description=N_("Reports are refused from then on"))


def _limited(request: HttpRequest, work: Callable[[], T]) -> T:
    """Work with a code. Raises ProblemError."""
    client = client_of(request)
    refuse_who_guesses(client)
    try:
        with looking_everywhere():
            return work()
    except ProblemError as error:
        if error.problem.kind is ProblemKind.CODE_REFUSED:
            count_wrong(client)
        raise


@subject.post(
    "/enrolments/look",
    PUBLIC,
    N_("Whose an enrolment code is; it is not used by that"),
    answer=OfferOut,
    body=_CODE,
    problems=_CODE_WRONG,
)
def look_at_code(request: Call) -> Offer:
    try:
        told = strict_object(request.body)
    except NotStrictError as error:
        raise ProblemError(ProblemKind.BAD_MESSAGE) from error
    code = told.get("code")
    if not isinstance(code, str) or len(told) > 1:
        raise ProblemError(ProblemKind.BAD_MESSAGE)
    found = _limited(request, lambda: find_offer(code))
    key, url = server_key().public, in_force().public_url
    return Offer(name_of(found.organisation), key, url, found.name)


@subject.post(
    "/enrolments",
    PUBLIC,
    N_("Enrol a station by the code in its signed request; the answer is signed by the server"),
    media=JOSE,
    body=_SIGNED,
    problems=(
        *_CODE_WRONG,
        *(ProblemKind.KEY_ELSEWHERE, ProblemKind.REVOKED_KEY, ProblemKind.NOT_DONE),
    ),
)
def enrol_station(request: Call) -> HttpResponse:
    asked, kid, pem = messages.read_request(request.body)
    station = _limited(request, lambda: enrol_by_code(asked, kid, pem))
    return HttpResponse(messages.answer(station), content_type=JOSE)


@subject.post(
    "/stations/hello",
    PUBLIC,
    N_("What a station says of itself whenever it sends"),
    answer=KnownOut,
    body=_SIGNED,
    problems=(
        *(ProblemKind.BAD_MESSAGE, ProblemKind.UNKNOWN_KEY),
        *(ProblemKind.REVOKED_KEY, ProblemKind.ENDED_KEY),
    ),
)
def greet_server(request: Call) -> Station:
    kid = messages.hello_sender(request.body)
    with looking_everywhere():
        station = station_of_key(kid)
        if station is None:
            raise ProblemError(ProblemKind.UNKNOWN_KEY)
        if station.is_revoked:
            raise ProblemError(ProblemKind.REVOKED_KEY)
        tell_facts(station, messages.read_hello(request.body, station))
    if station.has_ended:
        raise ProblemError(ProblemKind.ENDED_KEY)
    return station
