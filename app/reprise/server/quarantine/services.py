"""Keeping aside what a station has signed and this server refused as it could not read it: exact
bytes, each once, and of no station so much that the disk fills.

Nothing here is a receipt: the station is told that its report was refused, and keeps it."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum

from reprise.codec import sha256_hex
from reprise.errors import StorageError
from reprise.server import clock
from reprise.server.database import asking, reading, writing
from reprise.server.logs import told
from reprise.server.people.scope import Right, Scope
from reprise.server.problems import Problem, ProblemError, ProblemKind
from reprise.server.quarantine import models
from reprise.server.reports.archive import digests_of, holds_bytes
from reprise.server.reports.intake import Answer, check
from reprise.server.reports.storing import Checked
from reprise.server.stations.services import Station, list_stations

log = logging.getLogger("reprise.server")
MOST_LETTERS = 100  # of one station
MOST_BYTES = 32 * 1024 * 1024  # of one station
_TOLD_EACH = timedelta(minutes=1)  # a station may try again for ever: not each try is written down
_MOST_REASON = 1000  # characters
_UNREADABLE = frozenset(
    {ProblemKind.NOT_A_REPORT, ProblemKind.OUT_OF_BOUNDS, ProblemKind.ID_MISMATCH}
)


class Kept(Enum):
    KEPT = "kept"
    ALREADY = "already"  # these very bytes are here
    NO_ROOM = "no-room"  # what came before stays; this is not kept


@dataclass(frozen=True, slots=True)
class Letter:
    """`sent_as`: the report's number in the address. `taken_in`: its bytes are a report of this
    server by now. `problem`, `because`: see models.Letter."""

    sha256: str
    received_at: datetime
    station: str
    sent_as: str
    problem: str
    because: str
    size_bytes: int
    taken_in: bool


@dataclass(frozen=True, slots=True)
class Page:
    """`missed`: (station, when something of it had no room the last time)."""

    number: int  # from 1
    pages: int  # at least 1
    letters: int  # in all
    lines: tuple[Letter, ...]
    missed: tuple[tuple[str, datetime], ...]


def check_or_keep(report_id: str, body: bytes, station: Station) -> Checked | Answer:
    """As reports.intake.check does; what is well signed and cannot be read is kept aside before it
    is refused. Raises ProblemError, StorageError."""
    try:
        return check(report_id, body, station)
    except ProblemError as error:
        if error.problem.kind in _UNREADABLE:
            _keep_if_possible(report_id, body, station, error.problem)
        raise


def _keep_if_possible(report_id: str, body: bytes, station: Station, problem: Problem) -> None:
    """The refusal is told, whatever becomes of this."""
    try:
        kept = keep(report_id, body, station, problem)
    except StorageError as error:
        log.warning("refused report not kept aside: %s", error.what)
    else:
        facts = told("quarantine", report_id=report_id, result=kept.value)
        log.info("refused report in quarantine", extra=facts)


def keep(report_id: str, body: bytes, station: Station, problem: Problem) -> Kept:
    """Raises StorageError, FullError."""
    kid, whose = station.kid, {"organisation_id": station.organisation}
    sha256 = sha256_hex(body)
    now = clock.now()
    with asking():  # whoever sends the same a thousand times writes nothing
        if models.Letter.objects.filter(sha256=sha256).exists():
            return Kept.ALREADY
        full = models.Shelf.objects.filter(pk=kid, missed_at__gt=now - _TOLD_EACH).first()
    if full is not None and not _has_room(full, body):
        return Kept.NO_ROOM
    with writing():
        models.Shelf.objects.get_or_create(pk=kid, defaults=whose)
        shelf = models.Shelf.objects.select_for_update().get(pk=kid)
        if models.Letter.objects.filter(sha256=sha256).exists():
            return Kept.ALREADY
        if not _has_room(shelf, body):
            _clear(shelf)
        if not _has_room(shelf, body):
            shelf.missed_at = now
            shelf.save()
            return Kept.NO_ROOM
        models.Letter.objects.create(
            sha256=sha256,
            shelf=shelf,
            received_at=now,
            sent_as=report_id,
            problem=problem.kind.value,
            because=problem.because.replace("\x00", "")[:_MOST_REASON],
            size_bytes=len(body),
            body=body,
        )
        shelf.letters += 1
        shelf.size_bytes += len(body)
        shelf.save()
    return Kept.KEPT


def _has_room(shelf: models.Shelf, body: bytes) -> bool:
    return shelf.letters < MOST_LETTERS and shelf.size_bytes + len(body) <= MOST_BYTES


def _clear(shelf: models.Shelf) -> None:
    """Of what the server has taken in since, as after an update, it has the bytes: where a disk
    changed them since, these are the only ones."""
    here = {one.sha256: one for one in shelf.kept.defer("body")}
    stored = digests_of(one.sent_as for one in here.values())
    for sha256, letter in here.items():
        sent_as = letter.sent_as
        if stored.get(sent_as) == sha256 and holds_bytes(sent_as, sha256):
            letter.delete()
            shelf.letters -= 1
            shelf.size_bytes -= letter.size_bytes


def list_letters(scope: Scope, number: int, size: int) -> Page:
    """Page `number` (from 1; too large: the last), newest first. Raises StorageError."""
    scope.need(Right.SEE_REPORTS)
    shelves = models.Shelf.objects.filter(organisation=scope.organisation)
    with reading():
        names = {station.kid: station.name for station in list_stations(scope)}
        here = models.Letter.objects.filter(shelf__organisation=scope.organisation)
        count = here.count()
        pages = max(1, -(-count // size))
        number = min(max(1, number), pages)
        first = (number - 1) * size
        newest = here.defer("body").order_by("-received_at", "sha256")
        rows = list(newest[first : first + size])
        stored = digests_of(row.sent_as for row in rows)
        full = shelves.exclude(missed_at=None).order_by("-missed_at")
        missed = [(shelf.pk, shelf.missed_at) for shelf in full[:size]]
    return Page(
        number,
        pages,
        count,
        tuple(_letter(row, names, taken_in=stored.get(row.sent_as) == row.sha256) for row in rows),
        tuple((names[kid], at) for kid, at in missed if at is not None),
    )


def _letter(row: models.Letter, names: dict[str, str], *, taken_in: bool) -> Letter:
    return Letter(
        row.sha256,
        row.received_at,
        names[row.shelf_id],
        row.sent_as,
        row.problem,
        row.because,
        row.size_bytes,
        taken_in,
    )


def find_letter(scope: Scope, sha256: str) -> bytes | None:
    """The exact bytes. Raises StorageError."""
    scope.need(Right.SEE_REPORTS)
    here = models.Letter.objects.filter(shelf__organisation=scope.organisation)
    with asking():
        row = here.filter(sha256=sha256).first()
    return None if row is None else bytes(row.body)
