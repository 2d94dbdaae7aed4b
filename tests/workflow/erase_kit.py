"""Fake ports for the erasing workflow: a probe, a journal in memory, sanitizers with a script."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from hashlib import sha256

from reprise.domain.drives.capabilities import Capabilities, NvmeCapabilities, Support
from reprise.domain.drives.late import Storage, glimpse_of
from reprise.domain.erasure.progress import Progress
from reprise.domain.pc.hardware import Drive, DriveIdentity, Inventory, MediaKind, Transport
from reprise.domain.planning.plan import DrivePlan
from reprise.domain.planning.planner import plan_drive
from reprise.domain.planning.policy import Policy
from reprise.domain.planning.techniques import Method, Technique, Verdict
from reprise.domain.report.events import (
    AttemptFinished,
    Checkpoint,
    Event,
    Stamped,
    Update,
    VerifyStarted,
)
from reprise.domain.report.outcome import DriveResult
from reprise.errors import InputError, StorageError
from reprise.ports import Job, StopFlag
from reprise.workflow.erasure.jobs import EraseOrder
from reprise.workflow.erasure.sanitize import EraseServices
from station_kit.shortcuts import erase_drive
from unit.domain.drives.drives import aes, pc
from unit.domain.drives.drives import drive as made_drive

CAN_FORMAT = Capabilities(
    nvme=NvmeCapabilities(
        format=Support.YES,
        format_crypto=Support.NO,
        namespace_management=Support.NO,
        namespace_id=1,
        namespaces=1,
    )
)
Script = Callable[[Job, StopFlag], Iterator[Update]]


def drive(number: int = 1, transport: Transport = Transport.NVME) -> Drive:
    return made_drive(
        identity=DriveIdentity(model="M", serial=f"S{number}", size_bytes=1 << 30),
        node=f"/dev/test{number}",
        transport=transport,
        media=MediaKind.SSD,
        physical_sector_bytes=512,
    )


class Probe:
    def __init__(self, *drives: Drive) -> None:
        self.drives = {one.node: one for one in drives}

    def probe_inventory(self, _known: Sequence[Drive] = (), /) -> Inventory:
        return pc(*self.drives.values())

    def probe_capabilities(self, drive: Drive) -> Capabilities:
        return CAN_FORMAT

    def probe_drive(self, node: str) -> Drive:
        if node not in self.drives:
            raise InputError(f"no drive {node}")
        return self.drives[node]

    def probe_storage(self, _known: Sequence[Drive] = (), /) -> Storage:
        return glimpse_of(pc(*self.drives.values()))


class MemoryJournal:
    def __init__(self) -> None:
        self.stamped: list[Stamped] = []
        self.full = False

    def append(self, event: Event) -> Stamped:
        if self.full:
            raise StorageError("no room left")
        self.stamped.append(Stamped(len(self.stamped) + 1, "", 0.0, event))
        return self.stamped[-1]

    def digest(self) -> str:
        return sha256(repr(self.stamped).encode()).hexdigest()

    def events(self) -> Sequence[Stamped]:
        return self.stamped

    def said(self) -> list[Event]:
        return [one.event for one in self.stamped]


class Scripted:
    """ports.Sanitizer that does what a test says."""

    def __init__(self, script: Script) -> None:
        self.script = script
        self.jobs: list[Job] = []

    def run(self, job: Job, stop: StopFlag) -> Iterator[Update]:
        self.jobs.append(job)
        yield from self.script(job, stop)


def ends(verdict: Verdict) -> Script:
    def script(job: Job, _stop: StopFlag) -> Iterator[Update]:
        key = job.drive.identity.key
        yield Progress(key, "write", 1, 2, 1.0, 1.0)
        yield VerifyStarted(key, job.job_id, job.attempt.verify)
        claimed = job.attempt.claims if verdict is Verdict.VERIFIED else Method.NONE
        yield AttemptFinished(
            key, job.job_id, job.attempt.technique, verdict, claimed, ("code",), 1, 1, 1.0, 1.0
        )

    return script


def services(
    probe: Probe, journal: MemoryJournal, formatting: Script, overwriting: Script
) -> EraseServices:
    return EraseServices(
        probe=probe,
        sanitizers={
            Technique.NVME_FORMAT_USER_DATA: Scripted(formatting),
            Technique.OVERWRITE: Scripted(overwriting),
        },
        journal=journal,
        policy=Policy(),
        stream=aes,
    )


def plan(one: Drive, policy: Policy | None = None) -> DrivePlan:
    return plan_drive(one, CAN_FORMAT, policy or Policy())


def erase(
    formatting: Script, overwriting: Script, one: Drive | None = None, **order: object
) -> tuple[DriveResult, MemoryJournal, list[Update]]:
    one = one or drive()
    journal, heard = MemoryJournal(), list[Event | Progress]()
    outcome = erase_drive(
        EraseOrder(one, plan(one), **order),  # type: ignore[arg-type]
        services(Probe(one), journal, formatting, overwriting),
        threading.Event(),
        heard.append,
    )
    return outcome, journal, heard


def kinds(journal: MemoryJournal) -> list[str]:
    return [type(event).__name__ for event in journal.said()]


def crash(job: Job, _stop: StopFlag) -> Iterator[Update]:
    yield Checkpoint(job.drive.identity.key, job.job_id, "write", 4096)
    raise ZeroDivisionError("a mistake of ours")
