"""Without a person, where the settings ask for it: the erasure that begins by itself, and the PC
that switches itself off at its end. What is about to happen and the seconds are said, and any key
stops it for good. Session.confirm looks at every obstacle once more."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sized

from reprise.domain.planning.plan import ConfirmedBy
from reprise.i18n import _, ngettext
from reprise.line_interface.conversation import Conversation
from reprise.line_interface.ordering import confirm, leave
from reprise.line_interface.step import LineStep, MovedError
from reprise.sentences import drives
from reprise.workflow.erasure.countdown import Countdown, CountdownGoal, CountdownState
from reprise.workflow.erasure.unattended import to_begin, to_install
from reprise.workflow.session.switching_off import off_in, to_switch_off

_SAID_S = (600, 300, 120, 60, 30, 20, 10, 5, 4, 3, 2, 1)  # a voice says no more than that in time
_LOOK_S = 0.2
_APART_S = 2.0  # and no longer between two looks while the terminal takes what is said
# Until a voice has said what is about to be erased, or what it came to, serial numbers letter by
# letter (estimated at 175 words a minute: 31 s for one drive, 49 s for three). Added to what the
# settings ask for.
_TOLD_S, _DRIVE_TOLD_S = 20, 10


def begin(talk: Conversation) -> None:
    """Comes back where a person goes on from here; else the work is next."""
    if not talk.status.unattended.erase or talk.by_hand:
        return
    talk.output.say(
        _("The settings let this station begin by itself. Press Enter to stop that for good.")
    )
    counted = _Aloud(talk, lambda left_s: _about(talk, left_s), _("Nothing begins by itself:"))

    def look() -> bool:
        aim = to_begin(talk.engine, _told_s(talk.state.erasable))
        return counted.look(aim) is not CountdownState.OVER or _begin(talk, aim.about)

    if _until_a_key(talk, look):
        talk.output.say(_("Stopped: nothing begins by itself any more."))


def _about(talk: Conversation, left_s: int) -> Iterator[str]:
    yield _("ENTER STOPS IT: nothing is erased") + "."
    yield _("The drives of this PC are about to be erased:")
    for view in talk.state.erasable:
        yield ", ".join(drives.title_words(view.drive))
    yield _seconds(left_s)


def _begin(talk: Conversation, digest: str) -> bool:
    """False: the engine refused, and its reason was said."""
    if confirm(talk, digest, to_install(talk.engine, digest), ConfirmedBy.UNATTENDED):
        raise MovedError(LineStep.WORK)
    return False


def switch_off(talk: Conversation, meanwhile: Callable[[], None]) -> None:
    """Comes back where a person leads, and where nothing would switch this PC off. `meanwhile`: at
    every look."""
    counted = _Aloud(talk, lambda left_s: (off_in(left_s),))

    def look() -> bool:
        meanwhile()
        stand = counted.look(to_switch_off(talk.engine, _told_s(talk.state.own)))
        if stand is CountdownState.OVER:
            leave(talk, restart=False, unattended=True)
        return stand in (CountdownState.COUNTING, CountdownState.HELD)

    if not talk.by_hand and look() and _until_a_key(talk, look):
        talk.output.say(_("The PC stays on."))


def _told_s(views: Sized) -> int:
    return _TOLD_S + _DRIVE_TOLD_S * len(views)


def _until_a_key(talk: Conversation, look: Callable[[], bool]) -> bool:
    """Looks again and again: where no key waits to be heard of, and all that was said could be
    heard. False: `look` had enough, no key was pressed."""
    with talk.each_key():
        while not talk.by_hand:
            heard = talk.listen(_LOOK_S) is None and talk.inbox.is_empty and talk.keys.took()
            if heard and not talk.by_hand and not look():
                return False
    return True


class _Aloud:
    """A countdown that is said. `tell`: what is about to happen, and the seconds that are left.
    `held`: with it begin the reasons why it does not count. Where looks lie apart, nobody may have
    heard what was said: then it is told again, and begins anew."""

    def __init__(
        self, talk: Conversation, tell: Callable[[int], Iterable[str]], held: str = ""
    ) -> None:
        self._talk, self._tell, self._held = talk, tell, held
        self._countdown = Countdown(talk.clock)
        self._about = ""  # which was told of
        self._said_s = 0  # the last number that was said
        self._reasons: tuple[str, ...] = ()  # that were said
        self._looked_s = talk.clock()

    def look(self, aim: CountdownGoal) -> CountdownState:
        before_s, self._looked_s = self._looked_s, self._talk.clock()
        if self._looked_s - before_s > _APART_S:
            self._countdown.anew()
            self._about = ""
        stand, left_s = self._countdown.look(aim), self._countdown.left_s
        if stand is CountdownState.COUNTING and left_s is not None:
            self._count(aim.about, left_s)
        else:
            self._about = ""
        if stand is CountdownState.HELD:
            self._wait(aim.reasons)
        return stand

    def _wait(self, reasons: tuple[str, ...]) -> None:
        if reasons != self._reasons:
            self._reasons = reasons
            self._talk.say(filter(None, (self._held, *reasons)))
            self._talk.output.ask(_("Enter: go on by hand."))

    def _count(self, about: str, left_s: int) -> None:
        if about != self._about:
            self._about, self._said_s, self._reasons = about, left_s, ()
            self._talk.say(self._tell(left_s))
            return
        due = min((seconds for seconds in _SAID_S if seconds >= left_s), default=self._said_s)
        if due < self._said_s:
            self._said_s = due
            self._talk.output.say(_seconds(due))


def _seconds(count: int) -> str:
    return ngettext("{count} second.", "{count} seconds.", count).format(count=count)
