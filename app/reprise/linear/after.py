"""From the confirmation to the next PC."""

from __future__ import annotations

from reprise.i18n import _
from reprise.linear import shown
from reprise.linear.news import News
from reprise.linear.talk import MovedError, Step, Talk
from reprise.sentences.done import leave_question, sending_text, stored_text
from reprise.sentences.outcome import proof_is_safe
from reprise.workflow.desk.port import Leave
from reprise.workflow.services import InstallDefaults


def work(talk: Talk) -> Step:
    """Goes on by itself: the conversation is moved on at the end."""
    talk.mouth.say(
        _("The work goes on by itself. Enter: how far it is. S: stop. ?: help."),
    )
    news = News(talk.local_time)
    try:
        while True:
            talk.say(news.since(talk.desk, talk.clock()))
            typed = talk.listen()
            if typed is not None:
                _answer(talk, news, typed)
    except MovedError as moved:
        if moved.to is Step.DONE:  # what came since the last look, with the end
            talk.say(news.changes(talk.state))
        raise


def _answer(talk: Talk, news: News, typed: str) -> None:
    if typed == "?":
        talk.mouth.say(_work_help())
    elif typed.upper() == "S":
        _stop(talk)
    else:
        talk.say(news.where(talk.desk))


def _work_help() -> str:
    return _(
        "You may go on to the next PC: this one erases, verifies, installs and signs its report by"
        " itself. Enter says how far it is, S asks whether to stop; a drive that is stopped is"
        " INTERRUPTED, never erased. After a power cut, start again from the stick."
    )


def _stop(talk: Talk) -> None:
    """A letter alone stops nothing."""
    if talk.state.install is None:
        question = _(
            "Stop the erasure? The drives that are not finished will be INTERRUPTED, not erased."
        )
    else:
        question = _("Stop the installation? The PC will not start by itself then.")
    again = _("S: stop now. Enter: go on.")
    if talk.ask(f"{question} {again}", _work_help()).upper() == "S":
        talk.do(lambda desk: desk.stop())
    else:
        talk.mouth.say(_("It goes on."))


def finished(talk: Talk) -> Step:
    """Until the PC is switched off."""
    talk.say(shown.end(talk.board, talk.state, _ordered(talk) or talk.install))
    where = _where(talk)
    talk.mouth.ask(_question(talk))
    while True:
        typed = talk.listen()
        if typed is not None:
            if not _obey(talk, typed.upper()):
                return Step.DONE
        elif _where(talk) != where:
            where = _where(talk)
            talk.mouth.say(where)
        if not talk.mouth.asked:
            talk.mouth.ask(_question(talk))


def _ordered(talk: Talk) -> InstallDefaults | None:
    return None if talk.board.order is None else talk.board.order.with_


def _where(talk: Talk) -> str:
    """Where the proof is, as long as that may change."""
    if talk.state.sealed is None:
        return ""
    stored, sent = stored_text(talk.board.stick), sending_text(talk.state, talk.board.outbox)
    return f"{_('Report ')}: {stored}, {sent}"


def _question(talk: Talk) -> str:
    keys = _("E: switch this PC off. R: restart it. Enter: say it again.")
    return keys if talk.state.sealed is not None else _("T: store the report again.") + " " + keys


def _obey(talk: Talk, typed: str) -> bool:
    """False: all is to be said again."""
    if typed in ("E", "R"):
        _leave(talk, typed)
        return True
    if typed == "T" and talk.state.sealed is None:
        talk.do(lambda desk: desk.seal())
        return False
    if typed == "?":
        talk.mouth.say(
            _(
                "Only ERASED AND VERIFIED is proof of erasure. Write the code on the PC: it is the"
                " beginning of the report's number. Pull the stick before you restart into the new"
                " system."
            )
        )
        return True
    return False


def _leave(talk: Talk, key: str) -> None:
    restart = key == "R"
    safe = proof_is_safe(talk.state, talk.board.stick, talk.board.outbox)
    if text := leave_question(safe=safe, restart=restart):
        again = _("{key} again: do it. Enter: stay.").format(key=key)
        if talk.ask(f"{text} {again}", text).upper() != key:
            return
    if talk.do(lambda desk: desk.leave(Leave(restart=restart))):
        talk.mouth.say(_("The PC restarts.") if restart else _("The PC switches itself off."))
