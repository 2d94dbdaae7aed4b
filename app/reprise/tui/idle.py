"""What the station does while nobody presses a key: it says large how it stands, and, where the
settings ask for it, begins by itself after a countdown that any key stops for good.

A person waits for the first screen: what only a session needs is imported when there is one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Protocol

from textual import events

from reprise.domain.planning.plan import ConfirmedBy
from reprise.tui.screens.big import BigScreen
from reprise.tui.station import SessionView
from reprise.tui.steps import LOOKING, StepName
from reprise.workflow.erasure.countdown import Countdown, CountdownGoal, CountdownState

if TYPE_CHECKING:
    from textual.screen import Screen

    from reprise.tui.driver import DrawingWatch
    from reprise.tui.screens.big import Big
    from reprise.workflow.engine.flow import Flow
    from reprise.workflow.engine.port import InstallChoice
    from reprise.workflow.engine.presence import Presence

SHOW_AFTER_S = 120  # without a key: whoever watches the details presses one now and then
_HELD_S = 10.0  # so long a slow screen or line may need for two pictures


class Host(SessionView, Protocol):
    """What the application gives."""

    choice: InstallChoice | None
    flow: Flow
    telling: Presence

    @property
    def step(self) -> StepName: ...
    @property
    def seen(self) -> DrawingWatch | None: ...
    @property
    def screen_stack(self) -> Sequence[Screen[object]]: ...
    def push_screen(self, screen: Screen[None]) -> object: ...
    def pop_screen(self) -> object: ...
    def confirm(self, digest: str, by: ConfirmedBy = ...) -> None: ...
    def leave(self, restart: bool, unattended: bool = False) -> None: ...


class Idle:
    """`tick` is called once a second, `touched` for whatever a person sends from the terminal,
    `key` before any key reaches a screen, `click` after a click has."""

    def __init__(self, app: Host) -> None:
        self._app = app
        self._idle_s = 0
        self._large = False  # stays so over a change of step, until a key
        self._mute = False  # a person sent something, and no key came of it so far
        # Seconds that this screen showed: one that stands still counts nothing down.
        self._seconds = 0
        self._to_begin = Countdown(lambda: self._seconds)
        self._to_switch_off = Countdown(lambda: self._seconds)

    def key(self, event: events.Key) -> bool:
        """True where the key only closes the large screen. A letter or digit also goes on to the
        screen below: a scanner does not wait."""
        self._mute = False
        self.here()
        if not self._is_shown():
            return False
        self._close()
        return not event.is_printable

    def touched(self) -> None:
        """There are keys that give no event: for them `tick` closes the large screen."""
        self._mute = True
        self.here()

    def click(self) -> bool:
        """True where the click only closes the large screen."""
        self.here()
        shown = self._is_shown()
        self._close()
        return shown

    def here(self) -> None:
        """A person is: a key or a button was pressed. A mouse that only moves may have been
        knocked."""
        self._idle_s = 0
        self._app.flow.by_hand = True
        self._app.telling.person_came()  # of a mouse, and of keys that are read raw
        self._stop()

    def elsewhere(self) -> None:
        """A person is, at another screen."""
        self._stop()
        if self._app.step in LOOKING:
            self._close()

    def toggle(self) -> None:
        """F11, where the large screen is not shown (else the key has closed it)."""
        self._large = self._summary_step()
        self.show()

    def tick(self) -> None:
        if not self._app.screen_stack:  # the application closes
            return
        self._idle_s += 1
        self._count()
        if self._mute and self._idle_s > 1:  # sooner, the key itself might come after all
            self._mute = False
            self._close()
        if self._app.step in LOOKING:
            self._look()
        elif self._summary_step():
            self._large = self._large or self._idle_s >= SHOW_AFTER_S or self._nobody_came()
            self._switch_off()
        self.show()

    def _count(self) -> None:
        """A second counts where the terminal took what had been drawn. Where it did not for some
        (Scroll Lock, a serial line that is held), whoever sees it again has the whole countdown."""
        seen = self._app.seen
        if seen is None or seen.ask():
            self._seconds += 1
        if seen is not None and seen.held_s() >= _HELD_S:
            self._to_begin.anew()
            self._to_switch_off.anew()

    def show(self) -> None:
        if self._app.screen_stack and self._large and not self._is_shown():
            read = self._waiting if self._app.step in LOOKING else self._summary
            self._app.push_screen(BigScreen(read))

    def _stop(self) -> None:
        self._to_begin.stop()
        self._to_switch_off.stop()

    def _close(self) -> None:
        self._large = False
        if self._is_shown():
            self._app.pop_screen()

    # Before the erasure

    def _look(self) -> None:
        aim = self._beginning()
        stand = self._to_begin.look(aim)
        if stand not in (CountdownState.IDLE, CountdownState.ENDED):
            self._large = True
        if stand is CountdownState.OVER:
            self._begin(aim.about)

    def _beginning(self) -> CountdownGoal:
        from reprise.workflow.erasure.unattended import to_begin

        trouble = (self._app.trouble,) if self._app.trouble else ()
        return (
            CountdownGoal() if self._app.engine is None else to_begin(self._app.engine, 0, trouble)
        )

    def _begin(self, digest: str) -> None:
        from reprise.workflow.erasure.unattended import to_install

        engine = self._app.engine
        if engine is not None:
            self._app.choice = to_install(engine, digest)
            self._app.confirm(digest, ConfirmedBy.UNATTENDED)

    # After it

    def _nobody_came(self) -> bool:
        """An unattended station stays large: it needs no one who reads the details."""
        from reprise.workflow.session.switching_off import nobody_led

        engine = self._app.engine
        return engine is not None and nobody_led(engine) and not self._app.flow.by_hand

    def _switch_off(self) -> None:
        from reprise.workflow.session.switching_off import to_switch_off

        engine = self._app.engine
        aim = CountdownGoal() if engine is None else to_switch_off(engine)
        if self._to_switch_off.look(aim) is CountdownState.OVER:
            self._app.leave(restart=False, unattended=True)

    # The large screen

    def _summary_step(self) -> bool:
        return self._app.step.at > StepName.CONFIRM.at

    def _is_shown(self) -> bool:
        stack = self._app.screen_stack  # empty while the application closes
        return bool(stack) and isinstance(stack[-1], BigScreen)

    def _waiting(self) -> Big:
        from reprise.tui.summary import countdown_screen, needs_you_screen

        left_s = self._to_begin.left_s
        if left_s is None or self._app.trouble:
            return needs_you_screen(self._app.state, self._beginning().reasons)
        return countdown_screen(self._app.state, left_s)

    def _summary(self) -> Big:
        from reprise.tui.summary import summary_of

        ended = self._app.step is StepName.DONE
        left_s = self._to_switch_off.left_s if ended else None
        return summary_of(self._app, ended=ended, off_in_s=left_s or None)  # 0: it was refused
