"""From the bytes of a request to a stored report. A refusal leaves nothing but a log line."""

from __future__ import annotations

import logging
import uuid

from sqlalchemy import Engine

from reprise.i18n import _
from reprise.server.archive import Put, Receipt, Stored, find_report, put_report
from reprise.server.decoding import decode_report
from reprise.server.problems import ProblemError, ProblemKind
from reprise.server.signatures import (
    Envelope,
    SignatureFaultError,
    check_signature,
    parse_envelope,
)
from reprise.server.stations import Station, find_station

log = logging.getLogger("reprise.server")


def checked_id(text: str) -> str:
    """The report's UUID in its one canonical spelling. Raises ProblemError(BAD_ID)."""
    try:
        good = str(uuid.UUID(text)) == text
    except ValueError:
        good = False
    if not good:
        raise ProblemError(ProblemKind.BAD_ID)
    return text


def _signer(engine: Engine, envelope: Envelope) -> Station:
    station = find_station(engine, envelope.kid) if envelope.kid.isascii() else None
    if station is None:
        because = _("Its key is reports/station-{kid}.pub.pem on its stick.").format(
            kid=envelope.kid[:64]
        )
        raise ProblemError(ProblemKind.UNKNOWN_KEY, because)
    if station.revoked_at is not None:
        raise ProblemError(ProblemKind.REVOKED_KEY)
    return station


def _unchanged(engine: Engine, report_id: str, body: bytes) -> Receipt | None:
    """A station that never saw its receipt gets it again, even when its key was revoked since:
    these very bytes were checked when they were stored."""
    there: Stored | None = find_report(engine, report_id)
    return there.receipt if there is not None and there.jws == body else None


def take_report(engine: Engine, report_id: str, body: bytes) -> tuple[int, Receipt]:
    """(201 or 200, receipt) once the exact bytes are on the disk. Raises ProblemError, or
    StorageError where the database will not take them."""
    checked_id(report_id)
    again = _unchanged(engine, report_id, body)
    if again is not None:
        return 200, again
    try:
        envelope = parse_envelope(body)
        station = _signer(engine, envelope)
        check_signature(envelope, station.public_pem)
    except SignatureFaultError as error:
        raise ProblemError(ProblemKind(error.fault.value)) from error
    report = decode_report(envelope.payload)
    if report.report_id != report_id:
        raise ProblemError(ProblemKind.ID_MISMATCH)
    put, stored = put_report(engine, report, body, envelope.kid)
    if put is Put.CONFLICT:
        raise ProblemError(ProblemKind.CONFLICT)
    if put is Put.SECOND:
        because = _("It is report {id}.").format(id=stored.report_id)
        raise ProblemError(ProblemKind.SECOND_REPORT, because)
    return (201 if put is Put.STORED else 200), stored.receipt
