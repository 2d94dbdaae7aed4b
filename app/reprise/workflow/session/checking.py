"""The function checks as whoever makes them stands: which are left, which wait for an erasure or
are broken off by it, which comes next, whether the report is to wait. The same for screen and plain
lines, which run and word them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from reprise.domain.checks.catalogue import CheckId, CheckKind, CheckReason
from reprise.domain.checks.merging import may_be_set_aside, settled
from reprise.domain.checks.results import CheckProgress, CheckResult, skipped, unknown
from reprise.ports import StopFlag
from reprise.workflow.session.state import SessionState
from reprise.workflow.session.waiting_for_checks import RENEW_S

Told = CheckProgress | CheckResult


class Checking:
    """`read`: the session's state now. `clock`: seconds, and never back."""

    def __init__(self, read: Callable[[], SessionState], clock: Callable[[], float]) -> None:
        self._read, self._clock = read, clock
        self._session = ""
        self._automatic = False  # those that need nobody were asked for
        self._running: list[CheckId] = []
        self._told: set[CheckId] = set()  # to the engine, which may still be on its way to say so
        self._hold_due_s: float | None = None  # None: no technician is at the checks

    # what applies and what is known

    @property
    def open(self) -> bool:
        """Whether there is something to check now: the PC is known, and its report not signed."""
        state = self._read()
        return state.inventory is not None and state.sealed is None

    def wanted(self) -> tuple[CheckId, ...]:
        """The checks of this PC, in their order."""
        inventory = self._read().inventory
        if inventory is None:
            return ()
        return tuple(check for check in CheckId if check.spec.applies(inventory))

    def known(self, check: CheckId) -> CheckResult | None:
        return next((entry for entry in self._read().checked.results if entry.check is check), None)

    def pending(self) -> tuple[CheckId, ...]:
        """Those of which nothing is known yet."""
        return tuple(
            due for due in self.wanted() if due not in self._told and self.known(due) is None
        )

    def waits(self, check: CheckId) -> bool:
        """Memory and processor are not loaded while drives are erased."""
        return check.spec.disturbs and not self._read().all_final

    # running

    def is_running(self, check: CheckId) -> bool:
        return check in self._running

    def begin(self, check: CheckId) -> bool:
        """False: it may not."""
        if self.is_running(check) or self.waits(check):
            return False
        self._running.append(check)
        return True

    def end(self, *checks: CheckId) -> None:
        """They came to their end, or were broken off."""
        self._running = [check for check in self._running if check not in checks]

    def tell(self, *checks: CheckId) -> None:
        """The engine is about to hear of them."""
        self._told.update(checks)

    def to_record(self, result: CheckResult) -> CheckResult | None:
        """What the engine is to hear of it, with what the PC itself says; None: it hears nothing,
        as the PC is not known."""
        inventory = self._read().inventory
        if inventory is None:
            return None
        self.tell(result.check)
        return settled(result, inventory)

    def to_skip(
        self, checks: Iterable[CheckId], reason: CheckReason, words: str = ""
    ) -> tuple[CheckResult, ...]:
        """The same of those that are skipped: what was measured since it was asked stays."""
        may_be = (check for check in checks if may_be_set_aside(self.known(check)))
        results = tuple(skipped(check, reason, words) for check in may_be)
        self.tell(*(result.check for result in results))
        return results

    def follow(self) -> tuple[CheckId, ...]:
        """The session's state is another one. Gives those that it ends: where an erasure begins,
        what would disturb it is broken off, to be made again later; once the report is signed, all
        are. A new session knows nothing of what the last one knew."""
        state = self._read()
        session = state.started.session_id if state.started is not None else ""
        if session != self._session:
            self._session, self._automatic = session, False
            self._told.clear()
        if state.sealed is not None:
            return self.quit()
        return self._broken_off(self.waits)

    def quit(self) -> tuple[CheckId, ...]:
        """Gives those that ran."""
        self._automatic = False
        return self._broken_off(lambda _check: True)

    def _broken_off(self, which: Callable[[CheckId], bool]) -> tuple[CheckId, ...]:
        broken = tuple(filter(which, self._running))
        self.end(*broken)
        return broken

    # by themselves

    @property
    def is_automatic(self) -> bool:
        return self._automatic and any(map(needs_nobody, self.pending()))

    def automatic(self) -> tuple[CheckId, ...]:
        """Make those that need nobody, one after the other; or make no more of them: gives those
        that this breaks off."""
        self._automatic = not self.is_automatic
        return () if self._automatic else self._broken_off(needs_nobody)

    def next(self) -> CheckId | None:
        """Of those that need nobody; None: none, or not yet."""
        if not (self._automatic and self.open) or any(map(needs_nobody, self._running)):
            return None
        due = (check for check in self.pending() if needs_nobody(check) and not self.waits(check))
        return next(due, None)

    # the report waits (see workflow.session.waiting_for_checks)

    def enter(self) -> None:
        """A technician is at the checks from here on."""
        self._hold_due_s = self._clock()

    def leave(self) -> None:
        """What runs by itself goes on."""
        self._hold_due_s = None

    def hold_due(self) -> bool:
        """Whether the engine is to hear (again) that the report waits; it hears it then."""
        now_s = self._clock()
        if self._hold_due_s is None or now_s < self._hold_due_s or not self.open:
            return False
        self._hold_due_s = now_s + RENEW_S
        return True


def needs_nobody(check: CheckId) -> bool:
    return check.spec.kind is CheckKind.AUTOMATIC


def made(
    check: CheckId, run: Callable[[StopFlag], Iterator[Told]] | None, stop: StopFlag
) -> Iterator[Told]:
    """`run`: see ports.sheets.checks; None where this PC has nothing that makes it."""
    if run is None:
        yield unknown(check, CheckReason.TOOL_ABSENT)
        return
    try:
        yield from run(stop)
    except OSError as error:  # a part that goes away while it is looked at
        yield unknown(check, CheckReason.NOT_READABLE, error.strerror or "")
