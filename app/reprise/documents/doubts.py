"""What a reader of the paper must know before what it says: what cannot be true of the report, and
what its station left out."""

from __future__ import annotations

from datetime import datetime

from reportlab.platypus import Flowable, Spacer

from reprise import wording
from reprise.documents import parts
from reprise.documents.proof import SignatureFacts
from reprise.domain.report.outcome import Outcome
from reprise.domain.report.plausibility import plausibility
from reprise.domain.report.report import Report
from reprise.i18n import _


def doubt_flowables(report: Report, proof: SignatureFacts | None) -> list[Flowable]:
    """Doubts need a clock beside the PC's: a server's receipt."""
    received = proof.received_at if proof is not None else None
    doubts = plausibility(report, datetime.fromisoformat(received)) if received else ()
    found = (
        (Outcome.UNVERIFIED, _("This report holds what cannot be true"), wording.doubts(doubts)),
        (
            Outcome.INCOMPLETE,
            _("Shortened by the station: some of it was too long"),
            wording.left_out(report.shortened),
        ),
    )
    story: list[Flowable] = []
    for outcome, headline, told in found:
        if told:
            story += [parts.band(outcome, headline, ""), Spacer(0, 3), *parts.bullets(told)]
            story.append(Spacer(0, 5))
    return story
