"""Function checks on the side of the screen: made in workers, shown while they run, told to the
session when they end. An erasure never waits for them. How they stand: see
workflow.session.checking."""

from __future__ import annotations

from asyncio import get_running_loop
from collections.abc import Callable, Mapping
from functools import cached_property
from threading import Event as Flag
from threading import Lock
from typing import TYPE_CHECKING, Protocol

from reprise.domain.checks.events import ConditionNoted
from reprise.domain.checks.results import CheckProgress
from reprise.tui.messages import CheckTold
from reprise.workflow.session.waiting_for_checks import Held

if TYPE_CHECKING:
    from textual.message import Message

    from reprise.domain.checks.catalogue import CheckId, CheckReason
    from reprise.domain.checks.grading import Condition
    from reprise.domain.checks.results import CheckResult
    from reprise.ports.sheets.checks import FunctionCheck, FunctionChecks
    from reprise.workflow.engine.port import EngineClient
    from reprise.workflow.session.checking import Checking
    from reprise.workflow.session.state import SessionState


class Host(Protocol):
    """What the application gives."""

    @property
    def state(self) -> SessionState: ...
    def post_message(self, message: Message) -> bool: ...


class Checks:
    """All checks of this PC, as one screen sees them. Every method is of the screen's thread.
    `work` runs a job in a thread, and `ask` one that asks the engine; both tell a RepriseError."""

    def __init__(
        self,
        host: Host,
        ports: FunctionChecks | None,
        work: Callable[[Callable[[], None]], None],
        ask: Callable[[Callable[[EngineClient], None]], None],
    ) -> None:
        self._host, self._open_ports = host, ports
        self._work, self._ask = work, ask
        self._ports: Mapping[CheckId, FunctionCheck] | None = None
        self._stops: dict[CheckId, Flag] = {}
        self._turns: dict[CheckId, Lock] = {}  # a check that begins again waits for its own end
        self.progress: dict[CheckId, CheckProgress] = {}
        # guided screens hear of their own check themselves, and decide what is recorded
        self.listeners: dict[CheckId, Callable[[CheckProgress | CheckResult], None]] = {}

    @cached_property
    def stand(self) -> Checking:
        """Loaded when there is a session: the first screen does not wait for it."""
        from reprise.workflow.session.checking import Checking

        return Checking(lambda: self._host.state, lambda: get_running_loop().time())

    # the sheet

    def enter(self) -> None:
        """The report waits from here on."""
        self.stand.enter()
        self.renew()

    def leave(self) -> None:
        """What runs by itself goes on."""
        self.stand.leave()
        self._hold(False)

    def end(self) -> None:
        """The session is over, or this screen."""
        self._break_off(self.stand.quit())

    def renew(self) -> None:
        """Now and then while the technician is at the checks: see
        workflow.session.waiting_for_checks."""
        if self.stand.hold_due():
            self._hold(True)

    def follow(self) -> None:
        """The session's state is another one."""
        self._break_off(self.stand.follow())
        self.go_on()

    def _hold(self, held: bool) -> None:
        self._ask(lambda engine: engine.hold_report(Held(held)))

    # running

    def automatic(self) -> None:
        """Make those that need nobody, one after the other; or make no more of them."""
        self._break_off(self.stand.automatic())
        self.go_on()

    def go_on(self) -> None:
        """To the next of those that need nobody. Some wait for the erasure's end."""
        check = self.stand.next()
        if check is not None:
            self.start(check)

    def start(self, check: CheckId) -> None:
        if not self.stand.begin(check):
            return
        stop = self._stops[check] = Flag()
        turn = self._turns.setdefault(check, Lock())

        def run() -> None:
            with turn:
                self._run(check, stop)

        self._work(run)

    def _run(self, check: CheckId, stop: Flag) -> None:
        """In a worker."""
        from reprise.workflow.session.checking import made

        if self._ports is None:
            self._ports = {} if self._open_ports is None else self._open_ports()
        port = self._ports.get(check)
        for item in made(check, None if port is None else port.run, stop):
            if not stop.is_set():
                self._host.post_message(CheckTold(item))

    def stop(self, check: CheckId) -> None:
        self.stand.end(check)
        self._break_off((check,))

    def _break_off(self, checks: tuple[CheckId, ...]) -> None:
        for check in checks:
            flag = self._stops.pop(check, None)
            if flag is not None:
                flag.set()
            self.progress.pop(check, None)

    # what came of it

    def take(self, item: CheckProgress | CheckResult) -> None:
        if not self.stand.is_running(item.check):
            return  # stopped meanwhile
        if isinstance(item, CheckProgress):
            self.progress[item.check] = item
        else:
            self.stop(item.check)
        listener = self.listeners.get(item.check)
        if listener is not None:
            listener(item)
        elif not isinstance(item, CheckProgress):
            self.record(item)
            self.go_on()

    def record(self, result: CheckResult) -> None:
        whole = self.stand.to_record(result)
        if whole is not None:
            self._ask(lambda engine: engine.record_check(whole))

    def skip(self, checks: tuple[CheckId, ...], reason: CheckReason, words: str = "") -> None:
        for check in checks:
            self.stop(check)
        results = self.stand.to_skip(checks, reason, words)

        def tell(engine: EngineClient) -> None:
            for result in results:
                engine.record_check(result)

        self._ask(tell)

    def note(self, condition: Condition) -> None:
        self._ask(lambda engine: engine.note_condition(ConditionNoted(condition)))
