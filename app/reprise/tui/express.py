"""One key from any step before the plan straight to it, over every step that has nothing to say."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Protocol

from reprise.i18n import _
from reprise.tui.base import StationScreen
from reprise.tui.station import SessionView
from reprise.tui.steps import STEPS, StepName

if TYPE_CHECKING:
    from textual.screen import Screen

    from reprise.workflow.engine.port import InstallChoice


class Host(SessionView, Protocol):
    """What the application gives."""

    choice: InstallChoice | None
    chosen_for: str
    notice: Callable[[], str]

    @property
    def step(self) -> StepName: ...
    @property
    def screen(self) -> Screen[object]: ...
    def go(self, name: StepName) -> None: ...
    def name_operator(self) -> None: ...


class Express:
    """`go` for the key; `again` for every new state, as the hardware may still be read."""

    def __init__(self, app: Host) -> None:
        self._app = app
        self._waits_at: StepName | None = None

    def go(self) -> None:
        """Whoever presses the key has seen the step that is shown."""
        screen = self._app.screen
        if self._app.step.at < StepName.CONFIRM.at and isinstance(screen, StationScreen):
            screen.take()
            self._on(seen=True)

    def again(self) -> None:
        if self._waits_at is self._app.step:
            self._on(seen=False)

    def _on(self, *, seen: bool) -> None:
        app, state = self._app, self._app.state
        at = app.step.at
        nothing = state.plan is not None and not state.erasable
        if (nothing and app.step is StepName.DRIVES) or (not seen and STEPS[at].attention(state)):
            self._waits_at = None
            self._says_why(at)
            return
        stopped = ""
        while STEPS[at].may_leave(state) and not stopped:
            at += 1
            stopped = STEPS[at].attention(state)
        name = STEPS[at].name
        self._waits_at = None if stopped or name is StepName.CONFIRM else name
        if name is StepName.CONFIRM:
            self._choose()
        app.name_operator()
        app.go(name)
        if stopped:
            self._says_why(at)

    def _says_why(self, at: int) -> None:
        """It stopped here. Asked again whenever it is shown: in the language in force."""
        app, step = self._app, STEPS[at]

        def why() -> str:
            reason = step.attention(app.state)
            more = _("F10: go on to the plan.") if app.state.erasable else ""
            return f"{reason} {more}".strip() if reason else ""

        app.notice = why
        if isinstance(app.screen, StationScreen):
            app.screen.refresh_all()

    def _choose(self) -> None:
        """What the step System would have proposed, unless a person has chosen there."""
        digest = self._app.state.digest
        if self._app.chosen_for != digest:
            self._app.choice = self._app.status.offer.best(digest)
            self._app.chosen_for = digest
