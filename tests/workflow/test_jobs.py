"""The jobs of an order, each made from what the drive says when it begins."""

from __future__ import annotations

from dataclasses import replace

from reprise.domain.plan import Attempt, LimitationCode
from reprise.domain.policy import Policy
from reprise.domain.techniques import Method, Technique, VerifyDepth
from reprise.workflow.jobs import EraseOrder, Jobs, Resume
from workflow.erase_kit import CAN_FORMAT, Probe, drive, plan

SANITIZE = Attempt(Technique.NVME_SANITIZE_BLOCK, Method.PURGE, VerifyDepth.FULL)
KEY = b"k" * 32


def test_what_the_drive_goes_on_with_is_judged_by_what_it_says_today() -> None:
    """It tells all of its namespaces, so that none is left unread; an older plan did not know."""
    one = drive()
    order = EraseOrder(one, plan(one), Resume("job-1", KEY, 0, SANITIZE))
    first, *others = Jobs(order, Probe(one), Policy()).of(one, hidden_left=False)
    assert (first.job_id, first.job_key, first.reattach) == ("job-1", KEY, True)
    assert first.capabilities == CAN_FORMAT
    assert LimitationCode.NAMESPACES_UNREAD not in first.attempt.limitations
    assert [one.attempt for one in others] == list(order.plan.attempts)
    assert not any(one.reattach or one.job_id == "job-1" for one in others)


def test_an_overwrite_that_goes_on_is_read_back_in_full() -> None:
    """What failed before the interruption is unknown now."""
    one = drive()
    sampled = plan(one, Policy(verify=VerifyDepth.SAMPLE))
    for from_bytes, depth in ((4096, VerifyDepth.FULL), (0, VerifyDepth.SAMPLE)):
        order = EraseOrder(one, sampled, Resume("job-1", KEY, from_bytes))
        (job,) = Jobs(order, Probe(one), Policy()).of(one, hidden_left=False)
        assert (job.attempt.technique, job.attempt.verify) == (Technique.OVERWRITE, depth)
        assert (job.job_id, job.resume_from_bytes) == ("job-1", from_bytes)


def test_a_plan_without_an_overwrite_begins_anew() -> None:
    one = drive()
    whole = plan(one)
    firmware = replace(whole, attempts=whole.attempts[:1])
    order = EraseOrder(one, firmware, Resume("job-1", KEY, 4096))
    (job,) = Jobs(order, Probe(one), Policy()).of(one, hidden_left=False)
    assert job.attempt == firmware.attempts[0]
    assert (job.job_id == "job-1", job.resume_from_bytes) == (False, 0)
