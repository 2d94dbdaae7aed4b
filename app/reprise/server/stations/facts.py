"""What is heard of stations: that they are there, what they run and what waits on them. Nothing of
it is evidence; it is for whoever looks after them."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from datetime import timedelta

from reprise.domain.station.enrolment import Hello
from reprise.errors import StorageError
from reprise.server import clock
from reprise.server.database import writing
from reprise.server.stations import models
from reprise.server.stations.services import Station

_EXACT = timedelta(minutes=1)  # how exact "last seen" is: not each report writes it


def saw(stations: Iterable[Station]) -> None:
    """Something that they signed came; as they were just read. In the caller's transaction; in one
    order, so that no two servers wait for each other."""
    for kid in sorted(station.kid for station in stations if _is_stale(station)):
        models.Station.objects.filter(kid=kid).update(seen_at=clock.now())


def saw_it(station: Station) -> None:
    """As above, of one; where the database takes it."""
    if _is_stale(station):
        with suppress(StorageError), writing():
            saw([station])


def tell_facts(station: Station, hello: Hello) -> None:
    """`station` as it was just read: what is known already is not written. Raises StorageError."""
    told = {
        "version": hello.version,
        "image_version": hello.image_version,
        "waiting": hello.waiting,
        "refused": hello.refused,
    }
    if _is_stale(station) or any(getattr(station, name) != told[name] for name in told):
        with writing():
            here = models.Station.objects.filter(kid=station.kid)
            here.update(seen_at=clock.now(), **told)


def _is_stale(station: Station) -> bool:
    return station.seen_at is None or station.seen_at < clock.now() - _EXACT
