"""A station's request that came as a file. It says for which server it is where the station knows
one, and never for which organisation: a person looks at it before it is taken, and it grows old."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from reprise import wording
from reprise.domain.station.enrolment import EnrolmentRequest
from reprise.errors import InputError
from reprise.i18n import _
from reprise.server import clock
from reprise.server.enrolments.services import refuse_elsewhere
from reprise.server.identity.services import server_key
from reprise.server.people.accounts import changing
from reprise.server.people.scope import Right, Scope
from reprise.server.problems import ProblemError, ProblemKind
from reprise.server.reports.archive import instant_text
from reprise.server.stations.services import Station, enroll, station_of_key

_DAYS = 30
_AHEAD = timedelta(days=1)  # of a station's clock


@dataclass(frozen=True, slots=True)
class Asked:
    """What a person is shown. `name`: as the station calls itself. `known`: as it is called here;
    "": it is new. `moves`: it reports to another server so far."""

    kid: str
    name: str
    known: str
    made_at: datetime
    image_version: str
    moves: bool


def look_at_request(scope: Scope, request: EnrolmentRequest, kid: str) -> Asked:
    """Nothing is changed. Raises ProblemError, InputError where it is not to be taken."""
    scope.need(Right.MANAGE_STATIONS)
    if request.code:  # whoever listened to it on its way could hand it in elsewhere
        raise InputError(
            _("This request was made for a code, over the network."),
            _("Write one at the station: “reprise station enroll --request FILE”."),
        )
    made_at = _made_at(request)
    station = station_of_key(kid)
    if station is not None:
        refuse_elsewhere(station, scope.organisation)
    return Asked(
        kid,
        request.name,
        "" if station is None else station.name,
        made_at,
        request.image_version or request.version,
        request.server not in ("", server_key().public.x),
    )


def _made_at(request: EnrolmentRequest) -> datetime:
    try:
        told = datetime.fromisoformat(request.made_at)
        if told.tzinfo is None:
            raise ProblemError(ProblemKind.BAD_MESSAGE)
        made_at = told.astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise ProblemError(ProblemKind.BAD_MESSAGE) from error
    now = clock.now()
    if not now - timedelta(days=_DAYS) <= made_at <= now + _AHEAD:
        raise InputError(
            _("This request was written on {date}, by the station's clock.").format(
                date=wording.moment(instant_text(made_at))
            ),
            _(
                "It is taken within {count} days. Where the clock is wrong, set it, and write the "
                "request anew."
            ).format(count=_DAYS),
        )
    return made_at


def moves_words() -> str:
    return _("This station reports to another server so far: by this answer it reports here.")


def enrol_by_hand(
    scope: Scope, request: EnrolmentRequest, kid: str, public_pem: str, name: str = ""
) -> Station:
    """`name`: "": as it calls itself, or was called here before. Raises ForbiddenError,
    InputError, ProblemError."""
    with changing(scope, Right.MANAGE_STATIONS):
        look_at_request(scope, request, kid)
        station = station_of_key(kid)
        if station is None:
            station, _new = enroll(scope, name.strip() or request.name, public_pem, kid)
        refuse_elsewhere(station, scope.organisation)
    return station
