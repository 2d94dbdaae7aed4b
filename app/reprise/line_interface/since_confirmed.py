"""From the confirmation to the next PC."""

from __future__ import annotations

from reprise.domain.install.options import InstallOptions
from reprise.i18n import _
from reprise.line_interface import ordering, shown, unattended
from reprise.line_interface.conversation import Conversation
from reprise.line_interface.news import News
from reprise.line_interface.step import LineStep, MovedError
from reprise.sentences.done import leave_answer, leave_question, sending_text, stored_text
from reprise.sentences.working import stop_erasure, stop_installation
from reprise.workflow.session.came_to import proof_is_safe


def work(talk: Conversation) -> LineStep:
    """Goes on by itself: the conversation is moved on at the end."""
    keys = _("The work goes on by itself. Enter: how far it is. S: stop. ?: help.")
    talk.output.say(keys)
    news = News(talk.local_time)
    try:
        while True:
            talk.say(news.since(talk.engine, talk.clock()))
            typed = talk.listen(keys=keys)
            if typed is not None:
                _answer(talk, news, typed)
    except MovedError as moved:
        if moved.to is LineStep.DONE:  # what came since the last look, with the end
            talk.say(news.changes(talk.state))
        raise


def _answer(talk: Conversation, news: News, typed: str) -> None:
    if typed == "?":
        talk.output.say(_work_help())
    elif typed.upper() == "S":
        _stop(talk)
    else:
        talk.say(news.where(talk.engine))


def _work_help() -> str:
    return _(
        "You may go on to the next PC: this one erases, verifies, installs and signs its report by"
        " itself. Enter says how far it is, S asks whether to stop; a drive that is stopped is"
        " INTERRUPTED, never erased. After a power cut, start again from the stick."
    )


def _stop(talk: Conversation) -> None:
    """A letter alone stops nothing."""
    question = stop_erasure() if talk.state.install is None else stop_installation()
    if _says_yes(talk, question, _("{yes}: stop now. Enter: go on."), _work_help()):
        talk.do(lambda engine: engine.stop())
    else:
        talk.output.say(_("It goes on."))


def _says_yes(
    talk: Conversation, question: str, answers: str, help_text: str, what: str = ""
) -> bool:
    """Never by the letter that led to the question: it may have been typed twice. `what`: yes
    does, where `answers` names it."""
    yes = _("Y")
    return talk.ask(f"{question} {answers.format(yes=yes, what=what)}", help_text).upper() == yes


def finished(talk: Conversation) -> LineStep:
    """Until the PC is switched off."""
    talk.say(shown.end(talk.status, talk.state, _ordered(talk) or talk.install))
    proof = _Proof(talk)
    unattended.switch_off(talk, proof.look)
    talk.output.ask(_question(talk))
    while True:
        typed = talk.listen(keys=_question(talk))
        if typed is None:
            proof.look()
        elif not _obey(talk, typed.upper()):
            return LineStep.DONE
        if not talk.output.asked:
            talk.output.ask(_question(talk))


def _ordered(talk: Conversation) -> InstallOptions | None:
    return None if talk.status.order is None else talk.status.order.with_


class _Proof:
    """Says where it is whenever that changes."""

    def __init__(self, talk: Conversation) -> None:
        self._talk = talk
        self._known = self._where()

    def look(self) -> None:
        where = self._where()
        if where != self._known:
            self._known = where
            self._talk.output.say(where)

    def _where(self) -> str:
        state, status = self._talk.state, self._talk.status
        if state.sealed is None:
            return ""
        stored, sent = stored_text(status.stick), sending_text(state, status.outbox)
        return shown.labelled(_("Report"), stored, sent)


def _question(talk: Conversation) -> str:
    keys = _("E: switch this PC off. R: restart it. Enter: say it again.")
    return keys if talk.state.sealed is not None else _("T: store the report again.") + " " + keys


def _obey(talk: Conversation, typed: str) -> bool:
    """False: all is to be said again."""
    if typed in ("E", "R"):
        _leave(talk, restart=typed == "R")
        return True
    if typed == "T" and talk.state.sealed is None:
        talk.do(lambda engine: engine.seal())
        return False
    if typed == "?":
        talk.output.say(
            _(
                "Only ERASED AND VERIFIED is proof of erasure. Write the code on the PC: it is the"
                " beginning of the report's number. Pull the stick before you restart into the new"
                " system."
            )
        )
        return True
    return False


def _leave(talk: Conversation, *, restart: bool) -> None:
    safe = proof_is_safe(talk.state, talk.status.stick, talk.status.outbox)
    text = leave_question(safe=safe, restart=restart)
    what = leave_answer(safe=safe, restart=restart).lower()
    if not text or _says_yes(talk, text, _("{yes}: {what}. Enter: stay."), text, what):
        ordering.leave(talk, restart=restart)
