"""Rows about function checks that several screens share."""

from __future__ import annotations

from reprise.domain.checks.grading import ChecksRecord, Grade
from reprise.domain.checks.results import CheckProgress, CheckResult, CheckStatus
from reprise.i18n import _
from reprise.tui.drawing import paint
from reprise.tui.drawing.glyphs import CROSS, TICK, bar
from reprise.wording import checks as words

_STYLES = {
    CheckStatus.PASSED: paint.GOOD,
    CheckStatus.FAILED: paint.BAD,
    CheckStatus.SKIPPED: paint.WARN,
    CheckStatus.UNKNOWN: paint.WARN,
    CheckStatus.NOT_APPLICABLE: paint.FAINT,
}
_SIGNS = {CheckStatus.PASSED: TICK, CheckStatus.FAILED: CROSS}
_BETWEEN = " · "  # facts, see wording.checks
_BLOCKS = {
    Grade.A: paint.GOOD_BLOCK,
    Grade.B: paint.GOOD_BLOCK,
    Grade.C: paint.WARN_BLOCK,
    Grade.NONE: paint.WARN_BLOCK,
    Grade.D: paint.BAD_BLOCK,
}


def status_part(status: CheckStatus) -> tuple[str, str]:
    """With a sign, for who does not tell green from red."""
    sign = _SIGNS.get(status, "–")
    return f"{sign} {words.check_status(status)}", _STYLES[status]


def facts(result: CheckResult, room: int) -> str:
    """As many of its facts as fit; only the first may be cut."""
    told = words.check_facts(result)
    if len(told) <= room:
        return told
    shown, *others = told.split(_BETWEEN)
    for fact in others:
        longer = f"{shown}{_BETWEEN}{fact}"
        if len(longer) >= room:
            break
        shown = longer
    return cut(f"{shown}…", room)


def progress_text(progress: CheckProgress) -> str:
    """How far it is, and what is measured so far."""
    parts = []
    if progress.part is not None:
        parts.append(bar(progress.part, 12))
    parts += words.measured(progress.measures)
    return "  ".join(parts) or "…"


def cut(text: str, room: int) -> str:
    return text if len(text) <= room else text[: max(room - 1, 0)].rstrip(" ,") + "…"


def result_line(result: CheckResult) -> paint.Text:
    facts = words.check_facts(result)
    return paint.line(status_part(result.status), f"  {facts}" if facts else "")


def grade_line(record: ChecksRecord) -> paint.Text:
    """The grade in a block, and how many functions are no pass."""
    failed = len(words.in_status(record.results, CheckStatus.FAILED))
    open_ = len(words.in_status(record.results, CheckStatus.UNKNOWN, CheckStatus.SKIPPED))
    counts = _("failed: {failed}, not checked: {unchecked}").format(failed=failed, unchecked=open_)
    grade = words.grade(record.grade)
    return paint.line(
        (_("Grade "), paint.STRONG), (f" {grade} ", _BLOCKS[record.grade]), f"  {counts}"
    )
