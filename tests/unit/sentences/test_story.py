"""What is told of a drive at the end: all that happened, in its order."""

from __future__ import annotations

from dataclasses import replace

import pytest

from reprise import i18n
from reprise.domain.erasure.lifecycle import DriveState
from reprise.domain.planning.plan import Attempt, DrivePlan
from reprise.domain.planning.techniques import Method, Technique, Verdict, VerifyDepth
from reprise.domain.report import events as ev
from reprise.domain.report.events import Observation, ObservationKind
from reprise.sentences.drive_history import not_proven, steps, story
from reprise.sentences.drives import name_of
from reprise.workflow.session.drive_view import DriveView, after, confirmed, looked_at, planned
from station_kit.facts import with_facts
from unit.domain.drives.drives import drive

DRIVE = drive()
KEY, SIZE = DRIVE.identity.key, DRIVE.identity.size_bytes
FIRST = Attempt(Technique.ATA_SANITIZE_CRYPTO, Method.PURGE, VerifyDepth.SAMPLE)
SECOND = Attempt(Technique.OVERWRITE, Method.CLEAR, VerifyDepth.FULL, limitations=("spare",))
LIE = (
    Observation(KEY, ObservationKind.COMMAND_FINISHED),
    Observation(KEY, ObservationKind.CANARY_SURVIVED),
)


@pytest.fixture(autouse=True)
def english() -> None:
    i18n.set_language("en")


def begun(attempt: Attempt, job: str, **facts: object) -> ev.AttemptStarted:
    started = ev.AttemptStarted(KEY, DRIVE.identity, DRIVE.node, attempt, job, "0f" * 32)
    return with_facts(started, **facts)


def ended(attempt: Attempt, job: str, verdict: Verdict, *reasons: str) -> tuple[ev.Event, ev.Event]:
    achieved = attempt.claims if verdict is Verdict.VERIFIED else Method.NONE
    end = ev.AttemptFinished(
        KEY, job, attempt.technique, verdict, achieved, reasons, SIZE, SIZE, 1.0, 1.0
    )
    return ev.VerifyStarted(KEY, job, attempt.verify), end


def went(*events: ev.Event) -> DriveView:
    plan = DrivePlan(DRIVE.identity, DRIVE.node, attempts=(FIRST, SECOND))
    view = confirmed(planned(looked_at(DRIVE), plan))
    for at, event in enumerate(events):
        view = after(view, event, float(at))
    return view


GOOD = (begun(SECOND, "b"), *ended(SECOND, "b", Verdict.VERIFIED, "read-back-in-full"))


def test_one_attempt_that_went_well_is_told_in_its_method_alone() -> None:
    view = went(*GOOD)
    assert view.state is DriveState.SANITIZED
    assert story(view).startswith("Clear")
    assert "then" not in story(view)


def test_a_lie_and_the_fallback_that_followed_are_told() -> None:
    view = went(
        begun(FIRST, "a"), *LIE, *ended(FIRST, "a", Verdict.FAILED, "canary-survived"), *GOOD
    )
    first, last = story(view).split("; then ")
    assert first.endswith("the drive said that it was done, but data was still on it")
    assert last.startswith("Clear")
    assert len(list(steps(view))) == 3


def test_a_failure_before_the_fallback_gives_its_cause() -> None:
    view = went(begun(FIRST, "a"), *ended(FIRST, "a", Verdict.FAILED, "command-failed"), *GOOD)
    assert "the command failed; then Clear" in story(view)


def test_a_lie_of_an_earlier_session_is_not_forgotten() -> None:
    _begin, *rest = GOOD
    view = went(begun(SECOND, "b", earlier=LIE), *rest)
    assert story(view).startswith("in an earlier session, the drive said that it was done")


def test_what_was_taken_up_again_says_where() -> None:
    _begin, *rest = GOOD
    view = went(begun(SECOND, "b", resumed_from_bytes=SIZE // 2), *rest)
    assert story(view).startswith("taken up again at 50%; then Clear")


def test_an_interruption_says_why() -> None:
    view = went(begun(SECOND, "b"), ev.DriveInterrupted(KEY, "b", "unplugged", SIZE // 4))
    assert view.state is DriveState.INTERRUPTED
    assert "the drive was unplugged" in story(view)
    assert "cut off at 25% (the drive was unplugged)" in next(steps(view))


def test_what_is_not_proven_is_said_once_for_all_that_are_alike() -> None:
    view = went(*GOOD)
    other = replace(view, drive=replace(view.drive, node="/dev/sdx"))
    nothing = went(begun(SECOND, "b"))
    ((names, text),) = not_proven([view, nothing, other])
    assert names == f"{name_of(view.drive)}, sdx"
    assert text.startswith("Not proven")
    assert list(not_proven([view])) == [("", text)], "a PC of one drive"
    assert [names for names, _text in not_proven([nothing, other])] == ["sdx"]
    assert not list(not_proven([nothing]))
