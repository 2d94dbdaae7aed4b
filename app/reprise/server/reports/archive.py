"""Finding a report again: see storing.py."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from django.db.models import QuerySet

from reprise.codec import sha256_hex
from reprise.server.database import asking
from reprise.server.people.scope import Right, Scope
from reprise.server.reports import models
from reprise.server.reports.listed import NEWEST_DONE


@dataclass(frozen=True, slots=True)
class Receipt:
    """What a station needs before it may empty its outbox. `sha256` is of the JWS bytes."""

    report_id: str
    sha256: str
    received_at: str  # ISO 8601, UTC; "": unknown


@dataclass(frozen=True, slots=True)
class Stored:
    """One report as it lies in the database."""

    report_id: str
    sha256: str
    jws: bytes
    received_at: datetime | None  # None: the database holds no date there
    kid: str
    superseded_by: str | None = None  # the report of the same session that counts instead

    @property
    def receipt(self) -> Receipt:
        return Receipt(self.report_id, self.sha256, instant_text(self.received_at))


def instant_text(moment: datetime | None) -> str:
    """ISO 8601 in UTC with a Z, whole seconds; "": there is none."""
    if moment is None:
        return ""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def stored_among(rows: QuerySet[models.Report]) -> Iterator[Stored]:
    """In the caller's transaction. SQLite keeps anything in any column: what are no bytes are none
    that anybody sent."""
    for row in rows:
        yield Stored(
            row.report_id,
            row.sha256,
            bytes(row.jws) if isinstance(row.jws, bytes | memoryview) else b"",
            row.received_at,
            row.station_id,
            row.superseded_by or None,
        )


def _select(report_id: str, among: QuerySet[models.Report]) -> Stored | None:
    return next(stored_among(among.filter(report_id=report_id)), None)


def known_report(report_id: str) -> Stored | None:
    """Of whatever organisation: who hands it in again has its bytes."""
    with asking():
        return _select(report_id, models.Report.objects.all())


def _seen(scope: Scope) -> QuerySet[models.Report]:
    scope.need(Right.SEE_REPORTS)
    return models.Report.objects.filter(organisation=scope.organisation)


def find_report(scope: Scope, report_id: str) -> Stored | None:
    with asking():
        return _select(report_id, _seen(scope))


def listed_pc(scope: Scope, report_id: str) -> int | None:
    """The PC of a report; None where no report of it counts: it then has no page."""
    with asking():
        here = _seen(scope).filter(report_id=report_id).exclude(pc__outcome="")
        return here.values_list("pc", flat=True).first()


def digests_of(report_ids: Iterable[str]) -> dict[str, str]:
    """Report id -> SHA-256 of the bytes that are stored under it, of those that are there. In the
    caller's transaction."""
    here = models.Report.objects.filter(report_id__in=list(report_ids))
    return dict(here.values_list("report_id", "sha256"))


def holds_bytes(report_id: str, sha256: str) -> bool:
    """Whether the bytes that are stored under it have this SHA-256 now: the column says what they
    had as they came. In the caller's transaction."""
    here = models.Report.objects.filter(report_id=report_id)
    return any(sha256_hex(one.jws) == sha256 for one in stored_among(here))


def superseded(scope: Scope, report_id: str) -> Sequence[str]:
    """The reports that this one counts instead of."""
    with asking():
        instead = _seen(scope).filter(superseded_by=report_id).exclude(superseded_by="")
        instead = instead.order_by("report_id")
        return list(instead.values_list("report_id", flat=True))


def other_reports(scope: Scope, report_id: str) -> Sequence[tuple[str, datetime | None, str]]:
    """(report id, when it was done, outcome) of the same PC's other reports, newest first. Of the
    reports of one session there is only the one that counts."""
    with asking():
        mine = _seen(scope).filter(report_id=report_id).values("pc")
        others = (
            models.Report.objects.filter(pc__in=mine, superseded_by="")
            .exclude(report_id=report_id)
            .order_by(*NEWEST_DONE)
        )
        return list(others.values_list("report_id", "done_at", "outcome")[:50])
