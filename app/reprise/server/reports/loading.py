"""A stored report, for whoever is to believe it."""

from __future__ import annotations

import logging

from reprise.domain.report.report import Report
from reprise.server.people.scope import Scope
from reprise.server.problems import ProblemError, ProblemKind
from reprise.server.reports.archive import Stored, find_report, known_report
from reprise.server.reports.intake import checked_id
from reprise.server.reports.sound import DamagedError, State, sound_report
from reprise.server.stations.services import Station, station_of_key

log = logging.getLogger("reprise.server")

Loaded = tuple[Stored, Report, Station]


def load_report(scope: Scope, report_id: str) -> Loaded:
    """A stored report whose signature is good now. It is checked anew each time: nobody reads
    "erased" from bytes that a disk or a hand has changed since. Raises ProblemError."""
    return _good(find_report(scope, checked_id(report_id)))


def load_any_report(report_id: str) -> Loaded:
    """As above, of whatever organisation: for work that nobody sees before it passes a wall."""
    return _good(known_report(checked_id(report_id)))


def _good(stored: Stored | None) -> Loaded:
    if stored is None:
        raise ProblemError(ProblemKind.NOT_FOUND)
    report_id = stored.report_id
    station = station_of_key(stored.kid)
    if station is None:
        raise _damaged(report_id, State.UNPROVEN)
    try:
        pem = station.public_pem
        report = sound_report(report_id, stored.sha256, stored.jws, stored.kid, pem)
    except DamagedError as error:
        raise _damaged(report_id, error.state) from error
    return stored, report, station


def _damaged(report_id: str, state: State) -> ProblemError:
    log.error("stored report %s is damaged: %s", report_id, state.name)
    return ProblemError(ProblemKind.DAMAGED)
