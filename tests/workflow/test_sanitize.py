"""Attempts in the plan's order, drives side by side, nothing hidden. Ports are fakes."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import replace

import pytest

from reprise.domain.drives.capabilities import Capabilities
from reprise.domain.erasure.lifecycle import DriveState
from reprise.domain.erasure.progress import Progress
from reprise.domain.pc.hardware import Transport, Use, UseKind
from reprise.domain.planning.plan import LimitationCode, RefusalCode
from reprise.domain.planning.planner import plan_drive
from reprise.domain.planning.policy import Minimum, Policy
from reprise.domain.planning.techniques import Method, Technique, Verdict, VerifyDepth
from reprise.domain.report.events import (
    AttemptFinished,
    AttemptStarted,
    DriveInterrupted,
    DriveRefused,
    Event,
    Update,
)
from reprise.errors import StorageError
from reprise.ports import Job, StopFlag
from reprise.workflow.erasure.jobs import EraseOrder, Resume
from reprise.workflow.erasure.sanitize import erase_all
from station_kit.shortcuts import erase_drive
from workflow.erase_kit import (
    MemoryJournal,
    Probe,
    Scripted,
    crash,
    drive,
    ends,
    erase,
    kinds,
    plan,
    services,
)


def test_one_verified_attempt_is_enough() -> None:
    outcome, journal, heard = erase(ends(Verdict.VERIFIED), ends(Verdict.FAILED))
    assert (outcome.state, outcome.achieved) == (DriveState.SANITIZED, Method.CLEAR)
    assert kinds(journal) == ["AttemptStarted", "VerifyStarted", "AttemptFinished"]
    assert [e for e in heard if not isinstance(e, Progress)] == journal.said()
    assert any(isinstance(e, Progress) for e in heard)


@pytest.mark.parametrize("first", [Verdict.FAILED, Verdict.UNVERIFIED])
def test_the_plans_next_attempt_follows(first: Verdict) -> None:
    outcome, journal, _heard = erase(ends(first), ends(Verdict.VERIFIED))
    assert (outcome.state, outcome.achieved) == (DriveState.SANITIZED, Method.CLEAR)
    started = [e for e in journal.said() if isinstance(e, AttemptStarted)]
    assert [e.attempt.technique for e in started] == [
        Technique.NVME_FORMAT_USER_DATA,
        Technique.OVERWRITE,
    ]
    assert len({e.job_id for e in started}) == len({e.job_key for e in started}) == 2


def test_no_fallback_that_the_plan_does_not_list() -> None:
    one = drive()
    journal = MemoryJournal()
    outcome = erase_drive(
        EraseOrder(one, plan(one, Policy(fallbacks=False))),
        services(Probe(one), journal, ends(Verdict.FAILED), ends(Verdict.VERIFIED)),
        threading.Event(),
        lambda _item: None,
    )
    assert outcome.state is DriveState.FAILED
    assert kinds(journal).count("AttemptStarted") == 1


def test_the_start_is_journalled_before_anything_is_done() -> None:
    seen: list[list[Event]] = []
    journal = MemoryJournal()
    one = drive()

    def script(job: Job, stop: StopFlag) -> Iterator[Update]:
        seen.append(journal.said())
        yield from ends(Verdict.VERIFIED)(job, stop)

    erase_drive(
        EraseOrder(one, plan(one)),
        services(Probe(one), journal, script, script),
        threading.Event(),
        lambda _item: None,
    )
    (started,) = seen[0]
    assert isinstance(started, AttemptStarted)


def test_nothing_is_done_that_cannot_be_journalled() -> None:
    one, journal = drive(), MemoryJournal()
    journal.full = True
    ready = services(Probe(one), journal, ends(Verdict.VERIFIED), ends(Verdict.VERIFIED))
    with pytest.raises(StorageError):
        erase_drive(EraseOrder(one, plan(one)), ready, threading.Event(), lambda _item: None)
    sanitizer = ready.sanitizers[Technique.NVME_FORMAT_USER_DATA]
    assert isinstance(sanitizer, Scripted)
    assert sanitizer.jobs == []


def test_a_drive_that_changed_is_refused_and_not_touched() -> None:
    one = drive()
    other = replace(one, identity=replace(one.identity, serial="S9"))
    mounted = replace(one, uses=(Use(UseKind.MOUNT, one.node, "/mnt"),))
    for probe, code in (
        (Probe(other), RefusalCode.IDENTITY_CHANGED),
        (Probe(), RefusalCode.IDENTITY_CHANGED),
        (Probe(mounted), RefusalCode.MOUNTED),
    ):
        journal = MemoryJournal()
        ready = services(probe, journal, ends(Verdict.VERIFIED), ends(Verdict.VERIFIED))
        outcome = erase_drive(
            EraseOrder(one, plan(one)), ready, threading.Event(), lambda _item: None
        )
        assert outcome.state is DriveState.REFUSED
        (event,) = journal.said()
        assert isinstance(event, DriveRefused)
        assert event.refusals[0].code is code


def test_a_plan_for_another_drive_is_refused() -> None:
    one, two = drive(1), drive(2)
    journal = MemoryJournal()
    outcome = erase_drive(
        EraseOrder(one, plan(two)),
        services(Probe(one), journal, ends(Verdict.VERIFIED), ends(Verdict.VERIFIED)),
        threading.Event(),
        lambda _item: None,
    )
    assert outcome.state is DriveState.REFUSED


def test_a_mistake_of_ours_is_told_and_raised() -> None:
    one, journal = drive(), MemoryJournal()
    with pytest.raises(ZeroDivisionError):
        erase_drive(
            EraseOrder(one, plan(one)),
            services(Probe(one), journal, crash, ends(Verdict.VERIFIED)),
            threading.Event(),
            lambda _item: None,
        )
    last = journal.said()[-1]
    assert isinstance(last, DriveInterrupted)
    assert (last.cause, last.done_bytes) == ("crash", 4096)
    assert kinds(journal).count("AttemptStarted") == 1  # an exception is no reason to fall back


def test_one_drives_failure_does_not_stop_the_others() -> None:
    drives = [drive(number) for number in (1, 2, 3)]
    journal = MemoryJournal()

    def script(job: Job, stop: StopFlag) -> Iterator[Update]:
        serial = job.drive.identity.serial
        chosen = {"S1": crash, "S2": ends(Verdict.FAILED), "S3": ends(Verdict.VERIFIED)}
        yield from chosen[serial or ""](job, stop)

    with pytest.raises(ZeroDivisionError):
        erase_all(
            [EraseOrder(one, plan(one)) for one in drives],
            services(Probe(*drives), journal, script, script),
            threading.Event(),
            lambda _item: None,
        )
    ends_seen = {
        e.drive.split("|")[1]: e.verdict for e in journal.said() if isinstance(e, AttemptFinished)
    }
    assert ends_seen == {"S2": Verdict.FAILED, "S3": Verdict.VERIFIED}


def test_drives_run_side_by_side() -> None:
    drives = [drive(number) for number in (1, 2, 3)]
    all_there = threading.Barrier(3, timeout=60)

    def script(job: Job, stop: StopFlag) -> Iterator[Update]:
        all_there.wait()
        yield from ends(Verdict.VERIFIED)(job, stop)

    outcomes = erase_all(
        [EraseOrder(one, plan(one)) for one in drives],
        services(Probe(*drives), MemoryJournal(), script, script),
        threading.Event(),
        lambda _item: None,
    )
    assert [o.state for o in outcomes] == [DriveState.SANITIZED] * len(drives)


def test_the_same_drive_twice_is_a_mistake() -> None:
    order = EraseOrder(drive(), plan(drive()))
    ready = services(Probe(drive()), MemoryJournal(), crash, crash)
    same_node = replace(drive(2), node=drive().node)
    same_key = replace(drive(), node="/dev/other")
    for other in (drive(), same_node, same_key):
        orders = (order, EraseOrder(other, plan(other)))
        with pytest.raises(ValueError, match="twice"):
            erase_all(orders, ready, threading.Event(), lambda _item: None)
    assert erase_all((), ready, threading.Event(), lambda _item: None) == ()


def test_after_a_stop_no_further_attempt_begins() -> None:
    stop = threading.Event()
    stop.set()
    one, journal = drive(), MemoryJournal()
    outcome = erase_drive(
        EraseOrder(one, plan(one)),
        services(Probe(one), journal, ends(Verdict.VERIFIED), ends(Verdict.VERIFIED)),
        stop,
        lambda _item: None,
    )
    assert (outcome.state, outcome.reasons) == (DriveState.INTERRUPTED, ("operator",))
    assert journal.said() == []


def test_resuming_goes_on_with_the_same_job_and_reads_all_back() -> None:
    one = drive(transport=Transport.SATA)
    journal = MemoryJournal()
    sampled = plan_drive(one, Capabilities(), Policy(verify=VerifyDepth.SAMPLE))
    ready = services(Probe(one), journal, crash, ends(Verdict.VERIFIED))
    key = bytes(range(32))
    job_id = "6f1f0a8f-2c11-4b7a-8a59-3f0c7b529d1e"
    erase_drive(
        EraseOrder(one, sampled, Resume(job_id, key, 1 << 20)),
        ready,
        threading.Event(),
        lambda _item: None,
    )
    started = journal.said()[0]
    assert isinstance(started, AttemptStarted)
    assert (started.job_id, started.job_key) == (job_id, key.hex())
    assert started.resumed_from_bytes == 1 << 20
    assert started.attempt.verify is VerifyDepth.FULL


def test_what_the_drive_went_on_with_is_judged_by_the_policy_in_force() -> None:
    one, journal = drive(), MemoryJournal()
    before = plan(one, Policy(verify=VerifyDepth.SAMPLE)).attempts[0]
    assert not before.not_accepted
    refused = LimitationCode(before.limitations[0])
    stricter = Policy(minimum=Minimum(ssd=Method.PURGE), not_accepted=(refused,))
    erase_drive(
        EraseOrder(one, plan(one, stricter), Resume("job-1", bytes(32), 0, before)),
        replace(
            services(Probe(one), journal, ends(Verdict.VERIFIED), ends(Verdict.VERIFIED)),
            policy=stricter,
        ),
        threading.Event(),
        lambda _item: None,
    )
    started = journal.said()[0]
    assert isinstance(started, AttemptStarted)
    assert started.job_id == "job-1"
    assert started.attempt.technique is before.technique
    assert started.attempt.not_accepted == (refused,)
    assert started.attempt.minimum is Method.PURGE
    assert started.attempt.verify is VerifyDepth.FULL
