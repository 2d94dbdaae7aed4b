"""Making papers, in the process that does jobs."""

from __future__ import annotations

from dataclasses import dataclass

from reprise.domain.report.report import Report
from reprise.server.demo.mark import is_demonstration
from reprise.server.jobs.services import Job
from reprise.server.papers import archive
from reprise.server.papers.facts import Facts, facts_of
from reprise.server.papers.maker import maker
from reprise.server.papers.sweeping import sweep
from reprise.server.reports.loading import load_any_report


class Papers:
    """As jobs.worker.Kind says."""

    def __init__(self) -> None:
        self.maker = maker()

    def begin(self, job: Job) -> Paper | None:
        """Of what is in the database now, which may be more than when it was asked for. Raises
        ProblemError, StorageError."""
        from reprise.documents import certificate  # noqa: F401 (once here, not in each child)

        stored, report, station = load_any_report(job.arguments["report_id"])
        facts = facts_of(
            stored,
            station,
            language=job.arguments["language"],
            public_url=job.arguments["public_url"],
            maker=self.maker,
        )
        return None if archive.is_known(facts, job.name) else Paper(facts, report, job.name)

    def clean(self) -> None:
        sweep()


@dataclass(frozen=True, slots=True)
class Paper:
    """As jobs.worker.Work says. `asked`: its name when it was asked for."""

    facts: Facts
    report: Report
    asked: str

    def make(self) -> bytes:
        from reprise.documents.certificate import certificate_pdf, specimen_pdf
        from reprise.documents.proof import SignatureFacts

        facts = self.facts
        if is_demonstration():
            return specimen_pdf(self.report, lang=facts.language)
        base = facts.public_url
        proof = SignatureFacts(
            kid=facts.kid,
            sha256=facts.report_sha256,
            verified=True,  # by load_any_report
            station=facts.station,
            received_at=facts.received_at,
            revoked_at=facts.revoked_at or None,
            superseded_by=facts.superseded_by or None,
            url=f"{base}/reports/{facts.report_id}" if base else None,
        )
        return certificate_pdf(self.report, lang=facts.language, proof=proof)

    def keep(self, made: bytes) -> None:
        archive.keep(self.facts, made, self.asked)
