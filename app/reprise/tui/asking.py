"""The workers that ask the engine: a command never blocks a frame."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable
from typing import TYPE_CHECKING, ClassVar

from textual.app import App
from textual.binding import Binding, BindingType

from reprise.errors import RepriseError
from reprise.i18n import _
from reprise.tui import messages

if TYPE_CHECKING:
    from reprise.domain.keyboard_layouts import KeyboardState
    from reprise.domain.plan import ConfirmedBy
    from reprise.domain.unreached import Unreached
    from reprise.tool_ports.tools import Tools
    from reprise.workflow.desk.port import Desk, InstallChoice
    from reprise.workflow.services import InstallDefaults


class AskingApp(App[None]):
    """`session`: the engine's desk once it is there. `choice` and `install`: what is installed
    after the erasure, and how."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("ctrl+t", "other_letters", show=False)]

    tools: Tools
    trouble: str

    def __init__(self) -> None:
        super().__init__(ansi_color=True)
        self.session: Desk | None = None
        self.choice: InstallChoice | None = None
        self.install: InstallDefaults | None = None
        self.keyboard: KeyboardState | None = None  # None: not looked at yet
        self._busy = False  # one look at the hardware at a time

    def look_again(self) -> None:
        if self.session is not None and not self._busy:
            self._busy = True
            self._ask(self._look)

    def confirm(self, digest: str, by: ConfirmedBy | None = None) -> None:
        """`by` None: the operator."""
        from reprise.domain.plan import ConfirmedBy
        from reprise.workflow.desk.port import order_of

        desk = self.session
        defaults = None if desk is None else self.install or desk.board.install
        if defaults is not None:
            by = by or ConfirmedBy.OPERATOR
            order = order_of(digest, defaults, self.choice, self.keyboard, by)
            self._ask(lambda desk: desk.confirm(order))

    def take_over(self) -> None:
        self._ask(lambda desk: desk.take_over())

    def state_storage(self, about: Unreached) -> None:
        self._ask(lambda desk: desk.state_storage(about))

    def stop_work(self) -> None:
        self._ask(lambda desk: desk.stop())

    def seal_again(self) -> None:
        self._ask(lambda desk: desk.seal())

    def leave(self, restart: bool) -> None:
        from reprise.workflow.desk.port import Leave

        self._ask(lambda desk: desk.leave(Leave(restart)))

    def look_at_keyboard(self) -> None:
        if self.tools.keyboard is not None:
            self.post_message(messages.KeyboardSeen(self.tools.keyboard().state()))

    def action_other_letters(self) -> None:
        self._work(self._other_letters)

    def on_resize(self) -> None:
        """The console tells of its size again where it got another font: what stands there may be
        other glyphs then, though the size is the same."""
        self.call_later(self._draw_again)

    def _draw_again(self) -> None:
        self._refresh()  # texts are as wide as the screen
        self.refresh()

    def on_said(self, message: messages.Said) -> None:
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
            self.post_message(messages.Said(text))

    def _ask(self, job: Callable[[Desk], None]) -> None:
        desk = self.session
        if desk is not None:
            self._work(lambda: job(desk))

    def _look(self, desk: Desk) -> None:
        try:
            desk.look()
        finally:
            self._busy = False
