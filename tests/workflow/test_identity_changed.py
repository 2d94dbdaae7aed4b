"""A drive that turned out to be another one is not touched again."""

from __future__ import annotations

from collections.abc import Iterator

from reprise.domain.erasure.lifecycle import DriveState
from reprise.domain.erasure.verification import ReasonCode
from reprise.domain.planning.techniques import Method, Verdict
from reprise.domain.report.events import AttemptFinished, AttemptStarted, Update
from reprise.ports import Job, StopFlag
from workflow.erase_kit import ends, erase


def _another(job: Job, _stop: StopFlag) -> Iterator[Update]:
    reasons = (ReasonCode.IDENTITY_CHANGED, ReasonCode.NO_CANARIES)
    yield AttemptFinished(
        job.drive.identity.key,
        job.job_id,
        job.attempt.technique,
        Verdict.FAILED,
        Method.NONE,
        reasons,
        0,
        0,
        0.0,
        0.0,
    )


def test_no_attempt_follows_one_that_met_another_drive() -> None:
    outcome, journal, _heard = erase(_another, ends(Verdict.VERIFIED))
    assert (outcome.state, outcome.achieved) == (DriveState.FAILED, Method.NONE)
    assert ReasonCode.IDENTITY_CHANGED in outcome.reasons
    started = [event for event in journal.said() if isinstance(event, AttemptStarted)]
    assert len(started) == 1
