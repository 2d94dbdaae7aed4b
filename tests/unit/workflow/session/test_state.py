"""What a session knows after each of its events, and which events are illegal when."""

from __future__ import annotations

from dataclasses import replace

import pytest

from reprise.domain.checks.events import ConditionNoted
from reprise.domain.checks.grading import Condition
from reprise.domain.drives.unreached import Statement, StorageStated, Unreached, UnreachedKind
from reprise.domain.erasure.lifecycle import DriveState
from reprise.domain.install.events import InstallFinished, InstallStarted
from reprise.domain.pc.assessment import PcAssessed
from reprise.domain.pc.hardware import DriveIdentity
from reprise.domain.pc.impact import ImpactFactors, impact
from reprise.domain.pc.triage import TriageRules, triage
from reprise.domain.planning.plan import Attempt, DrivePlan, Plan, Refusal, RefusalCode
from reprise.domain.planning.techniques import Method, Technique, Verdict, VerifyDepth
from reprise.domain.planning.unusual import UnusualCode
from reprise.domain.report import events as ev
from reprise.domain.report.outcome import Outcome
from reprise.workflow.past.sessions import Elsewhere, Past
from reprise.workflow.session.state import (
    InstallView,
    SessionState,
    Stage,
    apply,
    remember,
    take_over,
)
from unit.domain.drives.drives import hdd, pc, stick
from unit.domain.pc.samples import TODAY

ONE, TWO, STICK = hdd(1), hdd(2), stick()
PC = pc(ONE, TWO, STICK)
ATTEMPT = Attempt(Technique.OVERWRITE, Method.CLEAR, VerifyDepth.FULL)
START = ev.SessionStarted("s", "r", "bench", "kid", "0.1", "image", False, "rtc")
REFUSED = (Refusal(RefusalCode.BOOT_MEDIUM, "live"),)
PLAN = Plan(
    (
        DrivePlan(ONE.identity, ONE.node, attempts=(ATTEMPT,)),
        DrivePlan(TWO.identity, TWO.node, attempts=(ATTEMPT,)),
        DrivePlan(STICK.identity, STICK.node, refusals=REFUSED),
    ),
    "policy",
)
K1, K2, KS = (one.identity.key for one in (ONE, TWO, STICK))


def after(*events: ev.Event) -> SessionState:
    state = SessionState()
    for event in events:
        state = apply(state, event)
    return state


LOOKED = (START, ev.InventoryTaken(PC))
PLANNED = (*LOOKED, ev.PlanMade(PLAN, "d1"))
CONFIRMED = (*PLANNED, ev.PlanConfirmed("d1", (K1,)))


def erased(drive: object, key: str, verdict: Verdict = Verdict.VERIFIED) -> tuple[ev.Event, ...]:
    achieved = Method.CLEAR if verdict is Verdict.VERIFIED else Method.NONE
    return (
        ev.AttemptStarted(key, drive.identity, drive.node, ATTEMPT, key, "0f" * 32),  # type: ignore[attr-defined]
        ev.VerifyStarted(key, key, VerifyDepth.FULL),
        ev.AttemptFinished(
            key, key, Technique.OVERWRITE, verdict, achieved, ("why",), 1, 1, 1.0, 1.0
        ),
    )


def test_each_stage_follows_its_event() -> None:
    assert after().stage is Stage.OPEN
    assert after(START).started == START
    assert after(*LOOKED).stage is Stage.INVENTORIED
    assert after(*PLANNED).stage is Stage.PLANNED
    assert after(*CONFIRMED).stage is Stage.CONFIRMED
    sealed = after(*CONFIRMED, ev.ReportSealed("r", "0", "stick"))
    assert (sealed.stage, sealed.sealed) == (Stage.SEALED, ev.ReportSealed("r", "0", "stick"))


