"""What only a person can say of a check. Enter alone says nothing: the check was not made."""

from __future__ import annotations

from collections.abc import Collection

from reprise.domain.checks.catalogue import CheckId
from reprise.domain.checks.keyboard import NEVER_ABSENT, judge_keyboard, missing, names_of, rows_for
from reprise.domain.checks.results import CheckResult, judge_by_word
from reprise.i18n import _
from reprise.line_interface.conversation import Conversation
from reprise.line_interface.sheets.asking import one_of
from reprise.sentences.checks import keys_not_seen, where_keys_are_absent


def by_word(talk: Conversation, result: CheckResult) -> CheckResult | None:
    """Of what was heard or felt just now."""
    typed = one_of(
        talk,
        ("F4", "F8"),
        lambda: _("Does it work?") + " " + _("F4: works. F8: faulty. Enter: no opinion."),
        _opinion,
    )
    if not typed:
        return None
    return judge_by_word(result.check, typed == "F4", result.measures)


def screen(talk: Conversation) -> CheckResult | None:
    """No colour is drawn in plain lines: nobody can say here that the screen passes."""
    if not one_of(talk, ("F8",), _faulty, _opinion):
        return None
    return judge_by_word(CheckId.SCREEN, False)


def keys(talk: Conversation, result: CheckResult, seen: Collection[str]) -> CheckResult | None:
    """Of a keyboard not all of whose keys were seen: that is a fault only once a person says so.
    `seen`: kernel names of keys."""
    left = missing(seen)
    talk.output.say(keys_not_seen(left))
    if NEVER_ABSENT.intersection(left):
        typed = one_of(talk, ("F8",), _faulty, _opinion)
    else:
        typed = one_of(
            talk,
            ("F6", "F8"),
            lambda: where_keys_are_absent() + " " + _faulty(),
            _opinion,
        )
    if typed == "F6":
        return judge_keyboard(frozenset(seen), names_of(rows_for(seen)), frozenset(left))
    return result if typed else None


def _faulty() -> str:
    return _("F8: faulty. Enter: no opinion.")


def _opinion() -> str:
    return _("The report says that this is your opinion.")
