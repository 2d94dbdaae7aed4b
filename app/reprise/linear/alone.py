"""Beginning without a person, where the settings ask for it: what is about to happen and the
seconds are said, and any key stops it for good. Session.confirm looks at every obstacle once
more."""

from __future__ import annotations

from collections.abc import Iterator

from reprise.domain.plan import ConfirmedBy
from reprise.i18n import _, ngettext
from reprise.linear.ordering import confirm
from reprise.linear.talk import Talk
from reprise.sentences import drives
from reprise.workflow.desk.port import Line
from reprise.workflow.unattended import obstacles

_SAID_S = (600, 300, 120, 60, 30, 20, 10, 5, 4, 3, 2, 1)  # a voice says no more than that in time
_LOOK_S = 0.2
# Until a voice has said what is about to be erased, serial numbers letter by letter (estimated at
# 175 words a minute: 31 s for one drive, 49 s for three). Added to what the settings ask for.
_TOLD_S, _DRIVE_TOLD_S = 20, 10


def begin(talk: Talk) -> None:
    """Comes back where a person goes on from here. What begins moves the conversation on."""
    if not talk.board.unattended.erase or talk.by_hand:
        return
    talk.mouth.say(_("The settings let this station begin by itself. Any key stops that for good."))
    countdown = _Countdown(talk)
    with talk.each_key():
        while not talk.by_hand and not countdown.refused:
            if talk.listen(_LOOK_S) is None:
                countdown.look()
    if not countdown.refused:
        talk.mouth.say(_("Stopped: nothing begins by itself any more."))


class _Countdown:
    def __init__(self, talk: Talk) -> None:
        self._talk = talk
        self._digest, self._until_s = "", 0.0
        self._said_s = 0  # the last number that was said
        self._reasons: tuple[str, ...] = ()
        self._begun = False
        self.refused = False  # by the engine, which said why

    def look(self) -> None:
        talk = self._talk
        if self._begun:
            return
        if talk.desk.line is not Line.OPEN or talk.board.stick is None or not talk.state.digest:
            self._digest = ""
            return
        wanted, where = talk.board.unattended, talk.board.stick.where
        reasons = obstacles(talk.state, wanted, where, talk.board.problems)
        if reasons:
            self._wait(reasons)
        elif talk.state.digest != self._digest:
            self._start()
        else:
            self._go_on()

    def _wait(self, reasons: tuple[str, ...]) -> None:
        self._digest = ""
        if reasons != self._reasons:
            self._talk.say((_("Nothing begins by itself:"), *reasons))
            self._talk.mouth.ask(_("Any key: go on by hand."))
        self._reasons = reasons

    def _start(self) -> None:
        talk = self._talk
        self._digest, self._reasons = talk.state.digest, ()
        told_s = _TOLD_S + _DRIVE_TOLD_S * len(talk.state.erasable)
        self._said_s = talk.board.unattended.countdown_s + told_s
        self._until_s = talk.clock() + self._said_s
        talk.say(self._about())
        talk.mouth.say(_seconds(self._said_s))

    def _about(self) -> Iterator[str]:
        yield _("ANY KEY STOPS IT: nothing is erased") + "."
        yield _("The drives of this PC are about to be erased:")
        for view in self._talk.state.erasable:
            yield ", ".join(drives.title_words(view.drive))

    def _go_on(self) -> None:
        left_s = self._until_s - self._talk.clock()
        due = min((one for one in _SAID_S if one >= left_s), default=self._said_s)
        if left_s <= 0:
            self._begin()
        elif due < self._said_s:
            self._said_s = due
            self._talk.mouth.say(_seconds(due))

    def _begin(self) -> None:
        talk, self._begun = self._talk, True
        wished = talk.board.unattended.install
        choice = talk.board.offer.best(self._digest) if wished else None
        self.refused = not confirm(talk, self._digest, choice, ConfirmedBy.UNATTENDED)


def _seconds(count: int) -> str:
    return ngettext("{count} second.", "{count} seconds.", count).format(count=count)
