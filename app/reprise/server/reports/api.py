"""Reports and PCs for programs. Handing a report in: see front/app.py."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from django.http import HttpResponse
from ninja import Field, Query, Schema
from pydantic import WithJsonSchema

from reprise.domain.erasure.lifecycle import DriveState
from reprise.domain.planning.techniques import Method
from reprise.domain.report.outcome import Outcome
from reprise.i18n import N_
from reprise.server.api.endpoints import Call, Moment, Subject
from reprise.server.people.scope import Right
from reprise.server.problems import ProblemError, ProblemKind
from reprise.server.reports.archive import find_report
from reprise.server.reports.catalogue import Narrowed, Page, Sort, list_pcs
from reprise.server.reports.intake import JOSE, checked_id
from reprise.server.reports.listed import Kind
from reprise.server.reports.telling import (
    MARK,
    Following,
    ToldPc,
    ToldReport,
    tell_following,
    tell_pc,
    tell_report,
)

_MOST = 200  # of one page
subject = Subject("reports")
ReportId = Annotated[str, WithJsonSchema({"type": "string", "format": "uuid"})]


class DriveOut(Schema):
    position: int
    model: str
    serial: str
    wwn: str
    size_bytes: int
    state: DriveState = Field(description=N_("As the rule in force judges it"))
    achieved: Method = Field(description=N_("NIST SP 800-88; “none” unless it was erased"))


_DONE_AT = Field(
    description=N_("By its station's clock where that can be believed, else when it was received")
)


class ReportOut(Schema):
    report_id: str
    sha256: str = Field(description=N_("Of the signed report, as it was received"))
    received_at: datetime | None
    done_at: datetime | None = _DONE_AT
    sealed_at: str = Field(description=N_("The station's own clock: it may be wrong, or unknown"))
    kid: str = Field(description=N_("The key that it was signed with"))
    pc: int
    outcome: Outcome
    asset_tag: str
    lot: str
    donor: str
    superseded_by: str | None = Field(
        description=N_("The report of the same session that counts instead")
    )
    drives: list[DriveOut]


class ReportLineOut(Schema):
    report_id: str
    received_at: datetime | None
    done_at: datetime | None = _DONE_AT
    outcome: Outcome
    drives: int
    sanitized: int = Field(description=N_("How many of its drives were erased"))


class PcOut(Schema):
    pc: int
    maker: str
    model: str
    serial: str
    uuid: str
    chassis: str
    kind: Kind
    outcome: Outcome = Field(description=N_("Of its newest report that counts"))
    last_received_at: datetime | None


class PcLineOut(PcOut):
    reports: list[ReportLineOut] = Field(description=N_("Those that count, newest first"))


class PcsOut(Schema):
    page: int
    pages: int
    count: int
    more: bool = Field(description=N_("There may be more than were looked at: narrow the list"))
    pcs: list[PcLineOut]


class PcHistoryOut(PcOut):
    reports: list[ReportOut] = Field(description=N_("All of them, newest first"))
    more: bool = Field(description=N_("There are more than are told"))


class ReportsOut(Schema):
    reports: list[ReportOut] = Field(description=N_("In the order in which they were received"))
    mark: str = Field(description=N_("Give it back as “mark” for those that follow"))
    more: bool = Field(description=N_("More are there at this moment"))


class PcsAsked(Schema):
    q: str = Field("", max_length=200, description=N_("Words, or parts of words, of a PC"))
    outcome: Outcome | None = Field(None, description=N_("Of its newest report that counts"))
    kind: Kind | None = None
    since: Moment | None = Field(None, description=N_("Its last report came then or later"))
    before: Moment | None = Field(None, description=N_("Its last report came earlier"))
    sort: Sort = Sort.NEWEST
    page: int = Field(1, ge=1, le=1_000_000, description=N_("Too large: the last page"))
    size: int = Field(50, ge=1, le=_MOST)


class ReportsAsked(Schema):
    since: Moment | None = Field(None, description=N_("Received then or later"))
    mark: str = Field("", pattern=MARK, description=N_("What the answer before this one said"))
    size: int = Field(100, ge=1, le=_MOST)


@subject.get("/pcs", Right.SEE_REPORTS, N_("PCs, a page of them"), answer=PcsOut)
def pcs(request: Call, asked: Query[PcsAsked]) -> dict[str, object]:
    narrowed = Narrowed(asked.outcome, asked.kind, asked.since, asked.before)
    page: Page = list_pcs(
        request.scope, asked.q, asked.page, asked.size, narrowed=narrowed, sort=asked.sort
    )
    return {
        "page": page.number,
        "pages": page.pages,
        "count": page.pcs,
        "more": page.more or page.lately,
        "pcs": page.lines,
    }


@subject.get(
    "/pcs/{int:pc}",
    Right.SEE_REPORTS,
    N_("A PC with all its reports"),
    answer=PcHistoryOut,
    problems=[ProblemKind.NOT_FOUND],
)
def pc(request: Call, pc: int) -> ToldPc:
    return tell_pc(request.scope, pc)


@subject.get(
    "/reports",
    Right.SEE_REPORTS,
    N_("All reports, for whoever keeps a copy: ask again with the mark of the last answer"),
    answer=ReportsOut,
)
def reports(request: Call, asked: Query[ReportsAsked]) -> Following:
    return tell_following(request.scope, asked.since, asked.mark, asked.size)


@subject.get(
    "/reports/{str:report_id}",
    Right.SEE_REPORTS,
    N_("The exact bytes that the station signed"),
    media=JOSE,
    problems=[ProblemKind.BAD_ID, ProblemKind.NOT_FOUND],
)
def signed_report(request: Call, report_id: ReportId) -> HttpResponse:
    stored = find_report(request.scope, checked_id(report_id))
    if stored is None:
        raise ProblemError(ProblemKind.NOT_FOUND)
    headers = {
        "Content-Disposition": f'attachment; filename="{report_id}.jws"',
        "ETag": f'"{stored.sha256}"',
    }
    return HttpResponse(stored.jws, content_type=JOSE, headers=headers)


@subject.get(
    "/reports/{str:report_id}/summary",
    Right.SEE_REPORTS,
    N_("What the server's tables say of a report; its signature is not looked at"),
    answer=ReportOut,
    problems=[ProblemKind.BAD_ID, ProblemKind.NOT_FOUND],
)
def summary(request: Call, report_id: ReportId) -> ToldReport:
    return tell_report(request.scope, checked_id(report_id))
