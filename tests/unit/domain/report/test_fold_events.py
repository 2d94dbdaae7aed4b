"""No event of a journal drops out of the report without anyone noticing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import get_args

import pytest

from reprise.domain.checks.events import CheckDone, ConditionNoted
from reprise.domain.checks.grading import Condition
from reprise.domain.drives.unreached import (
    Statement,
    StorageLooked,
    StorageStated,
    Unreached,
    UnreachedKind,
)
from reprise.domain.erasure.lifecycle import DriveState
from reprise.domain.erasure.preparing import DrivePrepared, PreparationStarted, SystemSuspended
from reprise.domain.install.events import InstallFinished, InstallStarted
from reprise.domain.pc.assessment import ImageMeasured, PcAssessed
from reprise.domain.pc.hardware import DriveIdentity
from reprise.domain.pc.impact import ImpactFactors, impact
from reprise.domain.pc.triage import TriageRules, triage
from reprise.domain.planning.plan import (
    Attempt,
    ConfirmedBy,
    DrivePlan,
    Plan,
    Preparation,
    Refusal,
    RefusalCode,
)
from reprise.domain.planning.techniques import Method, Technique, Verdict, VerifyDepth
from reprise.domain.report import events as ev
from reprise.domain.report.fold import fold
from reprise.domain.report.report import (
    DEMO_SCHEMA,
    SCHEMA,
    ClockRecord,
    InstallRecord,
    PreparationRecord,
    Report,
    StationRecord,
    SuspendRecord,
)
from unit.domain.checks.check_samples import check_results
from unit.domain.drives.drives import drive as made_drive
from unit.domain.drives.drives import pc
from unit.domain.pc.samples import TODAY

WHO = DriveIdentity(model="Model", serial="S1", size_bytes=10**9)
KEY = WHO.key
PC = pc(made_drive(identity=WHO), tools={"smartctl": "7.4"})
ATTEMPT = Attempt(Technique.OVERWRITE, Method.CLEAR, VerifyDepth.FULL, limitations=("sampled",))
PLAN = Plan((DrivePlan(WHO, "/dev/sda", attempts=(ATTEMPT,)),), "policy/7")
PLACE = Unreached(UnreachedKind.BEHIND_RAID, "0000:00:17.0")
LATE = Unreached(UnreachedKind.APPEARED, "sdz")
TRIAGE = triage(PC, TriageRules(), TODAY)
IMPACT = impact(PC, ImpactFactors())
SEEN = ev.Observation(KEY, ev.ObservationKind.FLUSHED, {"how": "cache"})
BAD = ev.MediumErrorFound(KEY, "read", 81_920, 8, 5)
HPA, DCO = Preparation.REMOVE_HPA, Preparation.RESTORE_DCO

BEGUN = ev.SessionStarted("s-1", "r-1", "bench", "kid-1", "0.1", "image-1", True, "ntp")
STARTED = ev.AttemptStarted(KEY, WHO, "/dev/sdb", ATTEMPT, "job-1", "0f" * 32, 512)
STORY: tuple[ev.Event, ...] = (
    BEGUN,
    ev.OperatorNamed(ev.Operator("A. B.", "Org", "Place", "TAG-1", "LOT", "Donor")),
    ImageMeasured("7e" * 32),
    ev.InventoryTaken(PC),
    PcAssessed(TRIAGE, IMPACT),
    ev.PlanMade(PLAN, "d1"),
    StorageStated(PLACE, "A. B."),
    ev.PlanConfirmed("d1", (KEY,), ConfirmedBy.UNATTENDED),
    SystemSuspended(True, 4.5, "slept"),
    PreparationStarted(KEY, (HPA, DCO)),
    ev.CommandRan(KEY, ("hdparm", "-N"), 0, 0.25, "ok"),
    DrivePrepared(KEY, (HPA,), (DCO,), "/dev/sdb", 2 * 10**9, "frozen"),
    STARTED,
    ev.CommandRan(KEY, ("nvme", "format"), 1, 0.5, "no"),
    SEEN,
    BAD,
    ev.Checkpoint(KEY, "job-1", "write", 700),
    ev.VerifyStarted(KEY, "job-1", VerifyDepth.FULL),
    ev.AttemptFinished(
        KEY,
        "job-1",
        Technique.OVERWRITE,
        Verdict.UNVERIFIED,
        Method.NONE,
        ("read-errors",),
        2 * 10**9,
        10**9,
        1.5,
        2.5,
    ),
    InstallStarted(KEY, "/dev/sdb", "debian", "13", "ab" * 32),
    InstallFinished(KEY, False, 12.0, "no-space"),
    CheckDone(check_results()[0]),
    ConditionNoted(Condition.LIGHT),
    StorageLooked((LATE,)),
    ev.ReportSealed("r-1", "cd" * 32, "stick"),
)
# Told in the report by other means: the verified bytes, the report itself.
SAYS_NOTHING_MORE = (ev.VerifyStarted, ev.ReportSealed)


def stamped(events: Sequence[ev.Event]) -> list[ev.Stamped]:
    return [
        ev.Stamped(at, f"2026-01-01T00:00:{at:02}Z", 100.0 + at, event)
        for at, event in enumerate(events)
    ]


def told(*events: ev.Event) -> Report:
    return fold(stamped(events or STORY))


def test_the_story_has_every_event_but_two() -> None:
    """A new event needs its place here."""
    other = {ev.DriveRefused, ev.DriveInterrupted}  # they end a drive otherwise: see below
    known = {one for each in get_args(ev.Event) for one in (get_args(each) or (each,))}
    assert {type(event) for event in STORY} == known - other


@pytest.mark.parametrize("event", STORY[4:-1], ids=lambda event: type(event).__name__)
def test_a_report_without_one_event_is_another_report(event: ev.Event) -> None:
    whole = stamped(STORY)
    needed_by = {ev.AttemptStarted: "job-1", InstallStarted: "an install"}
    rest = [one for one in whole if one.event is not event]
    if type(event) in needed_by:
        with pytest.raises(ValueError, match=needed_by[type(event)]):
            fold(rest)
    elif isinstance(event, SAYS_NOTHING_MORE):
        assert fold(rest) == fold(whole)
    elif isinstance(event, ev.Checkpoint):
        end = next(one for one in rest if isinstance(one.event, ev.AttemptFinished))
        assert fold(rest) == fold(whole), "the end counts, where there is one"
        cut = [one for one in whole if one.seq < end.seq]
        assert fold(cut).drives[0].attempts[0].written_bytes == 700
    else:
        assert fold(rest) != fold(whole)


def test_the_session_is_told_as_it_was() -> None:
    report = told()
    assert (report.report_id, report.session_id, report.schema) == ("r-1", "s-1", SCHEMA)
    assert report.station == StationRecord(
        "bench", "kid-1", "0.1", "image-1", "7e" * 32, {"smartctl": "7.4"}
    )
    assert report.clock == ClockRecord(
        True, "ntp", "2026-01-01T00:00:00Z", "2026-01-01T00:00:24Z", 24.0
    )
    assert report.operator == ev.Operator("A. B.", "Org", "Place", "TAG-1", "LOT", "Donor")
    assert (report.inventory, report.triage, report.impact) == (PC, TRIAGE, IMPACT)
    assert report.stated == (Statement(PLACE, "A. B.", "2026-01-01T00:00:06Z"),)
    assert report.vanished == (LATE,)
    assert report.suspends == (SuspendRecord("2026-01-01T00:00:08Z", True, 4.5, "slept"),)
    assert report.checks is not None
    assert check_results()[0] in report.checks.results
    assert report.checks.condition is Condition.LIGHT


def test_what_was_planned_and_what_was_confirmed_stand_apart() -> None:
    report = told()
    assert (report.plan, report.plan_digest) == (PLAN, "d1")
    assert (report.confirmed_digest, report.confirmed_by) == ("d1", ConfirmedBy.UNATTENDED)
    unconfirmed = told(*(one for one in STORY if not isinstance(one, ev.PlanConfirmed)))
    assert (unconfirmed.plan_digest, unconfirmed.confirmed_digest) == ("d1", None)
    assert unconfirmed.confirmed_by is None


def test_the_preparation_is_told_with_its_commands() -> None:
    (drive,) = told().drives
    run: dict[str, str | int | float] = {
        "argv": "hdparm -N",
        "exit_code": 0,
        "duration_s": 0.25,
        "output": "ok",
    }
    assert drive.preparation == PreparationRecord(
        steps=(HPA, DCO),
        done=(HPA,),
        left=(DCO,),
        size_bytes=2 * 10**9,
        detail="frozen",
        commands=(run,),
    )


def test_a_preparation_without_an_end_has_done_nothing() -> None:
    (drive,) = told(*STORY[:10]).drives
    assert drive.preparation == PreparationRecord(steps=(HPA, DCO))
    alone = (*STORY[:9], DrivePrepared(KEY, (HPA,), (DCO,), "/dev/sda", 5, ""))
    assert told(*alone).drives[0].preparation == PreparationRecord((HPA, DCO), (HPA,), (DCO,), 5)


def test_the_attempt_is_told_with_all_that_was_seen() -> None:
    (drive,) = told().drives
    assert (drive.state, drive.achieved) == (DriveState.UNVERIFIED, Method.NONE)
    (one,) = drive.attempts
    assert (one.job_id, one.job_key, one.attempt) == ("job-1", "0f" * 32, ATTEMPT)
    assert (one.started_at, one.started_monotonic_s) == ("2026-01-01T00:00:12Z", 112.0)
    assert (one.finished_at, one.duration_s) == ("2026-01-01T00:00:18Z", 6.0)
    assert one.resumed_from_bytes == 512
    assert (one.written_bytes, one.verified_bytes) == (2 * 10**9, 10**9)
    assert (one.write_s, one.verify_s) == (1.5, 2.5)
    assert (one.verdict, one.achieved) == (Verdict.UNVERIFIED, Method.NONE)
    assert (one.reasons, one.interrupted) == (("read-errors",), None)
    assert (one.observations, one.medium_errors) == ((SEEN,), (BAD,))
    run = {"argv": "nvme format", "exit_code": 1, "duration_s": 0.5, "output": "no"}
    assert one.commands == (run,)
    assert drive.limitations == ("sampled",)


def test_the_installation_is_told() -> None:
    assert told().install == InstallRecord(
        KEY, "/dev/sdb", "debian", "13", "ab" * 32, ok=False, duration_s=12.0, detail="no-space"
    )


def test_an_interruption_and_a_late_refusal_are_told() -> None:
    stop = ev.DriveInterrupted(KEY, "job-1", "unplugged", 300)
    (drive,) = told(*STORY[:13], stop).drives
    (attempt,) = drive.attempts
    assert (drive.state, attempt.interrupted) == (DriveState.INTERRUPTED, "unplugged")
    assert (attempt.written_bytes, attempt.finished_at) == (300, "2026-01-01T00:00:13Z")
    late = Refusal(RefusalCode.MOUNTED, "/home")
    (drive,) = told(*STORY[:9], ev.DriveRefused(KEY, (late,))).drives
    assert (drive.state, drive.refusals) == (DriveState.REFUSED, (late,))


def test_each_attempt_keeps_what_was_seen_of_it() -> None:
    """Two attempts: what came before the second began is the first one's, and stays."""
    start, end = STORY[12], STORY[18]
    assert isinstance(start, ev.AttemptStarted) and isinstance(end, ev.AttemptFinished)
    again = replace(start, job_id="job-2", resumed_from_bytes=0)
    over = replace(
        end, job_id="job-2", verdict=Verdict.VERIFIED, achieved=Method.CLEAR, reasons=("fine",)
    )
    gone = replace(SEEN, kind=ev.ObservationKind.CANARIES_GONE)
    (drive,) = told(*STORY[:19], again, gone, over).drives
    first, second = drive.attempts
    assert (first.observations, first.reasons) == ((SEEN,), ("read-errors",))
    assert first.medium_errors == (BAD,)
    assert (second.observations, second.medium_errors) == ((gone,), ())
    assert (second.verdict, second.reasons, second.commands) == (Verdict.VERIFIED, ("fine",), ())


