"""From the bytes of a request to a stored report. A refusal leaves nothing but a log line."""

from __future__ import annotations

import logging
import re
import uuid

from reprise.domain.report.report import Report
from reprise.i18n import _
from reprise.server.logs import told
from reprise.server.problems import ProblemError, ProblemKind
from reprise.server.reports.archive import Receipt, Stored, known_report
from reprise.server.reports.decoding import decode_new
from reprise.server.reports.signatures import (
    Envelope,
    SignatureFaultError,
    check_signature,
    named_key,
    parse_envelope,
)
from reprise.server.reports.storing import Checked, Put
from reprise.server.stations.facts import saw_it
from reprise.server.stations.services import Station, station_of_key

log = logging.getLogger("reprise.server")
_THUMBPRINT = re.compile(r"[A-Za-z0-9_-]{43}")  # RFC 7638 with SHA-256, as all our keys
JOSE = "application/jose"  # RFC 7515, 9.2.1: JWS in compact serialisation
Answer = tuple[int, Receipt]


def is_canonical(text: str) -> bool:
    """Whether it is a UUID in its one canonical spelling."""
    try:
        return str(uuid.UUID(text)) == text
    except ValueError:
        return False


def checked_id(text: str) -> str:
    """A report's number. Raises ProblemError(BAD_ID)."""
    if not is_canonical(text):
        raise ProblemError(ProblemKind.BAD_ID)
    return text


def known_sender(head: bytes) -> Station:
    """The enrolled or revoked station that a message names in its header, the part before the
    first dot: asked before its body is held. Raises ProblemError."""
    try:
        kid = named_key(head)
    except SignatureFaultError as error:
        raise ProblemError(ProblemKind(error.fault.value)) from error
    station = station_of_key(kid)
    if station is None:
        because = _("Its key is reports/station-{kid}.pub.pem on its stick.").format(kid=kid[:64])
        key = kid if _THUMBPRINT.fullmatch(kid) else None
        raise ProblemError(ProblemKind.UNKNOWN_KEY, because, key)
    return station


def check(report_id: str, body: bytes, station: Station) -> Checked | Answer:
    """The report of these bytes, once its signature is good and its content read; or the answer
    that its station never saw. Raises ProblemError, StorageError."""
    try:
        return _checked(report_id, body, station)
    except ProblemError:
        again = _unchanged(report_id, body)
        if again is None:
            raise
        return 200, again


def _checked(report_id: str, body: bytes, station: Station) -> Checked:
    """Raises ProblemError."""
    if station.is_revoked:
        raise ProblemError(ProblemKind.REVOKED_KEY)
    try:
        envelope = parse_envelope(body)
        check_signature(envelope, station.public_pem)
    except SignatureFaultError as error:
        raise ProblemError(ProblemKind(error.fault.value)) from error
    try:
        report = _content(report_id, envelope, station)
    except ProblemError:
        saw_it(station)
        raise
    return Checked(report, body, envelope.kid)


def _content(report_id: str, envelope: Envelope, station: Station) -> Report:
    """Of what its station has signed. Raises ProblemError."""
    if station.has_ended:
        raise ProblemError(ProblemKind.ENDED_KEY)
    report, others = decode_new(envelope.payload)
    if report.report_id != report_id:
        raise ProblemError(ProblemKind.ID_MISMATCH)
    if others.count:
        facts = told("unknown-fields", report_id=report_id, count=others.count)
        log.warning("report holds what only a newer version knows", extra=facts)
    return report


def _unchanged(report_id: str, body: bytes) -> Receipt | None:
    """A station that never saw its receipt gets it again, even when its key was revoked since, or
    a newer version would refuse its report: these very bytes were checked when they were stored."""
    there: Stored | None = known_report(report_id)
    return there.receipt if there is not None and there.jws == body else None


def answer_of(put: Put, stored: Stored) -> Answer:
    """(201 or 200, receipt) of what the archive did. Raises ProblemError."""
    if put is Put.REVOKED:
        raise ProblemError(ProblemKind.REVOKED_KEY)
    if put is Put.ENDED:
        raise ProblemError(ProblemKind.ENDED_KEY)
    if put is Put.CONFLICT:
        raise ProblemError(ProblemKind.CONFLICT)
    if put is Put.SECOND:
        because = _("It is report {id}.").format(id=stored.report_id)
        raise ProblemError(ProblemKind.SECOND_REPORT, because)
    return (201 if put is Put.STORED else 200), stored.receipt
