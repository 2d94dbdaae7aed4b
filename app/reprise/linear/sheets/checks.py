"""Function checks: what works on this PC, measured, or said by whoever hears and feels it."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from reprise.domain.check_catalogue import CATALOGUE, applies, settled, spec
from reprise.domain.check_events import ConditionNoted
from reprise.domain.checks import (
    SKIP_REASONS,
    CheckId,
    CheckKind,
    CheckLimit,
    CheckReason,
    CheckResult,
    skipped,
)
from reprise.domain.grading import Condition
from reprise.domain.judge_devices import judge_by_word
from reprise.i18n import _
from reprise.linear.sheets.asking import numbered
from reprise.linear.sheets.running import run_check
from reprise.linear.shown import labelled
from reprise.linear.talk import Talk
from reprise.linear.typed import number_of
from reprise.wording import checks as words
from reprise.workflow.holding import RENEW_S, Held


def checks(talk: Talk) -> None:
    """The report waits while a person is here (see workflow.holding)."""
    if _closed(talk):
        return
    talk.meanwhile = _renewing(talk)
    talk.say(_rows(talk))
    try:
        while not _closed(talk):
            if not _answered(talk, talk.ask(_question(), _help())):
                return
    finally:
        talk.meanwhile = lambda: None
        talk.do(lambda desk: desk.hold_report(Held(False)))


def _closed(talk: Talk) -> bool:
    if talk.state.inventory is None:
        talk.mouth.say(_("This PC is still being read: its functions can be checked then."))
    elif talk.state.sealed is not None:
        talk.mouth.say(_("The report of this PC is signed: nothing can be added to it."))
    else:
        return False
    return True


def _renewing(talk: Talk) -> Callable[[], None]:
    due_s = [talk.clock()]

    def renew() -> None:
        if talk.clock() >= due_s[0]:
            due_s[0] = talk.clock() + RENEW_S
            talk.do(lambda desk: desk.hold_report(Held(True)))

    return renew


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


def _wanted(talk: Talk) -> tuple[CheckId, ...]:
    inventory = talk.state.inventory
    if inventory is None:
        return ()
    return tuple(one.check for one in CATALOGUE if applies(one.check, inventory))


def _known(talk: Talk, check: CheckId) -> CheckResult | None:
    return next((one for one in talk.state.checked.results if one.check is check), None)


def _rows(talk: Talk) -> Iterator[str]:
    wanted = _wanted(talk)
    for number, check in enumerate(wanted, 1):
        yield f"{number}. {_told(talk, check)}"
    known = talk.state.checked.condition
    look = _("to do") if known is None else words.condition(known)
    yield f"{len(wanted) + 1}. " + labelled(_("Look of the case"), look)
    record = talk.state.checks
    if record is None:
        yield _("Grade: nothing was checked yet")
    else:
        yield _("Grade ") + words.grade(record.grade)


def _told(talk: Talk, check: CheckId) -> str:
    result = _known(talk, check)
    if result is not None:
        facts = filter(None, (words.check_status(result.status), words.check_facts(result)))
        return labelled(words.check(check), *facts)
    waits = _("waits: drives are being erased") if _waits(talk, check) else _("to do")
    return labelled(words.check(check), waits)


def _waits(talk: Talk, check: CheckId) -> bool:
    erasing = bool(talk.state.working) and not talk.state.all_final
    return spec(check).disturbs and erasing


def _left(talk: Talk) -> list[CheckId]:
    return [check for check in _wanted(talk) if _known(talk, check) is None]


def _answered(talk: Talk, typed: str) -> bool:
    """False: back."""
    wanted, number = _wanted(talk), number_of(typed)
    if typed.upper() == "A":
        for check in _left(talk):
            if spec(check).kind is CheckKind.AUTOMATIC and not _make(talk, check):
                break
    elif typed.upper() == "S":
        _skip(talk)
    elif typed.upper() == "R":
        talk.say(_rows(talk))
    elif number == len(wanted) + 1:
        _look(talk)
    elif 1 <= number <= len(wanted):
        _make(talk, wanted[number - 1])
    return bool(typed)


def _make(talk: Talk, check: CheckId) -> bool:
    """False: the person broke it off."""
    if _waits(talk, check):
        talk.mouth.say(labelled(words.check(check), _("waits: drives are being erased")))
        return True
    talk.mouth.say(labelled(words.check(check), words.criterion(check)))
    result = run_check(talk, check)
    if result is None:
        talk.mouth.say(_("not checked"))
        return False
    if result.reason is CheckReason.NO_WORD:
        result = _by_word(talk, result)
    inventory = talk.state.inventory
    if result is not None and inventory is not None:
        whole = settled(result, inventory)
        if talk.do(lambda desk: desk.record_check(whole)):
            facts = filter(None, (words.check_status(whole.status), words.check_facts(whole)))
            talk.mouth.say(labelled(words.check(check), *facts))
    return True


def _by_word(talk: Talk, result: CheckResult) -> CheckResult | None:
    """None: nobody said anything; Enter alone never passes a check."""
    limit = CheckLimit.BY_EAR if result.check is CheckId.SOUND else CheckLimit.BY_EYE
    typed = talk.ask(
        _("Does it work?") + " " + _("F4: works. F8: faulty. Enter: not checked."),
        _("The report says that this is your opinion."),
    ).upper()
    if typed not in ("F4", "F8"):
        return None
    return judge_by_word(result.check, typed == "F4", limit, result.measures)


def _look(talk: Talk) -> None:
    conditions = tuple(Condition)
    number = numbered(
        talk, [words.condition(one) for one in conditions], _("How does the PC look?")
    )
    if number is not None:
        talk.do(lambda desk: desk.note_condition(ConditionNoted(conditions[number])))


def _skip(talk: Talk) -> None:
    left = _left(talk)
    question = _("Skip all checks that are left. Why?")
    rows = [words.check_reason(one) for one in SKIP_REASONS[:-1]]
    number = numbered(talk, [*rows, _("another reason…")], question) if left else None
    if number is None:
        return
    reason, said = SKIP_REASONS[number], ""
    if reason is CheckReason.IN_WORDS:
        said = talk.ask(_("In a few words:"), question)
        if not said:
            return
    for check in left:
        talk.do(lambda desk, check=check: desk.record_check(skipped(check, reason, said)))  # type: ignore[misc]
