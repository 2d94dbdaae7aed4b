"""A plan that erases nothing, and a sanitizer that does not keep to its port."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import replace

import pytest

from reprise.domain.erasure.lifecycle import DriveState
from reprise.domain.erasure.preparing import DrivePrepared, PreparationStarted
from reprise.domain.erasure.progress import Progress
from reprise.domain.planning.plan import DrivePlan, Preparation, Refusal, RefusalCode
from reprise.domain.planning.techniques import Technique, Verdict
from reprise.domain.report.events import DriveInterrupted, DriveRefused, Update
from reprise.ports import Job, StopFlag
from reprise.workflow.erasure.jobs import EraseOrder
from station_kit.shortcuts import erase_drive
from workflow.erase_kit import MemoryJournal, Probe, Scripted, drive, ends, plan, services

HELD, UNSUPPORTED = Refusal(RefusalCode.HELD, "md0"), Refusal(RefusalCode.TECHNIQUE_UNSUPPORTED)


@pytest.mark.parametrize(
    ("why", "said"),
    [
        ((HELD,), (HELD,)),  # in the words of the plan
        ((HELD, UNSUPPORTED), (HELD, UNSUPPORTED)),
        ((), (UNSUPPORTED,)),  # a plan without an attempt: there is no way
    ],
)
def test_what_is_said_of_a_plan_that_erases_nothing(
    why: tuple[Refusal, ...], said: tuple[Refusal, ...]
) -> None:
    one, journal = drive(), MemoryJournal()
    nothing = DrivePlan(one.identity, one.node, refusals=why)
    ready = services(Probe(one), journal, ends(Verdict.VERIFIED), ends(Verdict.VERIFIED))
    outcome = erase_drive(EraseOrder(one, nothing), ready, threading.Event(), lambda _item: None)
    assert outcome.state is DriveState.REFUSED
    assert journal.said() == [DriveRefused(one.identity.key, said)]


def test_a_plan_with_attempts_and_a_refusal_erases_nothing() -> None:
    one, journal = drive(), MemoryJournal()
    both = replace(plan(one), refusals=(HELD,))
    ready = services(Probe(one), journal, ends(Verdict.VERIFIED), ends(Verdict.VERIFIED))
    erase_drive(EraseOrder(one, both), ready, threading.Event(), lambda _item: None)
    assert journal.said() == [DriveRefused(one.identity.key, (HELD,))]


def test_a_sanitizer_that_ends_without_a_word_is_a_mistake_and_told_as_a_crash() -> None:
    def silent(job: Job, _stop: StopFlag) -> Iterator[Update]:
        yield Progress(job.drive.identity.key, "write", 1, 2, 1.0, 1.0)

    one, journal = drive(), MemoryJournal()
    ready = services(Probe(one), journal, silent, ends(Verdict.VERIFIED))
    with pytest.raises(RuntimeError, match="without a word"):
        erase_drive(EraseOrder(one, plan(one)), ready, threading.Event(), lambda _item: None)
    last = journal.said()[-1]
    assert isinstance(last, DriveInterrupted) and last.cause == "crash"


def test_what_a_station_without_hands_prepares_is_told_as_left() -> None:
    """No part of it was done, and the attempts know of the part of the drive that stays hidden."""
    one, journal = drive(), MemoryJournal()
    steps = (Preparation.REMOVE_HPA,)
    hiding = replace(plan(one), preparations=steps)
    ready = services(Probe(one), journal, ends(Verdict.VERIFIED), ends(Verdict.VERIFIED))
    erase_drive(EraseOrder(one, hiding), ready, threading.Event(), lambda _item: None)
    key, size = one.identity.key, one.identity.size_bytes
    assert journal.said()[:2] == [
        PreparationStarted(key, steps),
        DrivePrepared(key, (), steps, one.node, size, "not-available"),
    ]
    sanitizer = ready.sanitizers[Technique.NVME_FORMAT_USER_DATA]
    assert isinstance(sanitizer, Scripted) and sanitizer.jobs[0].hidden_left
