"""A station's public key for whoever checks its reports."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from reprise.server.people.walls import public
from reprise.server.problems import ProblemError, ProblemKind
from reprise.server.stations.services import station_of_key


@require_safe
@public
def station_key(request: HttpRequest, kid: str) -> HttpResponse:  # noqa: ARG001
    """The public key of an enrolled (or revoked) station, as PEM."""
    station = station_of_key(kid)
    if station is None:
        raise ProblemError(ProblemKind.NOT_FOUND)
    headers = {"Content-Disposition": f'attachment; filename="{station.kid}.pub.pem"'}
    return HttpResponse(station.public_pem, content_type="application/x-pem-file", headers=headers)
