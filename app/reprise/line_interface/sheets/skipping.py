"""A check that is recorded as skipped, with its reason."""

from __future__ import annotations

from collections.abc import Callable

from reprise.domain.checks.catalogue import SKIP_REASONS, CheckId, CheckReason
from reprise.domain.checks.results import CheckResult
from reprise.i18n import _
from reprise.line_interface.conversation import Conversation
from reprise.line_interface.sheets import asking
from reprise.line_interface.sheets.asking import numbered
from reprise.sentences.checks import skip_reasons
from reprise.workflow.session.checking import Checking


def skip(
    talk: Conversation, stand: Checking, checks: tuple[CheckId, ...], question: Callable[[], str]
) -> tuple[CheckResult, ...]:
    """What was recorded: nothing where the person went back."""
    given = _reason(talk, question)
    if given is None:
        return ()
    return tuple(result for result in stand.to_skip(checks, *given) if _recorded(talk, result))


def _recorded(talk: Conversation, result: CheckResult) -> bool:
    return talk.do(lambda engine: engine.record_check(result))


def _reason(talk: Conversation, question: Callable[[], str]) -> tuple[CheckReason, str] | None:
    """With a person's own words, where it is that. None: back."""
    number = numbered(talk, skip_reasons(), question())
    if number is None:
        return None
    if SKIP_REASONS[number] is not CheckReason.IN_WORDS:
        return SKIP_REASONS[number], ""
    said = asking.words(talk, lambda: _("In a few words:"), question)
    return (CheckReason.IN_WORDS, said) if said else None
