"""Function checks on the side of the screen: made in workers, shown while they run, told to the
session when they end. An erasure never waits for them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from threading import Event as Flag
from threading import Lock
from typing import TYPE_CHECKING, Protocol

from reprise.tui.messages import CheckTold

if TYPE_CHECKING:
    from textual.message import Message

    from reprise.domain.checks import CheckId, CheckProgress, CheckReason, CheckResult
    from reprise.domain.grading import Condition
    from reprise.tool_ports.checks import FunctionCheck, FunctionChecks
    from reprise.workflow.desk.port import Desk
    from reprise.workflow.session_state import SessionState


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
        ask: Callable[[Callable[[Desk], None]], None],
    ) -> None:
        self._host, self._open_ports = host, ports
        self._work, self._ask = work, ask
        self._ports: Mapping[CheckId, FunctionCheck] | None = None
        self._session = ""
        self._inside = False  # the technician is at the checks
        self._automatic = False  # those that need nobody were asked for
        self._stops: dict[CheckId, Flag] = {}
        self._turns: dict[CheckId, Lock] = {}  # a check that begins again waits for its own end
        self.progress: dict[CheckId, CheckProgress] = {}
        self._told: set[CheckId] = set()  # by this screen; they may still be on their way
        # guided screens hear of their own check themselves, and decide what is recorded
        self.listeners: dict[CheckId, Callable[[CheckProgress | CheckResult], None]] = {}

    # the sheet

    @property
    def open(self) -> bool:
        """Whether there is something to check now: the PC is known, and its report not signed."""
        state = self._host.state
        return state.inventory is not None and state.sealed is None

    def enter(self) -> None:
        """The report waits from here on."""
        self._inside = True
        self.renew()

    def leave(self) -> None:
        """What runs by itself goes on."""
        self._inside = False
        self._hold(False)

    def end(self) -> None:
        """The session is over, or this screen."""
        self._automatic = False
        for check in list(self._stops):
            self.stop(check)

    def renew(self) -> None:
        """Now and then while the technician is at the checks: see workflow.holding."""
        if self._inside and self.open:
            self._hold(True)

    def follow(self) -> None:
        """The session's state is another one. Where an erasure begins, what would disturb it is
        broken off, and made again later. A new session knows nothing of what the last one knew."""
        from reprise.domain.check_catalogue import spec

        state = self._host.state
        session = state.started.session_id if state.started is not None else ""
        if session != self._session:
            self._session = session
            self._told.clear()
            self._automatic = False
        if state.sealed is not None:
            self.end()
        for check in [one for one in self._stops if spec(one).disturbs]:
            if self.waits(check):
                self.stop(check)
        self.go_on()

    def _hold(self, held: bool) -> None:
        from reprise.workflow.holding import Held

        self._ask(lambda desk: desk.hold_report(Held(held)))

    # what applies and what is known

    def wanted(self) -> tuple[CheckId, ...]:
        """The checks of this PC, in their order."""
        from reprise.domain.check_catalogue import CATALOGUE, applies

        inventory = self._host.state.inventory
        if inventory is None:
            return ()
        return tuple(one.check for one in CATALOGUE if applies(one.check, inventory))

    def pending(self) -> tuple[CheckId, ...]:
        """Those of which nothing is known yet."""
        known = self._told.union(one.check for one in self._host.state.checked.results)
        return tuple(check for check in self.wanted() if check not in known)

    def is_running(self, check: CheckId) -> bool:
        return check in self._stops

    def waits(self, check: CheckId) -> bool:
        """Memory and processor are not loaded while drives are erased."""
        from reprise.domain.check_catalogue import spec

        state = self._host.state
        erasing = bool(state.working) and not state.all_final
        return spec(check).disturbs and erasing

    # running

    @property
    def is_automatic(self) -> bool:
        return self._automatic and any(_needs_nobody(one) for one in self.pending())

    def automatic(self) -> None:
        """Make those that need nobody, one after the other; or make no more of them."""
        if self.is_automatic:
            self._automatic = False
            for check in [one for one in self._stops if _needs_nobody(one)]:
                self.stop(check)
        else:
            self._automatic = True
            self.go_on()

    def go_on(self) -> None:
        """To the next of those that need nobody. Some wait for the erasure's end."""
        if not (self._automatic and self.open) or any(map(_needs_nobody, self._stops)):
            return
        for check in self.pending():
            if _needs_nobody(check) and not self.waits(check):
                self.start(check)
                return

    def start(self, check: CheckId) -> None:
        if self.is_running(check) or self.waits(check):
            return
        stop = self._stops[check] = Flag()
        turn = self._turns.setdefault(check, Lock())

        def run() -> None:
            with turn:
                self._run(check, stop)

        self._work(run)

    def _run(self, check: CheckId, stop: Flag) -> None:
        """In a worker."""
        if self._ports is None:
            self._ports = {} if self._open_ports is None else self._open_ports()
        port = self._ports.get(check)
        if port is None:
            self._host.post_message(CheckTold(_without_port(check)))
            return
        try:
            for item in port.run(stop):
                if not stop.is_set():
                    self._host.post_message(CheckTold(item))
        except OSError as error:  # a part that goes away while it is looked at
            self._host.post_message(CheckTold(_unreadable(check, error)))

    def stop(self, check: CheckId) -> None:
        flag = self._stops.pop(check, None)
        if flag is not None:
            flag.set()
        self.progress.pop(check, None)

    # what came of it

    def take(self, item: CheckProgress | CheckResult) -> None:
        from reprise.domain.checks import CheckProgress

        if not self.is_running(item.check):
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
        from reprise.domain.check_catalogue import settled

        inventory = self._host.state.inventory
        if inventory is not None:
            whole = settled(result, inventory)
            self._told.add(result.check)
            self._ask(lambda desk: desk.record_check(whole))

    def skip(self, checks: tuple[CheckId, ...], reason: CheckReason, words: str = "") -> None:
        from reprise.domain.checks import skipped

        for check in checks:
            self.stop(check)
        self._told.update(checks)

        def tell(desk: Desk) -> None:
            for check in checks:
                desk.record_check(skipped(check, reason, words))

        self._ask(tell)

    def note(self, condition: Condition) -> None:
        from reprise.domain.check_events import ConditionNoted

        self._ask(lambda desk: desk.note_condition(ConditionNoted(condition)))


def _needs_nobody(check: CheckId) -> bool:
    from reprise.domain.check_catalogue import spec
    from reprise.domain.checks import CheckKind

    return spec(check).kind is CheckKind.AUTOMATIC


def _without_port(check: CheckId) -> CheckResult:
    from reprise.domain.checks import CheckReason
    from reprise.domain.judge_machine import unknown

    return unknown(check, CheckReason.TOOL_ABSENT)


def _unreadable(check: CheckId, error: OSError) -> CheckResult:
    from reprise.domain.checks import CheckReason
    from reprise.domain.judge_machine import unknown

    return unknown(check, CheckReason.NOT_READABLE, error.strerror or "")
