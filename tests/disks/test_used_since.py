"""A drive that somebody used between the cut and the resume is overwritten again, not called failed
for the data that was honestly written to it."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from disks.rig import MIB, LoopProbe, filled_file, job_for, loop_device, openssl_stream
from reprise.adapters.drives.overwrite import OverwriteSanitizer
from reprise.domain.drives.capabilities import Capabilities
from reprise.domain.erasure.lifecycle import DriveState
from reprise.domain.planning.planner import PlanRequest, plan_drive
from reprise.domain.planning.policy import Policy
from reprise.domain.planning.techniques import Technique, Verdict, VerifyDepth
from reprise.domain.report.events import (
    AttemptFinished,
    AttemptStarted,
    Event,
    Observation,
    ObservationKind,
    Update,
    VerifyStarted,
)
from reprise.domain.report.outcome import DriveResult
from reprise.ports import Job, StopFlag
from reprise.workflow.erasure.jobs import EraseOrder, Resume
from reprise.workflow.erasure.sanitize import EraseServices
from station_kit.shortcuts import erase_drive
from workflow.erase_kit import MemoryJournal

SIZE, DONE = 96 * MIB, 80 * MIB
USED = 4 * MIB  # before the part that is looked at before going on


def go_on(
    node: str, file: Path, carries: int, used_at: int | None
) -> tuple[DriveResult, list[Event]]:
    """With an overwrite that is known to have come to DONE. The first `carries` bytes are its
    stream, but for what somebody wrote at `used_at`."""
    job = job_for(node, VerifyDepth.SAMPLE)
    with file.open("r+b") as raw:
        raw.write(openssl_stream(job, carries))
        if used_at is not None:
            raw.seek(used_at)
            raw.write(b"a letter of somebody" * 1000)
    wish = PlanRequest(Technique.OVERWRITE, VerifyDepth.SAMPLE, named=True)
    order = EraseOrder(
        job.drive,
        plan_drive(job.drive, Capabilities(), Policy(), wish=wish),
        Resume(job.job_id, job.job_key, DONE, stream=job.stream),
        named=True,
    )
    probe, journal = LoopProbe(), MemoryJournal()
    overwrite = OverwriteSanitizer(probe, Policy())
    services = EraseServices(
        probe, {Technique.OVERWRITE: overwrite}, journal, Policy(), lambda: job.stream
    )
    result = erase_drive(order, services, threading.Event(), lambda _item: None)
    return result, journal.said()


def test_it_is_overwritten_from_its_start_and_read_back_in_full(tmp_path: Path) -> None:
    file = filled_file(tmp_path / "disk", SIZE)
    with loop_device(file) as node:
        result, said = go_on(node, file, DONE, USED)
    assert result.state is DriveState.SANITIZED
    first, second = (one for one in said if isinstance(one, AttemptFinished))
    assert (first.verdict, second.verdict) == (Verdict.FAILED, Verdict.VERIFIED)
    assert (second.written_bytes, second.verified_bytes) == (SIZE, SIZE)
    resumed, anew = (one for one in said if isinstance(one, AttemptStarted))
    assert (resumed.resumed_from_bytes, anew.resumed_from_bytes) == (DONE, 0)
    assert (anew.job_id == resumed.job_id, anew.job_key == resumed.job_key) == (False, False)
    (why,) = (
        one
        for one in said
        if isinstance(one, Observation) and one.kind is ObservationKind.BEGUN_ANEW
    )
    assert why.detail == {"from_bytes": DONE}
    assert said.index(anew) < said.index(why)
    assert b"a letter" not in file.read_bytes()


@pytest.mark.parametrize("hung", [False, True])
def test_a_drive_that_stopped_to_answer_is_not_asked_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, hung: bool
) -> None:
    """Whoever opens it may never come back, and the station with them."""
    real = OverwriteSanitizer.run

    def hangs(self: OverwriteSanitizer, job: Job, stop: StopFlag) -> Iterator[Update]:
        for item in real(self, job, stop):
            if hung and isinstance(item, AttemptFinished):
                yield Observation(job.drive_key, ObservationKind.COMMAND_HUNG)
            yield item

    monkeypatch.setattr(OverwriteSanitizer, "run", hangs)
    file = filled_file(tmp_path / "disk", SIZE)
    with loop_device(file) as node:
        result, said = go_on(node, file, DONE, USED)
    assert result.state is (DriveState.FAILED if hung else DriveState.SANITIZED)
    assert sum(isinstance(one, AttemptFinished) for one in said) == (1 if hung else 2)


def spoils(monkeypatch: pytest.MonkeyPatch, file: Path, at: int) -> None:
    """Something stays there, whatever is written."""
    real = OverwriteSanitizer.run

    def spoiling(self: OverwriteSanitizer, job: Job, stop: StopFlag) -> Iterator[Update]:
        for item in real(self, job, stop):
            if isinstance(item, VerifyStarted):
                with file.open("r+b") as raw:
                    raw.seek(at)
                    raw.write(b"what stays" * 1000)
            yield item

    monkeypatch.setattr(OverwriteSanitizer, "run", spoiling)


@pytest.mark.parametrize(
    ("carries", "used_at", "stays_at", "attempts"),
    [
        (DONE, USED, USED, 2),  # begun anew once
        (DONE, None, DONE + MIB, 1),  # written since: nobody used the drive there
        (0, None, USED, 1),  # the seam was gone: the first attempt began at the start already
    ],
)
def test_a_drive_that_keeps_data_has_failed(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    carries: int,
    used_at: int | None,
    stays_at: int,
    attempts: int,
) -> None:
    file = filled_file(tmp_path / "disk", SIZE)
    spoils(monkeypatch, file, stays_at)
    with loop_device(file) as node:
        result, said = go_on(node, file, carries, used_at)
    assert result.state is DriveState.FAILED
    assert sum(isinstance(one, AttemptFinished) for one in said) == attempts
