"""The workers that ask the engine: a command never blocks a frame."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable
from typing import TYPE_CHECKING, ClassVar

from textual.app import App
from textual.binding import Binding, BindingType

from reprise.domain.planning.plan import ConfirmedBy
from reprise.errors import RepriseError
from reprise.i18n import _
from reprise.tui import messages
from reprise.tui.driver import DrawingWatch, StationDriver
from reprise.workflow.engine.port import Leave, StationStatus, order_of
from reprise.workflow.engine.presence import Presence
from reprise.workflow.session.state import SessionState

if TYPE_CHECKING:
    from reprise.domain.drives.unreached import Unreached
    from reprise.domain.install.options import InstallOptions
    from reprise.ports.sheets.station_tools import StationTools
    from reprise.workflow.engine.port import EngineClient, InstallChoice
    from reprise_common.keyboard_layouts import KeyboardState


class AskingApp(App[None]):
    """`engine`: None until it is there. `choice` and `install`: what is installed
    after the erasure, and how."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("ctrl+t", "other_letters", show=False)]

    tools: StationTools
    trouble: str

    def __init__(self) -> None:
        self.engine: EngineClient | None = None
        self.telling = Presence(lambda: self.engine)
        driver = StationDriver.telling(self.telling.person_came)
        super().__init__(driver_class=driver, ansi_color=True)
        self.choice: InstallChoice | None = None
        self.install: InstallOptions | None = None
        self.keyboard: KeyboardState | None = None  # None: not looked at yet
        self._busy = False  # one look at the hardware at a time

    @property
    def status(self) -> StationStatus:
        return StationStatus() if self.engine is None else self.engine.status

    @property
    def state(self) -> SessionState:
        return SessionState() if self.engine is None else self.engine.state

    @property
    def seen(self) -> DrawingWatch | None:
        """None: there is no terminal."""
        return self._driver.seen if isinstance(self._driver, StationDriver) else None

    def look_again(self) -> None:
        if self.engine is not None and not self._busy:
            self._busy = True
            self._ask(self._look)

    def confirm(self, digest: str, by: ConfirmedBy = ConfirmedBy.OPERATOR, read: str = "") -> None:
        """See Order."""
        defaults = self.install or self.status.install
        if defaults is not None:
            order = order_of(digest, defaults, self.choice, self.keyboard, by=by, read=read)
            self._ask(lambda engine: engine.confirm(order))

    def state_storage(self, about: Unreached) -> None:
        self._ask(lambda engine: engine.state_storage(about))

    def stop_work(self) -> None:
        self._ask(lambda engine: engine.stop())

    def seal_again(self) -> None:
        self._ask(lambda engine: engine.seal())

    def leave(self, restart: bool, unattended: bool = False) -> None:
        self._ask(lambda engine: engine.leave(Leave(restart, unattended)))

    def look_at_keyboard(self) -> None:
        if self.tools.keyboard is not None:
            self.post_message(messages.KeyboardSeen(self.tools.keyboard().state()))

    def on_keyboard_seen(self, message: messages.KeyboardSeen) -> None:
        self.keyboard = message.state
        self._refresh()

    def action_other_letters(self) -> None:
        self._work(self._other_letters)

    def on_resize(self) -> None:
        """The console tells of its size again where it got another font: what stands there may be
        other glyphs then, though the size is the same."""
        self.call_later(self._draw_again)

    def _draw_again(self) -> None:
        self._refresh()  # texts are as wide as the screen
        self.refresh()

    def on_notice(self, message: messages.Notice) -> None:
        self.trouble = message.text
        self._refresh()

    @abstractmethod
    def _refresh(self) -> None: ...

    # They run in threads, block, and speak by messages only

    def _work(self, job: Callable[[], None]) -> None:
        self.run_worker(lambda: self._guarded(job), thread=True)

    def _guarded(self, job: Callable[[], None]) -> None:
        try:
            job()
        except RepriseError as error:
            self.post_message(messages.Trouble(str(error)))

    def _other_letters(self) -> None:
        letters = self.tools.letters
        if letters is None:
            text = _("The size of the text is set in your terminal.")
        else:
            try:
                text = "" if letters.other() else _("This screen has room for one text size only.")
            except RepriseError as error:
                text = str(error)
        if text:
            self.post_message(messages.Notice(text))

    def _ask(self, job: Callable[[EngineClient], None]) -> None:
        engine = self.engine
        if engine is not None:
            self._work(lambda: job(engine))

    def _look(self, engine: EngineClient) -> None:
        try:
            engine.look()
        finally:
            self._busy = False
