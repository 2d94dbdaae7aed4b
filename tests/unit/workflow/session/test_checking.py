"""How the function checks stand, whoever makes them: nothing that disturbs an erasure ever runs
beside it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from threading import Event as Flag

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from reprise.domain.checks.catalogue import CheckId, CheckReason
from reprise.domain.checks.events import CheckDone
from reprise.domain.checks.results import CheckResult, CheckStatus
from reprise.domain.erasure.lifecycle import DriveState
from reprise.domain.pc.hardware import Machine
from reprise.domain.planning.plan import Attempt, DrivePlan, Plan
from reprise.domain.planning.techniques import Method, Technique, VerifyDepth
from reprise.domain.report import events as ev
from reprise.ports import StopFlag
from reprise.workflow.session.checking import Checking, Told, made, needs_nobody
from reprise.workflow.session.state import SessionState, apply
from reprise.workflow.session.waiting_for_checks import RENEW_S
from unit.domain.drives.drives import hdd, pc

DISTURBING = {CheckId.MEMORY, CheckId.PROCESSOR}
GUIDED = {CheckId.KEYBOARD, CheckId.SCREEN, CheckId.POINTER}
DRIVE = hdd(1)
ATTEMPT = Attempt(Technique.OVERWRITE, Method.CLEAR, VerifyDepth.FULL)
PLAN = Plan((DrivePlan(DRIVE.identity, DRIVE.node, attempts=(ATTEMPT,)),), "policy")


def after(*events: ev.Event, state: SessionState | None = None) -> SessionState:
    state = state or SessionState()
    for event in events:
        state = apply(state, event)
    return state


def session(name: str) -> SessionState:
    return after(ev.SessionStarted(name, "r", "bench", "kid", "0.1", "image", False, "rtc"))


UNREAD = session("s")
READ = after(ev.InventoryTaken(pc(DRIVE, machine=Machine(chassis="Notebook"))), state=UNREAD)
PLANNED = after(ev.PlanMade(PLAN, "d"), state=READ)
ERASING = after(ev.PlanConfirmed("d", (DRIVE.identity.key,)), state=PLANNED)
ERASED = replace(
    ERASING, drives=tuple(replace(one, state=DriveState.SANITIZED) for one in ERASING.drives)
)
SIGNED = replace(ERASED, sealed=ev.ReportSealed("r", "0" * 64, "reports/r.jws"))
ANEW = replace(READ, started=session("another").started)


def passed(check: CheckId) -> CheckDone:
    return CheckDone(CheckResult(check=check, status=CheckStatus.PASSED))


class Host:
    """What a Checking reads."""

    def __init__(self, state: SessionState) -> None:
        self.state, self.now_s = state, 100.0
        self.stand = Checking(lambda: self.state, lambda: self.now_s)
        self.stand.follow()

    def comes(self, state: SessionState) -> tuple[CheckId, ...]:
        self.state = state
        return self.stand.follow()


def test_it_is_open_once_the_pc_is_read_until_its_report_is_signed() -> None:
    assert [Host(one).stand.open for one in (UNREAD, READ, ERASING, ERASED, SIGNED)] == [
        *(False, True, True, True, False)
    ]
    assert Host(UNREAD).stand.wanted() == ()


def test_what_is_known_or_told_is_not_left() -> None:
    host = Host(after(passed(CheckId.CLOCK), state=READ))
    assert CheckId.CLOCK in host.stand.wanted()
    assert CheckId.CLOCK not in host.stand.pending()
    assert CheckId.MEMORY in host.stand.pending()
    host.stand.tell(CheckId.MEMORY)
    assert CheckId.MEMORY not in host.stand.pending()
    assert host.stand.known(CheckId.MEMORY) is None
    host.comes(ANEW)
    assert CheckId.MEMORY in host.stand.pending(), "another session knows nothing of it"


def test_a_desktop_pc_is_not_asked_for_a_part_that_it_has_not() -> None:
    """Its keyboard is the bench's, and it has no battery."""
    desktop = after(ev.InventoryTaken(pc(DRIVE, machine=Machine(chassis="Desktop"))), state=UNREAD)
    assert CheckId.BATTERY in Host(READ).stand.wanted()
    assert not {CheckId.BATTERY, CheckId.KEYBOARD} & {*Host(desktop).stand.wanted()}
    assert CheckId.MEMORY in Host(desktop).stand.wanted()


def test_an_erasure_that_begins_breaks_off_memory_and_processor_alone() -> None:
    host = Host(READ)
    for check in (CheckId.MEMORY, CheckId.CLOCK, CheckId.KEYBOARD):
        assert host.stand.begin(check)
    assert not host.stand.begin(CheckId.CLOCK), "one at a time"
    assert host.comes(ERASING) == (CheckId.MEMORY,)
    assert not host.stand.is_running(CheckId.MEMORY)
    assert host.stand.is_running(CheckId.CLOCK)
    assert not host.stand.begin(CheckId.PROCESSOR)
    assert {one for one in CheckId if host.stand.waits(one)} == DISTURBING
    assert host.comes(ERASED) == ()
    assert host.stand.begin(CheckId.PROCESSOR)


