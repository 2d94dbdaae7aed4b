"""Enum or code -> text for a person, in the language in force; and French number habits.

Journals and reports hold codes only; screens, pages and documents take their words from here, so
that one thing has one name everywhere. A code that nobody gave words is shown as itself.
"""

from reprise.wording.codes import code
from reprise.wording.drives import health, media, state, support, transport
from reprise.wording.enums import word
from reprise.wording.formats import (
    about,
    date_of,
    decimal,
    duration,
    few,
    hour,
    join,
    moment,
    number,
    percent,
    printable,
    series,
    short_moment,
    size,
    size_binary,
    throughput,
)
from reprise.wording.implausible import doubts, left_out
from reprise.wording.install import system
from reprise.wording.machines import chassis, firmware, kind_sign
from reprise.wording.observations import observation
from reprise.wording.outcome import report_title
from reprise.wording.plan import depth, method, method_gloss, preparation, technique, unusual
from reprise.wording.refusals import (
    advice_for_refusals,
    advice_for_stick,
    refusal,
    refusals,
)
from reprise.wording.regenerate import Check, check_of
from reprise.wording.remembered import remembered, traces
from reprise.wording.triage import age, impact, triage_reason
from reprise.wording.unreached import statements, unreached, unreached_place
from reprise.wording.verdicts import advice_for_reasons, leading, verdict
