"""Preparing drives for the erasing workflow: a PC that sleeps, and hands with a script."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping
from dataclasses import replace

from reprise.domain.erasure.preparing import DrivePrepared, SystemSuspended
from reprise.domain.pc.hardware import Drive
from reprise.domain.planning.plan import UNHIDES, Preparation
from reprise.domain.planning.techniques import Verdict
from reprise.domain.report.events import Update
from reprise.domain.report.outcome import DriveResult
from reprise.ports import PrepareJob, StopFlag
from reprise.workflow.erasure.jobs import EraseOrder
from reprise.workflow.erasure.sanitize import EraseServices, erase_all
from workflow.erase_kit import (
    MemoryJournal,
    Probe,
    ends,
    plan,
    services,
)

THAW, UNLOCK, HPA = Preparation.THAW, Preparation.UNLOCK, Preparation.REMOVE_HPA
LARGER = 3 << 30


class Sleeper:
    def __init__(self, obstacle: str = "") -> None:
        self.why, self.slept = obstacle, 0

    def obstacle(self) -> str:
        return self.why

    def suspend(self) -> SystemSuspended:
        self.slept += 1
        return SystemSuspended(ok=True, duration_s=8.0, detail="")


class Hands:
    """ports.Preparer: does all but what is in `cannot`; a removed area makes the drive larger."""

    def __init__(
        self, probe: Probe, cannot: frozenset[Preparation] = frozenset(), why: str = ""
    ) -> None:
        self.probe, self.cannot, self.why = probe, cannot, why
        self.jobs: list[PrepareJob] = []

    def run(self, job: PrepareJob, stop: StopFlag) -> Iterator[Update]:
        self.jobs.append(job)
        done = tuple(step for step in job.steps if step not in self.cannot)
        left = tuple(step for step in job.steps if step in self.cannot)
        identity = job.drive.identity
        if UNHIDES.intersection(done):
            identity = replace(identity, size_bytes=LARGER)
        self.probe.drives[job.drive.node] = replace(job.drive, identity=identity)
        yield DrivePrepared(
            job.drive_key, done, left, job.drive.node, identity.size_bytes, "said", self.why
        )


def run(
    *orders: tuple[Drive, tuple[Preparation, ...]],
    sleeper: Sleeper | None = None,
    cannot: frozenset[Preparation] = frozenset(),
    swap: bool = False,
    knew: Mapping[str, str] | None = None,
    why: str = "",
) -> tuple[tuple[DriveResult, ...], MemoryJournal, EraseServices, Hands]:
    probe = Probe(*(one for one, _steps in orders))
    journal = MemoryJournal()
    hands = Hands(probe, cannot, why)
    if swap:
        honest = hands.run

        def swapped(job: PrepareJob, stop: StopFlag) -> Iterator[Update]:
            yield from honest(job, stop)
            seen = probe.drives[job.drive.node]
            probe.drives[job.drive.node] = replace(
                seen, identity=replace(seen.identity, serial="ANOTHER")
            )

        hands.run = swapped  # type: ignore[method-assign]
    ready = replace(
        services(probe, journal, ends(Verdict.VERIFIED), ends(Verdict.VERIFIED)),
        preparer=hands,
        suspender=sleeper,
    )
    plans = [
        (one, replace(plan(one), preparations=steps, capabilities=knew or {}))
        for one, steps in orders
    ]
    outcomes = erase_all(
        [EraseOrder(one, planned) for one, planned in plans],
        ready,
        threading.Event(),
        lambda _item: None,
    )
    return outcomes, journal, ready, hands
