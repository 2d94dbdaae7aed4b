"""Stations for programs, and a station's public key for whoever checks its reports."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.http import HttpResponse
from ninja import Field, Schema

from reprise.i18n import N_
from reprise.server.api.endpoints import PUBLIC, Call, Subject
from reprise.server.database import looking_everywhere
from reprise.server.people.scope import Right
from reprise.server.problems import ProblemError, ProblemKind
from reprise.server.stations.services import Station, list_stations, station_of_key

_PEM = "application/x-pem-file"
subject = Subject("stations")


class StationOut(Schema):
    kid: str = Field(description=N_("The number of its key (RFC 7638)"))
    name: str
    enrolled_at: datetime | None
    revoked_at: datetime | None
    valid_until: datetime | None = Field(description=N_("Reports are refused from then on"))
    seen_at: datetime | None = Field(description=N_("When something that it signed came last"))
    version: str
    image_version: str
    waiting: int | None = Field(description=N_("Reports in its outbox, as it says"))
    refused: int | None


@subject.get("/stations", Right.SEE_STATIONS, N_("All stations, by name"), answer=list[StationOut])
def stations(request: Call) -> Sequence[Station]:
    return list_stations(request.scope)


@subject.get(
    "/stations/{str:kid}/key.pem",
    PUBLIC,
    N_("The public key of a station, enrolled or revoked"),
    media=_PEM,
    problems=[ProblemKind.NOT_FOUND],
)
def station_key(request: Call, kid: str) -> HttpResponse:  # noqa: ARG001
    with looking_everywhere():
        station = station_of_key(kid)
    if station is None or not station.public_pem:  # see take_over
        raise ProblemError(ProblemKind.NOT_FOUND)
    headers = {"Content-Disposition": f'attachment; filename="{station.kid}.pub.pem"'}
    return HttpResponse(station.public_pem, content_type=_PEM, headers=headers)
