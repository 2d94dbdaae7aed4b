"""What the station does while nobody presses a key: it says large how it stands, and, where the
settings ask for it, begins by itself after a countdown that any key stops for good.

A person waits for the first screen: what only a session needs is imported when there is one."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from textual import events

from reprise.tui.screens.big import BigScreen
from reprise.tui.steps import LOOKING, StepName
from reprise.workflow.desk.port import Line

if TYPE_CHECKING:
    from reprise.tui.app import StationApp
    from reprise.tui.screens.big import Big

SHOW_AFTER_S = 120  # without a key: whoever watches the details presses one now and then


class Attention:
    """`tick` is called once a second, `key` before any key reaches a screen, `click` after a click
    has."""

    def __init__(self, app: StationApp) -> None:
        self._app = app
        self._idle_s = 0
        self._large = False  # stays so over a change of step, until a key
        self._begun = False  # the countdown came to its end on this screen
        self._left_s: int | None = None
        self._digest = ""

    def key(self, event: events.Key) -> bool:
        """True where the key only closes the large screen. A letter or digit also goes on to the
        screen below: a scanner does not wait."""
        self.here()
        if not self._is_shown():
            return False
        self._close()
        return not event.is_printable

    def click(self) -> bool:
        """True where the click only closes the large screen."""
        self.here()
        shown = self._is_shown()
        self._close()
        return shown

    def here(self) -> None:
        """A person is: a key or a button was pressed. A mouse that only moves may have been
        knocked."""
        self._idle_s, self._left_s = 0, None
        self._app.flow.by_hand = True
        self._take_over()

    def toggle(self) -> None:
        """F11, where the large screen is not shown (else the key has closed it)."""
        self._large = self._bench_step()
        self.show()

    def tick(self) -> None:
        if not self._app.screen_stack:  # the application closes
            return
        self._idle_s += 1
        self._take_over()
        if self._app.step in LOOKING:
            self._look()
        elif self._bench_step():
            self._large = self._large or self._idle_s >= SHOW_AFTER_S or self._nobody_came()
            self._power_off()
        self.show()

    def show(self) -> None:
        if self._app.screen_stack and self._large and not self._is_shown():
            self._app.push_screen(BigScreen(self._read()))

    def _take_over(self) -> None:
        """Every session hears of the first key as soon as it is there; and this screen hears of a
        key on another one."""
        flow, state = self._app.flow, self._app.state
        if state.by_hand and not flow.by_hand and self._large and self._app.step in LOOKING:
            self._close()
        if flow.takes_over(state):
            self._app.take_over()

    def _close(self) -> None:
        self._large = False
        if self._is_shown():
            self._app.pop_screen()

    # Before the erasure

    def _look(self) -> None:
        desk, state = self._app.session, self._app.state
        if desk is None or desk.line is not Line.OPEN:
            self._left_s = None
            return
        wanted = desk.board.unattended
        known = state.digest and self._app.stick is not None
        if self._app.flow.by_hand or self._begun or not wanted.erase or not known:
            return
        self._large = True
        if self._reasons():
            self._left_s = None
        elif self._left_s is None or state.digest != self._digest:
            self._left_s, self._digest = wanted.countdown_s, state.digest
        else:
            self._left_s -= 1
            if self._left_s <= 0:
                self._begin()

    def _begin(self) -> None:
        from reprise.domain.plan import ConfirmedBy

        desk = self._app.session
        if desk is not None:
            self._begun = True
            wanted = desk.board.unattended.install
            self._app.choice = desk.board.offer.best(self._digest) if wanted else None
            self._app.confirm(self._digest, ConfirmedBy.UNATTENDED)

    def _reasons(self) -> tuple[str, ...]:
        from reprise.workflow.unattended import obstacles

        desk, stick = self._app.session, self._app.stick
        if desk is None or stick is None:
            return ()
        trouble = (self._app.trouble,) if self._app.trouble else ()
        problems = desk.board.problems or trouble
        return obstacles(self._app.state, desk.board.unattended, stick.where, problems)

    # After it

    def _nobody_came(self) -> bool:
        """An unattended station stays large: it needs no one who reads the details."""
        from reprise.domain.plan import ConfirmedBy

        order = None if self._app.session is None else self._app.session.board.order
        alone = order is not None and order.by is ConfirmedBy.UNATTENDED
        return alone and not self._app.flow.by_hand

    def _power_off(self) -> None:
        from reprise.tui.bench import Bench, bench_of

        desk, ended = self._app.session, self._app.step is StepName.DONE
        asked = desk is not None and desk.board.unattended.power_off and self._nobody_came()
        if not (ended and asked and bench_of(self._app, ended=True) is Bench.DONE):
            self._left_s = None
        elif self._left_s is None:
            self._left_s = desk.board.unattended.countdown_s if desk is not None else None
        elif self._left_s > 0:
            self._left_s -= 1
            if self._left_s == 0:
                self._app.leave(restart=False)

    # The large screen

    def _bench_step(self) -> bool:
        return self._app.step in (StepName.ERASING, StepName.INSTALLING, StepName.DONE)

    def _is_shown(self) -> bool:
        stack = self._app.screen_stack  # empty while the application closes
        return bool(stack) and isinstance(stack[-1], BigScreen)

    def _read(self) -> Callable[[], Big]:
        if self._app.step not in LOOKING:
            return self._bench
        return self._waiting

    def _waiting(self) -> Big:
        from reprise.tui.bench import countdown_screen, needs_you_screen

        if self._left_s is None or self._app.trouble:
            return needs_you_screen(self._app.state, self._reasons())
        return countdown_screen(self._app.state, self._left_s)

    def _bench(self) -> Big:
        from reprise.tui.bench import bench_screen

        ended = self._app.step is StepName.DONE
        return bench_screen(self._app, ended=ended, off_in_s=self._left_s if ended else None)
