"""Function checks: what works on this PC, measured, or said by whoever hears and feels it."""

from __future__ import annotations

from collections.abc import Iterator

from reprise.domain.checks.catalogue import CheckId
from reprise.domain.checks.events import ConditionNoted
from reprise.domain.checks.grading import Condition
from reprise.domain.checks.merging import kept, may_be_set_aside
from reprise.domain.checks.results import CheckResult
from reprise.i18n import _
from reprise.line_interface.conversation import Conversation
from reprise.line_interface.sheets.asking import numbered, one_of, out_of_range
from reprise.line_interface.sheets.by_word import screen
from reprise.line_interface.sheets.running import run_check
from reprise.line_interface.sheets.skipping import skip
from reprise.line_interface.shown import labelled
from reprise.line_interface.typed import number_of
from reprise.sentences.checks import pc_not_read, report_signed
from reprise.wording import checks as words
from reprise.workflow.session.checking import Checking, needs_nobody
from reprise.workflow.session.waiting_for_checks import Held


def checks(talk: Conversation) -> None:
    """The report waits while a person is here (see workflow.session.waiting_for_checks)."""
    if _closed(talk):
        return
    stand = Checking(lambda: talk.state, talk.clock)
    stand.enter()
    talk.meanwhile = lambda: _renew(talk, stand)
    talk.say(_rows(talk, stand))
    try:
        while not _closed(talk):
            if not _answered(talk, stand, talk.ask(_question(), _help())):
                return
    finally:
        talk.meanwhile = lambda: None
        talk.do(lambda engine: engine.hold_report(Held(False)))


def _closed(talk: Conversation) -> bool:
    if talk.state.inventory is None:
        talk.output.say(pc_not_read())
    elif talk.state.sealed is not None:
        talk.output.say(report_signed())
    else:
        return False
    return True


def _renew(talk: Conversation, stand: Checking) -> None:
    if stand.hold_due():
        talk.do(lambda engine: engine.hold_report(Held(True)))


def _question() -> str:
    return _(
        "Number: make that check. A: all automatic ones. S: skip all that are left. R: read again."
        " Enter: back."
    )


def _help() -> str:
    return _(
        "Memory and processor wait while drives are erased: they would slow and heat them. The"
        " report waits too: it is signed once you leave with Enter."
    )


def _rows(talk: Conversation, stand: Checking) -> Iterator[str]:
    wanted = stand.wanted()
    for number, check in enumerate(wanted, 1):
        yield f"{number}. {_told(stand, check)}"
    yield f"{len(wanted) + 1}. {_case(talk.state.checked.condition)}"
    record = talk.state.checks
    if record is None:
        yield _("Grade: nothing was checked yet")
    else:
        yield _("Grade: {grade}").format(grade=words.grade(record.grade))


def _case(known: Condition | None) -> str:
    look = _("to do") if known is None else words.condition(known)
    return labelled(_("Look of the case"), look)


def _told(stand: Checking, check: CheckId) -> str:
    result = stand.known(check)
    if result is not None:
        return _came(result)
    return _waiting(check) if stand.waits(check) else labelled(words.check(check), _("to do"))


def _came(result: CheckResult) -> str:
    facts = filter(None, (words.check_status(result.status), words.check_facts(result)))
    return labelled(words.check(result.check), *facts)


def _waiting(check: CheckId) -> str:
    return labelled(words.check(check), _("waits: drives are being erased"))


def _answered(talk: Conversation, stand: Checking, typed: str) -> bool:
    """False: back."""
    wanted, number = stand.wanted(), number_of(typed)
    if typed.upper() == "A":
        _make_all(talk, stand)
    elif typed.upper() == "S":
        _skip_all(talk, stand)
    elif typed.upper() == "R":
        talk.say(_rows(talk, stand))
    elif number == len(wanted) + 1:
        _look(talk)
    elif 1 <= number <= len(wanted):
        _make(talk, stand, wanted[number - 1])
    elif typed:
        out_of_range(talk, typed, len(wanted) + 1, ("A", "S", "R"))
    return bool(typed)


def _make_all(talk: Conversation, stand: Checking) -> None:
    due = [check for check in stand.pending() if needs_nobody(check)]
    if not due:
        talk.output.say(_none_left())
    for check in due:
        if not _make(talk, stand, check):
            break


def _none_left() -> str:
    return _("No check is left.")


def _make(talk: Conversation, stand: Checking, check: CheckId) -> bool:
    """False: the person broke it off, or said nothing of it."""
    if not stand.waits(check):
        talk.output.say(labelled(words.check(check), _about(check)))
    result = screen(talk) if check is CheckId.SCREEN else run_check(talk, stand, check)
    if result is None and stand.waits(check):
        talk.output.say(_waiting(check))
        return True
    if result is None:
        _say_unmade(talk, stand, check)
        return False
    known, whole = stand.known(check), stand.to_record(result)
    if whole is not None and talk.do(lambda engine: engine.record_check(whole)):
        now = kept(known, whole)
        talk.output.say(_came(now) if now is whole else _unchanged(now))
    return True


def _unchanged(result: CheckResult) -> str:
    return _("Result unchanged.") + " " + _came(result)


def _say_unmade(talk: Conversation, stand: Checking, check: CheckId) -> None:
    """A result that is known stays: only a person takes back what a person said by mistake."""
    known = stand.known(check)
    talk.output.say(_("not checked") if known is None else _unchanged(known))
    may_be = stand.open and may_be_set_aside(known)
    if may_be and one_of(talk, ("I",), _set_aside, _help_setting_aside):
        for result in skip(talk, stand, (check,), lambda: _("Skip this check. Why?")):
            talk.output.say(_came(result))


def _set_aside() -> str:
    """By another key than those that break a check off (docs/decisions/0150-sheets-and-keys.md)."""
    return _("I: record it as skipped. Enter: leave it so.")


def _help_setting_aside() -> str:
    return _("A function that was skipped never counts as a pass.")


def _about(check: CheckId) -> str:
    if check is CheckId.SCREEN:
        return _("This check is made on the screens: nothing is shown in plain lines.")
    return words.criterion(check)


def _look(talk: Conversation) -> None:
    conditions = tuple(Condition)
    number = numbered(
        talk, [words.condition(condition) for condition in conditions], _("How does the PC look?")
    )
    if number is None:
        return
    if talk.do(lambda engine: engine.note_condition(ConditionNoted(conditions[number]))):
        talk.output.say(_case(conditions[number]))


def _skip_all(talk: Conversation, stand: Checking) -> None:
    left = stand.pending()
    if left:
        skip(talk, stand, left, lambda: _("Skip all remaining checks. Why?"))
    else:
        talk.output.say(_none_left())
