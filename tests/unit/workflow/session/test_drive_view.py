"""A drive while its session goes on: nothing is claimed before its end."""

from __future__ import annotations

from dataclasses import replace

import pytest

from reprise import i18n, wording
from reprise.domain.erasure.lifecycle import DriveState
from reprise.domain.erasure.preparing import DrivePrepared
from reprise.domain.planning.plan import Attempt, DrivePlan, Refusal, RefusalCode
from reprise.domain.planning.techniques import Method, Technique, Verdict, VerifyDepth
from reprise.domain.report import events as ev
from reprise.line_interface.shown import outcome
from reprise.sentences.drive_history import not_proven
from reprise.workflow.session.drive_view import (
    DriveView,
    after,
    as_gone,
    confirmed,
    looked_at,
    planned,
)
from unit.domain.drives.drives import drive, stick

DRIVE = drive()
KEY = DRIVE.identity.key
ATTEMPT = Attempt(Technique.OVERWRITE, Method.CLEAR, VerifyDepth.FULL, limitations=("spare",))
PLAN = DrivePlan(DRIVE.identity, DRIVE.node, attempts=(ATTEMPT,))
BEGIN = ev.AttemptStarted(KEY, DRIVE.identity, DRIVE.node, ATTEMPT, "j", "0f" * 32)


def end(verdict: Verdict, *reasons: str) -> ev.AttemptFinished:
    achieved = Method.CLEAR if verdict is Verdict.VERIFIED else Method.NONE
    return ev.AttemptFinished(
        KEY, "j", Technique.OVERWRITE, verdict, achieved, reasons, 1, 1, 1.0, 1.0
    )


def went(*events: ev.Event) -> DriveView:
    view = confirmed(planned(looked_at(DRIVE), PLAN))
    for at, event in enumerate(events):
        view = after(view, event, float(at))
    return view


def test_while_it_is_erased_nothing_is_claimed_and_nothing_said_against_it() -> None:
    again = went(BEGIN, end(Verdict.FAILED, "write-errors"), replace(BEGIN, job_id="j"))
    assert again.state is DriveState.ERASING
    assert (again.achieved, again.reasons, again.limitations) == (Method.NONE, (), ())
    assert (again.attempt, again.cause) == (ATTEMPT, "")
    verifying = after(again, ev.VerifyStarted(KEY, "j", VerifyDepth.FULL), 9.0)
    assert verifying.state is DriveState.VERIFYING


def test_what_stays_unproven_is_told_of_a_drive_that_is_erased_and_of_no_other() -> None:
    checked = ev.VerifyStarted(KEY, "j", VerifyDepth.FULL)
    good = went(BEGIN, checked, end(Verdict.VERIFIED, "fine"))
    assert (good.state, good.achieved) == (DriveState.SANITIZED, Method.CLEAR)
    assert (good.limitations, good.reasons, good.cause) == (("spare",), ("fine",), "")
    bad = went(BEGIN, end(Verdict.FAILED, "write-errors"))
    assert bad.state is DriveState.FAILED
    assert (bad.limitations, bad.reasons, bad.cause) == ((), ("write-errors",), "")


@pytest.mark.parametrize("limit", ["flash-spare-area-not-reached", "hidden-areas-not-checked"])
def test_screen_and_plain_lines_tell_it_beside_the_verdict(limit: str) -> None:
    attempt = replace(ATTEMPT, limitations=(limit,))
    checked = ev.VerifyStarted(KEY, "j", VerifyDepth.FULL)
    good = went(replace(BEGIN, attempt=attempt), checked, end(Verdict.VERIFIED, "fine"))
    with i18n.using("en"):
        told = f"Not proven: {wording.code(limit)}"
        assert told in outcome(good)
        assert [told] == [text for _names, text in not_proven([good])]


def test_an_interruption_has_its_cause() -> None:
    cut = went(BEGIN, ev.DriveInterrupted(KEY, "j", "unplugged", 5))
    assert (cut.state, cut.cause) == (DriveState.INTERRUPTED, "unplugged")


def test_bad_sectors_of_all_attempts_are_counted() -> None:
    error = ev.MediumErrorFound(KEY, "write", 5, 3, 5)
    view = went(BEGIN, error, end(Verdict.FAILED), BEGIN, error, replace(error, count=4))
    assert view.medium_errors == 10


def test_a_hidden_area_that_was_removed_makes_the_drive_larger_under_its_old_key() -> None:
    view = went(DrivePrepared(KEY, (), (), "/dev/sdz", 1 << 40))
    assert (view.drive.node, view.drive.identity.size_bytes) == ("/dev/sdz", 1 << 40)
    assert view.key == KEY


def test_a_drive_that_is_gone_has_no_plan_and_says_so() -> None:
    gone = as_gone(planned(looked_at(DRIVE), PLAN))
    assert (gone.state, gone.plan) == (DriveState.REFUSED, None)
    assert [one.code for one in gone.refusals] == [RefusalCode.UNPLUGGED]
    assert gone.own


def test_a_new_look_forgets_why_it_was_refused_and_nothing_else() -> None:
    refused = DrivePlan(DRIVE.identity, DRIVE.node, refusals=(Refusal(RefusalCode.MOUNTED),))
    first = planned(looked_at(DRIVE), refused)
    assert first.state is DriveState.REFUSED
    assert first.refusals == refused.refusals
    second = looked_at(replace(DRIVE, node="/dev/sdq"), first)
    assert (second.refusals, second.state, second.plan) == ((), DriveState.DETECTED, None)
    assert planned(second, None) == second
    tried = looked_at(DRIVE, went(BEGIN, end(Verdict.FAILED, "x")))
    assert len(tried.fold.attempts) == 1


def test_a_late_refusal_ends_it() -> None:
    late = went(ev.DriveRefused(KEY, (Refusal(RefusalCode.HELD, "md0"),)))
    assert late.state is DriveState.REFUSED
    assert late.refusals == (Refusal(RefusalCode.HELD, "md0"),)


def test_a_drive_that_was_tried_belongs_to_the_pc_whatever_it_is() -> None:
    refused = DrivePlan(
        stick().identity, stick().node, refusals=(Refusal(RefusalCode.BOOT_MEDIUM),)
    )
    ours = planned(looked_at(stick()), refused)
    assert not ours.own
    tried = replace(ours, fold=went(BEGIN).fold)
    assert replace(tried, fold=replace(tried.fold, refusals=refused.refusals)).own


def test_an_event_that_is_illegal_now_is_an_error() -> None:
    with pytest.raises(ValueError, match="illegal move"):
        after(looked_at(DRIVE), BEGIN, 0.0)