def test_what_was_planned_and_confirmed() -> None:
    state = after(*PLANNED)
    assert (state.plan, state.digest, state.inventory) == (PLAN, "d1", PC)
    assert [d.key for d in state.erasable] == [K1, K2]
    assert state.working == ()
    done = after(*CONFIRMED)
    assert [d.key for d in done.working] == [K1]
    states = {d.key: d.state for d in done.drives}
    assert states == {
        K1: DriveState.CONFIRMED,
        K2: DriveState.PLANNED,
        KS: DriveState.REFUSED,
    }
    assert done.drive(K2) is not None and done.drive("nobody") is None


@pytest.mark.parametrize(
    ("before", "event", "words"),
    [
        ((START,), START, "starts once"),
        (CONFIRMED, ev.InventoryTaken(PC), "inventory is fixed"),
        (CONFIRMED, ev.PlanMade(PLAN, "d2"), "plan is fixed"),
        (PLANNED, ev.PlanConfirmed("d2", (K1,)), "another plan"),
        (LOOKED, ev.PlanConfirmed("", (K1,)), "another plan"),
        (PLANNED, ev.PlanConfirmed("d1", (KS,)), "illegal move"),
    ],
)
def test_what_comes_at_the_wrong_time_is_an_error(
    before: tuple[ev.Event, ...], event: ev.Event, words: str
) -> None:
    with pytest.raises(ValueError, match=words):
        apply(after(*before), event)


def test_a_new_look_forgets_the_plan_and_no_drive() -> None:
    assessed = PcAssessed(triage(PC, TriageRules(), TODAY), impact(PC, ImpactFactors()))
    state = after(*PLANNED, assessed)
    assert state.assessed == assessed
    again = apply(state, ev.InventoryTaken(pc(TWO, STICK)))
    assert (again.plan, again.digest, again.assessed) == (None, "", None)
    assert again.stage is Stage.INVENTORIED
    gone = again.drive(K1)
    assert gone is not None and gone.state is DriveState.REFUSED
    assert RefusalCode.UNPLUGGED in [one.code for one in gone.refusals]
    assert {K1, K2} <= {d.key for d in again.own}
    assert again.outcome is Outcome.INCOMPLETE


def test_two_drives_of_one_identity_have_each_its_plan() -> None:
    twin = replace(ONE, node="/dev/sdq")
    plan = Plan(
        (
            DrivePlan(ONE.identity, ONE.node, attempts=(ATTEMPT,)),
            DrivePlan(ONE.identity, twin.node, refusals=REFUSED),
        ),
        "policy",
    )
    state = after(START, ev.InventoryTaken(pc(ONE, twin)), ev.PlanMade(plan, "d"))
    assert [d.state for d in state.drives] == [DriveState.PLANNED, DriveState.REFUSED]
    state = apply(state, ev.PlanConfirmed("d", (K1,)))
    assert [d.state for d in state.drives] == [DriveState.CONFIRMED, DriveState.REFUSED]


def test_the_pc_is_erased_when_all_its_drives_are() -> None:
    both = (*PLANNED, ev.PlanConfirmed("d1", (K1, K2)))
    half = after(*both, *erased(ONE, K1))
    assert not half.all_final
    assert half.outcome is Outcome.INCOMPLETE
    whole = after(*both, *erased(ONE, K1), *erased(TWO, K2))
    assert whole.all_final
    assert whole.outcome is Outcome.ERASED
    assert [d.key for d in whole.own] == [K1, K2]
    bad = after(*both, *erased(ONE, K1), *erased(TWO, K2, Verdict.UNVERIFIED))
    assert bad.outcome is Outcome.UNVERIFIED


PLACE = Unreached(UnreachedKind.BEHIND_RAID, "0000:00:17.0")


