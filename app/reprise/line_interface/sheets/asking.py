"""A choice by number or by one of some keys, and words; another language is no answer to them."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from reprise.i18n import _
from reprise.line_interface.conversation import Conversation
from reprise.line_interface.typed import number_of


def numbered(
    talk: Conversation, rows: Sequence[str], question: str = "", keys: Sequence[str] = ()
) -> int | None:
    """Which of `rows`, from 0; None: back. `keys`: of the rows, where they answer too."""
    how = _("Number or key. Enter: back.") if keys else _("Number. Enter: back.")
    talk.say(f"{number}. {row}" for number, row in enumerate(rows, 1))
    while True:
        typed = talk.ask(
            f"{question} {how}".strip(), _("Nothing is changed by Enter."), ", ".join(keys)
        )
        if not typed:
            return None
        if typed.upper() in keys:
            return keys.index(typed.upper())
        number = number_of(typed)
        if 1 <= number <= len(rows):
            return number - 1
        out_of_range(talk, typed, len(rows), keys)


def out_of_range(talk: Conversation, typed: str, most: int, keys: Sequence[str] = ()) -> None:
    """Says so; another language was an answer. `keys`: that would have been answers, too."""
    if typed == "L":
        return
    if keys:
        text = _("A number from 1 to {most} or a key is needed: {keys}.")
        talk.output.say(text.format(most=most, keys=", ".join(keys)))
    else:
        talk.output.say(_("A number from 1 to {most} is needed.").format(most=most))


def one_of(
    talk: Conversation,
    keys: Sequence[str],
    question: Callable[[], str],
    help_text: Callable[[], str],
) -> str:
    """The key of `keys` that was typed, "" for Enter alone; what is neither is no answer."""
    while True:
        typed = talk.ask(question(), help_text()).upper()
        if typed in ("", *keys):
            return typed
        if typed != "L":
            named = ", ".join((*keys, _("Enter")))
            talk.output.say(_("Answers here: {keys}.").format(keys=named))


def words(talk: Conversation, question: Callable[[], str], help_text: Callable[[], str]) -> str:
    """As they were typed, "" for Enter alone; another language is none."""
    while (typed := talk.ask(question(), help_text())) == "L":
        pass
    return typed
