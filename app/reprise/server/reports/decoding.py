"""From the bytes that a station signed to its report."""

from __future__ import annotations

from reprise import codec
from reprise.domain.report.report import SCHEMA, Report
from reprise.errors import InputError
from reprise.i18n import _
from reprise.server.problems import ProblemError, ProblemKind
from reprise.server.reports.strictjson import NotStrictError, strict_object


def decode_report(payload: bytes) -> Report:
    """Raises ProblemError(NOT_A_REPORT) that says where the payload does not fit."""
    try:
        plain = strict_object(payload)
    except NotStrictError as error:
        raise ProblemError(ProblemKind.NOT_A_REPORT, f"({error})") from error
    schema = plain.get("schema")
    if schema != SCHEMA:
        because = _("It says schema {found}; this server reads {known}.").format(
            found=repr(schema)[:60], known=SCHEMA
        )
        raise ProblemError(ProblemKind.NOT_A_REPORT, because)
    try:
        return codec.from_builtins(plain, Report)
    except InputError as error:
        raise ProblemError(ProblemKind.NOT_A_REPORT, f"({error.what[:300]})") from error