def test_a_demonstration_is_no_report() -> None:
    played = replace(BEGUN, purpose=ev.Purpose.DEMONSTRATION)
    assert told(played, *STORY[1:]).schema == DEMO_SCHEMA


def test_the_journals_hash_goes_into_the_report() -> None:
    assert fold(stamped(STORY), "ee" * 32).journal_sha256 == "ee" * 32
    assert told().journal_sha256 is None


def test_an_attempt_that_could_not_go_on_where_it_should_began_at_the_start() -> None:
    for done_bytes, resumed in ((0, 0), (1024, 512)):
        began = replace(STARTED, resumed_from_bytes=512)
        safe = ev.Checkpoint(KEY, began.job_id, "write", done_bytes)
        (drive,) = told(*STORY[:12], began, safe).drives
        assert drive.attempts[0].resumed_from_bytes == resumed


def test_an_attempt_that_just_began_has_done_nothing_yet() -> None:
    started = replace(STARTED, resumed_from_bytes=0)
    (drive,) = told(*STORY[:12], started).drives
    (one,) = drive.attempts
    assert (one.resumed_from_bytes, one.written_bytes, one.verified_bytes) == (0, 0, 0)
    assert (one.write_s, one.verify_s, one.duration_s, one.finished_at) == (0.0, 0.0, None, None)
    assert (one.verdict, one.achieved, one.reasons) == (None, Method.NONE, ())
    assert (one.observations, one.medium_errors, one.commands) == ((), (), ())
    assert drive.state is DriveState.INTERRUPTED


def test_what_was_done_to_a_drive_stays_told_where_a_later_look_misses_it() -> None:
    report = told(*STORY, ev.InventoryTaken(pc()))
    (record,) = report.drives
    assert (record.identity, len(record.attempts)) == (WHO, 1)
    assert [one.drive.identity for one in report.gone] == [WHO]


def test_each_word_on_an_attempt_or_a_preparation_comes_behind_those_before() -> None:
    command = ev.CommandRan(KEY, ("sync",), 0, 0.0, "")
    seen = replace(SEEN, kind=ev.ObservationKind.STOPPED)
    bad = replace(BAD, operation="write")
    (drive,) = told(*STORY[:11], command, *STORY[11:16], command, seen, bad).drives
    assert drive.preparation is not None
    assert [one["argv"] for one in drive.preparation.commands] == ["hdparm -N", "sync"]
    (attempt,) = drive.attempts
    assert [one["argv"] for one in attempt.commands] == ["nvme format", "sync"]
    assert attempt.observations == (SEEN, seen)
    assert attempt.medium_errors == (BAD, bad)
