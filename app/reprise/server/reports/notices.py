"""What a reader must know of a report before what it says."""

from __future__ import annotations

from dataclasses import dataclass

from reprise import wording
from reprise.domain.report.plausibility import plausibility
from reprise.domain.report.report import Report
from reprise.domain.report.within import Others
from reprise.server import clock
from reprise.server.reports.archive import Stored
from reprise.server.reports.decoding import decode_others
from reprise.server.reports.signatures import parse_envelope


@dataclass(frozen=True, slots=True)
class Notices:
    """`doubts`: what cannot be true; `left_out`: what its station shortened; `others`: what this
    version does not know."""

    doubts: tuple[str, ...]
    left_out: tuple[str, ...]
    others: Others


def notices(stored: Stored, report: Report) -> Notices:
    """In the language in force."""
    return Notices(
        wording.doubts(plausibility(report, stored.received_at or clock.now())),
        wording.left_out(report.shortened),
        decode_others(parse_envelope(stored.jws).payload),
    )
