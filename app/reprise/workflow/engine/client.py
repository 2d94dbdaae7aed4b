"""The engine as a screen in another process sees it: the same events, folded by the same rules."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from concurrent.futures import Future
from threading import Event as Flag
from threading import Lock, Thread
from typing import Any, ClassVar

from reprise import i18n
from reprise.codec import event_from_builtins, from_builtins, to_builtins
from reprise.domain.checks.events import ConditionNoted
from reprise.domain.checks.results import CheckResult
from reprise.domain.drives.unreached import Unreached
from reprise.domain.erasure.progress import Progress
from reprise.domain.report.events import Operator
from reprise.errors import InputError, LinkError
from reprise.i18n import _
from reprise.workflow.engine import protocol
from reprise.workflow.engine.port import (
    Asking,
    Connection,
    Leave,
    Order,
    StationStatus,
    with_memory,
)
from reprise.workflow.session.state import SessionState, apply
from reprise.workflow.session.waiting_for_checks import Held

_RETRY_S = 0.5
_logger = logging.getLogger(__name__)


class RemoteEngine:
    """engine.port.EngineClient over a link. `connect` gives a new one, or raises LinkError: it is
    called again until there is an engine, and whenever it was lost."""

    requests: ClassVar[Mapping[str, protocol.Request]] = protocol.requests_of(Asking)

    def __init__(self, connect: Callable[[], protocol.Channel], retry_s: float = _RETRY_S) -> None:
        self._connect, self._retry_s = connect, retry_s
        self._line = Connection.SEEKING
        self._shown = _Fold()
        self._watchers: tuple[Callable[[], None], ...] = ()
        self._closed = Flag()
        self._lock = Lock()  # the link and what is asked over it
        self._link: protocol.Channel | None = None
        self._number = 0
        self._asked: dict[int, Future[Any]] = {}

    def start(self) -> None:
        Thread(target=self._follow, name="engine", daemon=True).start()

    # What may be seen

    @property
    def line(self) -> Connection:
        return self._line

    @property
    def state(self) -> SessionState:
        return self._shown.state

    @property
    def progress(self) -> Mapping[str, Progress]:
        return self._shown.ticks

    @property
    def status(self) -> StationStatus:
        return self._shown.status

    def watch(self, on_change: Callable[[], None]) -> None:
        with self._lock:
            self._watchers = (*self._watchers, on_change)

    def close(self) -> None:
        """The engine goes on."""
        with self._lock:
            self._closed.set()
            link = self._link
        if link is not None:
            link.close()

    # What may be asked: one line a method (see port.Asking)

    def name_operator(self, operator: Operator) -> None:
        self._ask("name_operator", operator)

    def take_over(self) -> None:
        self._ask("take_over")

    def look(self) -> None:
        self._ask("look")

    def state_storage(self, about: Unreached) -> None:
        self._ask("state_storage", about)

    def confirm(self, order: Order) -> None:
        self._ask("confirm", order)

    def stop(self) -> None:
        self._ask("stop")

    def seal(self) -> None:
        self._ask("seal")

    def leave(self, how: Leave) -> None:
        self._ask("leave", how)

    def record_check(self, result: CheckResult) -> None:
        self._ask("record_check", result)

    def note_condition(self, noted: ConditionNoted) -> None:
        self._ask("note_condition", noted)

    def hold_report(self, how: Held) -> None:
        self._ask("hold_report", how)

    def _ask(self, name: str, argument: object = None) -> Any:
        """Raises what the engine raised, or LinkError where there is none."""
        plain = None if argument is None else to_builtins(argument)
        with self._lock:
            if self._link is None:
                raise LinkError(_("There is no erasing engine: nothing was done."))
            self._number += 1
            number, answered = self._number, Future[Any]()
            self._link.send(protocol.encode(protocol.Ask(number, name, i18n.language(), plain)))
            self._asked[number] = answered
        value = answered.result()
        kind = self.requests[name].answer
        return None if kind is None else from_builtins(value, kind)

    # The link

    def _follow(self) -> None:
        while not self._closed.is_set():
            try:
                link = self._connect()
                try:
                    self._hear(link)
                finally:
                    self._let_go(link)
            except (InputError, LinkError):
                self._away()
            except Exception:
                # a fault of ours, met again at the next try: what is shown is said to be old
                _logger.exception("the engine's news could not be taken")
                self._away()
            self._closed.wait(self._retry_s)

    def _hear(self, link: protocol.Channel) -> None:
        """Until the engine is gone. Raises LinkError, or InputError where it is no engine."""
        link.send(protocol.encode(protocol.Hello()))
        if not protocol.greeted(link.receive(protocol.MOST_TOLD_BYTES)):
            self._stand(Connection.FOREIGN)
            return
        with self._lock:
            if self._closed.is_set():
                return
            self._link = link
        fold = _Fold()
        while (line := link.receive(protocol.MOST_TOLD_BYTES)) is not None:
            message = protocol.decode(line)
            if isinstance(message, protocol.News):
                fold = fold.with_news(message)
                self._show(fold, whole=not message.more)
            elif isinstance(message, protocol.Answer):
                self._settle(message)
            elif isinstance(message, protocol.Refused):
                raise LinkError(message.what)
        raise LinkError("the engine has closed the link")

    def _show(self, fold: _Fold, *, whole: bool) -> None:
        if not whole:
            return
        known, self._shown = self._shown, fold
        if (known.state, known.status) != (fold.state, fold.status):
            self._tell()
        self._stand(Connection.OPEN)

    def _away(self) -> None:
        if not self._closed.is_set():
            self._stand(Connection.SEEKING if self._line is Connection.SEEKING else Connection.LOST)

    def _stand(self, line: Connection) -> None:
        if line is not self._line:
            self._line = line
            self._tell()

    def _tell(self) -> None:
        for on_change in self._watchers:
            on_change()

    def _settle(self, answer: protocol.Answer) -> None:
        with self._lock:
            waiting = self._asked.pop(answer.number, None)
        if waiting is None:
            raise InputError(f"an answer to nothing: {answer.number}")
        if answer.failure is not None:
            waiting.set_exception(protocol.error_of(answer.failure))
        else:
            waiting.set_result(answer.value)

    def _let_go(self, link: protocol.Channel) -> None:
        link.close()
        with self._lock:
            self._link = None
            asked, self._asked = self._asked, {}
        for waiting in asked.values():
            waiting.set_exception(
                LinkError(
                    _("The erasing engine stopped before it answered."),
                    _("Look at the screen before you ask again."),
                )
            )


class _Fold:
    """What was told so far, as one value: a link begins with an empty one, and it is shown when it
    is whole."""

    def __init__(
        self,
        state: SessionState | None = None,
        status: StationStatus | None = None,
        ticks: Mapping[str, Progress] | None = None,
    ) -> None:
        self.state = state or SessionState()
        self.status = status or StationStatus()
        self.ticks: Mapping[str, Progress] = ticks or {}

    def with_news(self, news: protocol.News) -> _Fold:
        """Raises InputError on what is no event."""
        state, status = self.state, news.status or self.status
        for row in news.events:
            stamped = event_from_builtins(row)
            try:
                state = apply(state, stamped.event, stamped.monotonic_s)
            except ValueError:
                continue  # illegal there too: it stays in the journal, and the state as it was
        ticks = {tick.drive: tick for tick in news.ticks}
        return _Fold(with_memory(state, status.memory), status, {**self.ticks, **ticks})
