"""Whether every stored report is still what its station signed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Max, Sum
from django.db.models.functions import Length

from reprise.errors import InputError
from reprise.server.database import asking
from reprise.server.problems import ProblemError
from reprise.server.reports import models
from reprise.server.reports.loading import DamagedError, State, sound_report
from reprise.server.stations.keys import read_public_key
from reprise.server.stations.services import station_of_key

_AT_ONCE = 20  # reports: each may have some megabytes


@dataclass(frozen=True, slots=True)
class Looked:
    """`size_bytes`: of the JWS."""

    report_id: str
    size_bytes: int
    state: State


def bytes_of_reports() -> int:
    """Of all JWS. Raises StorageError."""
    with asking():
        total = models.Report.objects.aggregate(total=Sum(Length("jws")))["total"]
    return total or 0


def last_receipt() -> datetime | None:
    """When the newest report came. Raises StorageError."""
    with asking():
        newest: datetime | None = models.Pc.objects.aggregate(m=Max("last_received_at"))["m"]
    return newest


def look_at_each() -> Iterator[Looked]:
    """Every report, in the order of their numbers; those that come meanwhile, perhaps. Raises
    StorageError."""
    keys: dict[str, str] = {}
    last = ""
    while True:
        with asking():
            following = models.Report.objects.filter(report_id__gt=last).order_by("report_id")
            rows = list(
                following.values_list("report_id", "sha256", "jws", "station_id")[:_AT_ONCE]
            )
        if not rows:
            return
        for report_id, sha256, jws, kid in rows:
            if kid not in keys:
                keys[kid] = _key_of(kid)
            state = _state(report_id, sha256, jws, kid, keys[kid])
            yield Looked(report_id, len(jws), state)
        last = rows[-1][0]


def _key_of(kid: str) -> str:
    """Its PEM; "" where what is kept under this number is no longer that key."""
    station = station_of_key(kid)
    if station is None:
        return ""
    try:
        told, _pem = read_public_key(station.public_pem.encode())
    except InputError:
        return ""
    return station.public_pem if told == kid else ""


def _state(report_id: str, sha256: str, jws: object, kid: str, public_pem: str) -> State:
    try:
        sound_report(report_id, sha256, jws, kid, public_pem)
    except DamagedError as error:
        return error.state
    except ProblemError:
        return State.UNREADABLE
    return State.GOOD
