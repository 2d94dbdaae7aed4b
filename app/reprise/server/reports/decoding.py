"""From the bytes that a station signed to its report."""

from __future__ import annotations

from typing import Any

from reprise import codec
from reprise.domain.report.report import DEMO_SCHEMA, SCHEMA, Report
from reprise.domain.report.within import BeyondBoundsError, Others, others_within
from reprise.errors import InputError
from reprise.i18n import _
from reprise.server.demo.mark import is_demonstration
from reprise.server.problems import ProblemError, ProblemKind
from reprise.server.reports.strictjson import NotStrictError, strict_object


def decode_report(payload: bytes) -> Report:
    """Raises ProblemError(NOT_A_REPORT) that says where the payload does not fit."""
    return _report(_plain(payload))


def decode_new(payload: bytes) -> tuple[Report, Others]:
    """As decode_report, of what is not stored yet, with what this version does not know of it.
    Raises ProblemError(OUT_OF_BOUNDS), too, that names the field."""
    plain = _plain(payload)
    report = _report(plain)
    try:
        return report, others_within(plain)
    except BeyondBoundsError as error:
        because = _("{field}: {found} characters or entries, and at most {most} are taken.").format(
            field=error.where, found=error.found, most=error.most
        )
        raise ProblemError(ProblemKind.OUT_OF_BOUNDS, because, field=error.where) from error


def decode_others(payload: bytes) -> Others:
    """What this version does not know of a stored report. Of one that was stored before there were
    bounds, and is beyond them, nobody can say."""
    try:
        return others_within(_plain(payload))
    except BeyondBoundsError:
        return Others()


def _plain(payload: bytes) -> dict[str, Any]:
    try:
        plain = strict_object(payload)
    except NotStrictError as error:
        raise ProblemError(ProblemKind.NOT_A_REPORT, f"({error})") from error
    schema = plain.get("schema")
    reads = DEMO_SCHEMA if is_demonstration() else SCHEMA
    if schema != reads:
        because = _("It says schema “{found}”; this server reads “{known}”.").format(
            found="" if schema is None else str(schema)[:60], known=reads
        )
        raise ProblemError(ProblemKind.NOT_A_REPORT, because)
    return plain


def _report(plain: dict[str, Any]) -> Report:
    try:
        return codec.from_builtins(plain, Report)
    except InputError as error:
        raise ProblemError(ProblemKind.NOT_A_REPORT, f"({error.what[:300]})") from error
