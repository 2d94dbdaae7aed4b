"""A stored report, for whoever is to believe it."""

from __future__ import annotations

import logging

from reprise.codec import sha256_hex
from reprise.domain.report.report import Report
from reprise.server.problems import ProblemError, ProblemKind
from reprise.server.reports.archive import Stored, find_report
from reprise.server.reports.decoding import decode_report
from reprise.server.reports.intake import checked_id
from reprise.server.reports.signatures import is_good, parse_envelope
from reprise.server.stations.services import Station, find_station

log = logging.getLogger("reprise.server")


def load_report(report_id: str) -> tuple[Stored, Report, Station]:
    """A stored report whose signature is good now. It is checked anew each time: nobody reads
    "erased" from bytes that a disk or a hand has changed since. Raises ProblemError."""
    stored = find_report(checked_id(report_id))
    if stored is None:
        raise ProblemError(ProblemKind.NOT_FOUND)
    station = find_station(stored.kid)
    if station is None or not is_good(stored.jws, stored.kid, station.public_pem):
        log.error("stored report %s: its signature is not good", stored.report_id)
        raise ProblemError(ProblemKind.DAMAGED)
    report = decode_report(parse_envelope(stored.jws).payload)
    if report.report_id != stored.report_id or sha256_hex(stored.jws) != stored.sha256:
        log.error("stored report %s: another's bytes", stored.report_id)
        raise ProblemError(ProblemKind.DAMAGED)
    return stored, report, station
