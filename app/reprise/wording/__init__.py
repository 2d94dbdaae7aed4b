"""Enum or code -> text for a person, in the language in force; and French number habits.

Journals and reports hold codes only; screens, pages and documents take their words from here, so
that one thing has one name everywhere. A code that nobody gave words is shown as itself.
"""

from reprise.wording.formats import (
    decimal,
    duration,
    join,
    moment,
    number,
    percent,
    size,
    size_binary,
    throughput,
)
from reprise.wording.outcome import in_scope, report_ok, report_title
from reprise.wording.words import (
    code,
    depth,
    health,
    media,
    method,
    method_gloss,
    observation,
    refusal,
    state,
    support,
    technique,
    transport,
    verdict,
    word,
)

__all__ = [
    "code",
    "decimal",
    "depth",
    "duration",
    "health",
    "in_scope",
    "join",
    "media",
    "method",
    "method_gloss",
    "moment",
    "number",
    "observation",
    "percent",
    "refusal",
    "report_ok",
    "report_title",
    "size",
    "size_binary",
    "state",
    "support",
    "technique",
    "throughput",
    "transport",
    "verdict",
    "word",
]
