"""One session, one truth: which of the reports that speak of one session counts.

A session makes one report of its own, from its whole journal; its number is fixed from the start.
Where the journal breaks off, a later start reports what it holds, under another number: the power
was cut, or the stick was pulled and the session went on, and made its own report, without it. What
breaks off is the beginning of what went on, so the longer one tells all that the shorter one does
(docs/decisions/0193-one-session-one-truth.md)."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from dataclasses import dataclass

from reprise.domain.report.report import Report


def left_ids(session_id: str, journal_sha256: str) -> tuple[str, str]:
    """The numbers that the report of a journal that breaks off has: ours, which is another for
    another length of the journal, and the one that older versions gave it."""
    texts = (f"reprise-left:{session_id}:{journal_sha256}", f"reprise-left:{session_id}")
    ours, older = (str(uuid.uuid5(uuid.NAMESPACE_OID, text)) for text in texts)
    return ours, older


@dataclass(frozen=True, slots=True)
class Word:
    """One report as a word on its session. `left`: from a journal that breaks off. `session_s`:
    how far it goes, in seconds from the session's start, by a clock that cannot be set."""

    report_id: str
    left: bool
    session_s: float


def word_of(report: Report) -> Word:
    left = bool(report.left_of) or report.report_id in left_ids(report.session_id, "")
    return Word(report.report_id, left, report.clock.session_s)


def truth(words: Iterable[Word]) -> str:
    """The number of the report that counts, of those of one session: its own, else the longest.
    Raises ValueError where there is none."""
    best = min(words, key=lambda word: (word.left, -word.session_s, word.report_id))
    return best.report_id
