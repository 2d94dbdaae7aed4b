"""A second cut: what the drive carries on with by itself is still known to be ours, and never what
anything else may have been at since."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest

from reprise.domain.planning.techniques import Method, Technique, Verdict, VerifyDepth
from reprise.domain.report import events as ev
from reprise.domain.report.events import Observation, ObservationKind
from reprise.workflow.erasure.jobs import resume_of
from reprise.workflow.erasure.recovery import Interrupted, for_drive
from reprise.workflow.past.order import Journal
from station_kit.shortcuts import find_interrupted
from unit.adapters.delivery.delivery_samples import ATTEMPT, DRIVE, KEY, stamped, started

KIND = ObservationKind
BLOCK = Technique.ATA_SANITIZE_BLOCK
JOB_KEY = "ab" * 32


def begun(job: str = "j1", technique: Technique = BLOCK, key: str = JOB_KEY) -> ev.AttemptStarted:
    attempt = replace(ATTEMPT, technique=technique, claims=Method.PURGE)
    return ev.AttemptStarted(KEY, DRIVE.identity, DRIVE.node, attempt, job, key)


def seen(kind: ObservationKind, **detail: str | int) -> Observation:
    return Observation(KEY, kind, detail)


def finished(verdict: Verdict, job: str = "j1", technique: Technique = BLOCK) -> ev.AttemptFinished:
    return ev.AttemptFinished(KEY, job, technique, verdict, Method.NONE, (), 0, 0, 1.0, 1.0)


TOOK = (begun(), seen(KIND.CANARIES_PLANTED), seen(KIND.COMMAND_ACCEPTED))
AGAIN = (
    begun(),
    seen(KIND.REATTACHED, job_id="j1"),
    seen(KIND.CANARIES_PLANTED, earlier=1),
    seen(KIND.COMMAND_RUNNING, percent=30),
    seen(KIND.COMMAND_ACCEPTED, earlier=1),
    seen(KIND.COMMAND_FINISHED),
    ev.VerifyStarted(KEY, "j1", VerifyDepth.FULL),
)


def session(name: str, after: Sequence[str], *events: ev.Event) -> Journal:
    return name, stamped(started(session_id=name, after=tuple(after)), *events)


FIRST = session("one", (), *TOOK)


def left(*journals: Journal) -> Interrupted:
    """Of the drive, in whichever order they are read."""
    found = for_drive(find_interrupted(journals), DRIVE)
    assert found is not None and found == for_drive(find_interrupted(journals[::-1]), DRIVE)
    return found


@pytest.mark.parametrize("told", range(1, len(AGAIN) + 1))
def test_who_looked_on_takes_nothing_away(told: int) -> None:
    """Wherever the second cut comes; and the third."""
    second = session("two", ["one"], *AGAIN[:told])
    for journals in ((FIRST, second), (FIRST, second, session("three", ["two"], *AGAIN[:told]))):
        found = left(*journals)
        resume = resume_of(found)
        assert resume is not None and resume.reattach == begun().attempt
        assert (resume.job_id, resume.job_key) == ("j1", bytes.fromhex(JOB_KEY))
        assert found.session_id == journals[-1][0]


@pytest.mark.parametrize("cause", ["operator", "crash", "unplugged"])
def test_nor_does_who_stopped_looking_on(cause: str) -> None:
    stop = ev.DriveInterrupted(KEY, "j1", cause, 0)
    found = left(FIRST, session("two", ["one"], *AGAIN[:4], stop))
    assert (found.reattachable, found.cause) == (True, cause)


OTHER = begun("j2", Technique.OVERWRITE)


@pytest.mark.parametrize(
    "second",
    [
        (begun("j2"),),
        (begun("j2"), *AGAIN[1:]),
        (begun(key="cd" * 32), *AGAIN[1:]),
        (begun(technique=Technique.ATA_SANITIZE_CRYPTO), *AGAIN[1:]),
        (OTHER,),
        (OTHER, *AGAIN),  # in one session nothing is gone on with after another attempt
        (*AGAIN, *AGAIN),
        (*AGAIN, OTHER),
        (*AGAIN, finished(Verdict.FAILED)),
        (*AGAIN, finished(Verdict.UNVERIFIED), OTHER),
    ],
)
def test_another_attempt_does(second: tuple[ev.Event, ...]) -> None:
    assert not left(FIRST, session("two", ["one"], *second)).reattachable


@pytest.mark.parametrize("between", [(OTHER,), (OTHER, finished(Verdict.FAILED, "j2"))])
@pytest.mark.parametrize(
    ("its", "after"),
    [
        (["one"], ["between"]),
        ([], ["one", "between"]),  # perhaps later than the first
        ([], ["one"]),  # perhaps later than both
        (["one"], ["one"]),
        (["two"], ["one"]),
    ],
)
def test_so_does_a_session_that_may_have_come_in_between(
    between: tuple[ev.Event, ...], its: Sequence[str], after: Sequence[str]
) -> None:
    second = session("two", after, *AGAIN)
    other = session("between", its, *between)
    assert not left(FIRST, other, second).reattachable
    assert not left(FIRST, other, second, session("three", ["two"], *AGAIN)).reattachable
    both = session("three", ["two", "between"], *AGAIN)
    assert not left(FIRST, other, second, both).reattachable


def test_by_whatever_name_the_drive_told() -> None:
    late = replace(DRIVE.identity, wwn=None)
    other = replace(OTHER, drive=late.key, identity=late)
    between = session("between", ["one"], other)
    assert left(FIRST, session("two", ["one"], *AGAIN)).reattachable
    assert not left(FIRST, between, session("two", ["between"], *AGAIN)).reattachable
    larger = replace(DRIVE.identity, size_bytes=2 * DRIVE.identity.size_bytes)
    grown = replace(begun(), identity=larger)
    found = find_interrupted([FIRST, session("two", ["one"], grown, *AGAIN[1:])])
    assert not any(one.reattachable for one in found if one.identity == larger)
    assert not any(
        resume_of(for_drive(found, one)) for one in (DRIVE, replace(DRIVE, identity=larger))
    )


def test_what_was_surely_before_is_no_matter() -> None:
    old = session("old", (), OTHER, finished(Verdict.FAILED, "j2"))
    first = session("one", ["old"], *TOOK)
    assert left(old, first, session("two", ["one"], *AGAIN)).reattachable


@pytest.mark.parametrize("told", range(1, len(TOOK)))
def test_nobody_can_go_on_with_what_the_drive_had_not_taken(told: int) -> None:
    first = session("one", (), *TOOK[:told])
    assert not left(first, session("two", ["one"], *AGAIN)).reattachable


def test_where_the_first_journal_is_lost_the_second_s_word_counts() -> None:
    assert left(session("two", (), *AGAIN)).reattachable
    assert left(session("two", (), *AGAIN[:2])).reattachable
    for events in (
        AGAIN[:1],
        (AGAIN[0], *AGAIN[2:]),
        (AGAIN[0], seen(KIND.REATTACHED, job_id="j2"), *AGAIN[2:]),
        (begun(technique=Technique.NVME_FORMAT_USER_DATA), *AGAIN[1:]),
    ):
        assert not left(session("two", (), *events)).reattachable
    old = session("old", (), OTHER, finished(Verdict.FAILED, "j2"))
    assert not left(old, session("two", ["old"], *AGAIN)).reattachable
