"""What the station asks of the engine, in workers, and what it sees there."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from reprise.domain.events import ShellUsed
from reprise.errors import RepriseError
from reprise.tui import messages
from reprise.tui.side_keys import LOOKING, SideApp
from reprise.workflow.desk.port import Line

if TYPE_CHECKING:
    from reprise.ports import OutboxItem
    from reprise.workflow.desk.port import Desk
    from reprise.workflow.services import StickLine
    from reprise.workflow.session_state import SessionState
    from reprise.workflow.side import Side


class AskingApp(SideApp):
    """`session`: the engine's desk, None until it is opened."""

    def __init__(self, open_side: Callable[[], Side] | None) -> None:
        super().__init__(open_side)
        self._busy = False  # one look at the hardware at a time
        self._look_due = False  # something changed while the hardware was looked at
        self.session: Desk | None = None

    # What may be seen

    @property
    def state(self) -> SessionState:
        if self.session is not None:
            return self.session.state
        from reprise.workflow.session_state import SessionState

        return SessionState()

    @property
    def stick(self) -> StickLine | None:
        return None if self.session is None else self.session.board.stick

    @property
    def outbox(self) -> tuple[OutboxItem, ...]:
        return () if self.session is None else self.session.board.outbox

    @property
    def asked(self) -> bool:
        desk = self.session
        return desk is not None and desk.line is Line.OPEN and desk.state.started is not None

    # What may be asked: it runs in threads, blocks, and speaks by messages only

    def work(self, job: Callable[[], None]) -> None:
        self.run_worker(lambda: self._guarded(job), thread=True)

    def _guarded(self, job: Callable[[], None]) -> None:
        try:
            job()
        except RepriseError as error:
            self.post_message(messages.Trouble(str(error)))

    def _ask(self, job: Callable[[Desk], None]) -> None:
        desk = self.session
        if desk is not None:
            self.work(lambda: job(desk))

    def look_again(self) -> None:
        self._look_due = self._busy
        if self.session is not None and not self._busy:
            self._busy = True
            self._ask(self._look)

    def _look(self, desk: Desk) -> None:
        try:
            if not desk.state.confirmed:
                desk.look()
        finally:
            self.post_message(messages.LookEnded())

    def on_look_ended(self) -> None:
        self._busy = False
        if self._look_due and self.step in LOOKING:
            self.look_again()

    def _note_shell(self) -> None:
        """A session that begins while a shell is open does not know of it."""
        if self.shell_open:
            self._ask(lambda desk: desk.note(ShellUsed(opened=True)))

    def stop_work(self) -> None:
        self._ask(lambda desk: desk.stop())

    def seal_again(self) -> None:
        self._ask(lambda desk: desk.seal())

    def leave(self, restart: bool) -> None:
        from reprise.workflow.desk.port import Leave

        self._ask(lambda desk: desk.leave(Leave(restart)))