def test_a_signed_report_ends_them_all() -> None:
    host = Host(ERASED)
    host.stand.automatic()
    host.stand.begin(CheckId.MEMORY)
    host.stand.begin(CheckId.KEYBOARD)
    assert host.comes(SIGNED) == (CheckId.MEMORY, CheckId.KEYBOARD)
    host.state = ERASED
    assert host.stand.next() is None


def test_those_that_need_nobody_follow_each_other_and_stop_together() -> None:
    host = Host(READ)
    assert host.stand.next() is None, "nobody asked for them"
    assert host.stand.automatic() == ()
    assert host.stand.next() is CheckId.MEMORY
    host.stand.begin(CheckId.MEMORY)
    assert host.stand.next() is None, "one after the other"
    host.stand.begin(CheckId.KEYBOARD)
    assert host.stand.automatic() == (CheckId.MEMORY,), "a person's hands go on"
    assert host.stand.next() is None
    host.stand.automatic()
    host.comes(ERASING)
    assert host.stand.next() is CheckId.BATTERY, "what waits is left for later"
    host.comes(ERASED)
    assert host.stand.next() is CheckId.MEMORY


def test_once_all_that_need_nobody_are_told_they_are_asked_for_anew() -> None:
    """A person presses A again: it begins, and does not stop what came to its end."""
    host = Host(READ)
    host.stand.automatic()
    alone = [one for one in host.stand.pending() if needs_nobody(one)]
    host.stand.tell(*alone[:-1])
    assert host.stand.is_automatic
    host.stand.tell(alone[-1])
    assert not host.stand.is_automatic
    assert GUIDED & {*host.stand.pending()}, "those that need a person are left"


def test_another_session_begins_none_by_itself() -> None:
    host = Host(READ)
    host.stand.automatic()
    host.comes(ANEW)
    assert not host.stand.is_automatic
    assert host.stand.next() is None


def test_the_report_waits_as_long_as_somebody_is_there() -> None:
    host = Host(UNREAD)
    assert not host.stand.hold_due()
    host.stand.enter()
    assert not host.stand.hold_due(), "there is nothing to check yet"
    host.state = READ
    assert host.stand.hold_due()
    assert not host.stand.hold_due()
    host.now_s += RENEW_S - 0.1
    assert not host.stand.hold_due()
    host.now_s += 0.1
    assert host.stand.hold_due()
    host.now_s += RENEW_S
    host.stand.leave()
    assert not host.stand.hold_due()
    host.stand.enter()
    assert host.stand.hold_due(), "at once"
    host.now_s += RENEW_S
    host.state = SIGNED
    assert not host.stand.hold_due()


def _breaks(_stop: StopFlag) -> Iterator[Told]:
    raise OSError(5, "Input/output error")
    yield  # pragma: no cover


@pytest.mark.parametrize(
    ("run", "reason"), [(None, CheckReason.TOOL_ABSENT), (_breaks, CheckReason.NOT_READABLE)]
)
def test_a_part_that_cannot_be_looked_at_is_unknown(run: object, reason: CheckReason) -> None:
    (result,) = made(CheckId.CAMERA, run, Flag())  # type: ignore[arg-type]
    assert isinstance(result, CheckResult)
    assert (result.check, result.status) == (CheckId.CAMERA, CheckStatus.UNKNOWN)
    assert result.reason is reason
    assert ("Input/output error" in result.detail) == (run is _breaks)


class AnyTurn(RuleBasedStateMachine):
    """A screen that does as it is told, in a session that goes on as it likes."""

    def __init__(self) -> None:
        super().__init__()
        self.host = Host(UNREAD)
        self.running: set[CheckId] = set()

    @rule(state=st.sampled_from([UNREAD, READ, ERASING, ERASED, SIGNED, ANEW]))
    def it_goes_on(self, state: SessionState) -> None:
        before = set(self.running)
        broken = self.host.comes(state)
        assert set(broken) <= before
        self.running -= set(broken)
        if state is ERASING:
            assert not self.running & DISTURBING
            assert set(broken) == before & DISTURBING
        elif state is SIGNED:
            assert not self.running
        else:
            assert not broken

    @rule(check=st.sampled_from(CheckId))
    def it_begins(self, check: CheckId) -> None:
        may = check not in self.running
        may = may and not (self.host.state is ERASING and check in DISTURBING)
        assert self.host.stand.begin(check) is may
        if may:
            self.running.add(check)

    @precondition(lambda self: self.running)
    @rule(data=st.data())
    def it_ends(self, data: st.DataObject) -> None:
        check = data.draw(st.sampled_from(sorted(self.running)))
        self.host.stand.end(check)
        self.running.discard(check)
        self.host.stand.tell(check)

    @rule()
    def a_person_presses_a(self) -> None:
        self.running -= set(self.host.stand.automatic())

    @invariant()
    def what_is_next_may_begin(self) -> None:
        check = self.host.stand.next()
        if check is not None:
            assert self.host.stand.open
            assert check in self.host.stand.pending()
            assert not self.host.stand.waits(check)
            assert check not in GUIDED

    @invariant()
    def it_knows_what_runs(self) -> None:
        assert {one for one in CheckId if self.host.stand.is_running(one)} == self.running


TestAnyTurn = AnyTurn.TestCase
