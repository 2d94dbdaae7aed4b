"""Enum or code -> text for a person, in the language in force; and French number habits.

Journals and reports hold codes only; screens, pages and documents take their words from here, so
that one thing has one name everywhere. A code that nobody gave words is shown as itself.
"""

from reprise.wording.advice import for_reasons as advice_for_reasons
from reprise.wording.advice import for_refusals as advice_for_refusals
from reprise.wording.advice import for_stick as advice_for_stick
from reprise.wording.cause import leading
from reprise.wording.flow import unusual
from reprise.wording.formats import (
    about,
    decimal,
    duration,
    hour,
    join,
    moment,
    number,
    percent,
    series,
    short_moment,
    size,
    size_binary,
    throughput,
)
from reprise.wording.machines import chassis, firmware, system
from reprise.wording.outcome import report_title
from reprise.wording.regenerate import Check, check_of
from reprise.wording.triage import age, impact, triage_reason
from reprise.wording.unreached import statements, unreached, unreached_place
from reprise.wording.words import (
    code,
    depth,
    health,
    media,
    method,
    method_gloss,
    observation,
    preparation,
    refusal,
    refusals,
    state,
    support,
    technique,
    transport,
    verdict,
    word,
)

__all__ = [
    "Check",
    "about",
    "advice_for_reasons",
    "advice_for_refusals",
    "advice_for_stick",
    "age",
    "chassis",
    "check_of",
    "code",
    "decimal",
    "depth",
    "duration",
    "firmware",
    "health",
    "hour",
    "impact",
    "join",
    "leading",
    "media",
    "method",
    "method_gloss",
    "moment",
    "number",
    "observation",
    "percent",
    "preparation",
    "refusal",
    "refusals",
    "report_title",
    "series",
    "short_moment",
    "size",
    "size_binary",
    "state",
    "statements",
    "support",
    "system",
    "technique",
    "throughput",
    "transport",
    "triage_reason",
    "unreached",
    "unreached_place",
    "unusual",
    "verdict",
    "word",
]