def test_what_cannot_be_reached_leaves_the_pc_open_until_somebody_states() -> None:
    hiding = replace(PLAN, warnings=(PLACE.warning,))
    events = (*LOOKED, ev.PlanMade(hiding, "d1"), ev.PlanConfirmed("d1", (K1, K2)))
    done = after(*events, *erased(ONE, K1), *erased(TWO, K2))
    assert done.unreached
    assert done.outcome is Outcome.INCOMPLETE
    said = apply(done, StorageStated(done.unreached[0], "A. B."))
    assert said.stated == (Statement(done.unreached[0], "A. B."),)
    assert (said.unreached, said.outcome) == ((), Outcome.ERASED)


def test_the_installation_as_it_goes() -> None:
    begun = apply(after(*CONFIRMED), InstallStarted(K1, "/dev/sda", "debian", "13", "ab"))
    assert begun.install == InstallView(K1, "debian", "13")
    assert begun.install.ok is None
    ended = apply(begun, InstallFinished(K1, False, 1.0, "no-space"))
    assert ended.install == InstallView(K1, "debian", "13", ok=False, detail="no-space")
    alone = apply(after(*CONFIRMED), InstallFinished(K1, True, 1.0, ""))
    assert alone.install == InstallView(K1, "", "", ok=True)


def test_who_works_here_and_how_the_pc_looks() -> None:
    who = ev.Operator(name="A. B.")
    state = after(*LOOKED, ev.OperatorNamed(who), ConditionNoted(Condition.WORN))
    assert state.operator == who
    assert state.checks is not None and state.checks.condition is Condition.WORN
    assert after(*LOOKED).checks is None


def test_one_typed_word_is_not_enough_where_it_began_elsewhere() -> None:
    assert after(*LOOKED).unusual == ()
    state = after(*PLANNED)
    codes = {one.code for one in state.unusual}
    known = {K1: Past(interrupted=True, elsewhere=Elsewhere.YES)}
    told = remember(state, known)
    assert {one.code for one in told.unusual} - codes == {UnusualCode.FROM_ANOTHER_PC}
    unsure = remember(state, {K1: Past(interrupted=True, elsewhere=Elsewhere.PERHAPS)})
    perhaps = {one.code for one in unsure.unusual} - codes
    assert perhaps == {UnusualCode.PERHAPS_FROM_ANOTHER_PC}
    assert told.drive(K1).past == known[K1]  # type: ignore[union-attr]
    assert told.drive(K2).past == Past()  # type: ignore[union-attr]
    assert remember(told, {}).drive(K1).past == Past()  # type: ignore[union-attr]


def test_one_typed_word_is_not_enough_without_a_drive_that_was_begun_here() -> None:
    """By hand, too: what is left may be called an erased PC. Who has read it is asked anew."""
    before = after(*PLANNED)
    gone = DriveIdentity(model="Model", serial="GONE1", size_bytes=10**9)
    told = remember(before, {}, (gone,))
    (why,) = set(told.unusual) - set(before.unusual)
    assert (why.code, why.detail) == (UnusualCode.ABSENT, "Model (GONE1)")
    assert told.read_digest != before.read_digest


def test_of_many_drives_that_were_begun_here_the_newest_are_named() -> None:
    """A workbench misses more every month; a list that nobody reads hides the one of today."""
    before = after(*PLANNED)
    gone = [DriveIdentity(model="Model", serial=f"GONE{n}", size_bytes=10**9) for n in range(9)]

    def told(*absent: DriveIdentity) -> list[str]:
        reasons = remember(before, {}, absent).unusual
        return [one.detail for one in reasons if one not in before.unusual]

    assert told(gone[0], replace(gone[0], size_bytes=10**8)) == ["Model (GONE0)"]
    assert len(told(*gone[:4])) == 4
    assert told(*gone) == ["Model (GONE6)", "Model (GONE7)", "Model (GONE8)", "6"]
    again = replace(gone[0], size_bytes=10**8)  # begun again last of all
    assert told(*gone, again) == ["Model (GONE7)", "Model (GONE8)", "Model (GONE0)", "6"]


def test_a_key_that_was_pressed_is_remembered() -> None:
    assert not after().by_hand
    assert take_over(after()).by_hand
