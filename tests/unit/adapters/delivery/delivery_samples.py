"""A session's events, as short as a report allows."""

from __future__ import annotations

from dataclasses import replace

from reprise.domain.pc.hardware import DriveIdentity
from reprise.domain.planning.plan import Attempt, DrivePlan, Plan
from reprise.domain.planning.techniques import Method, Technique, Verdict, VerifyDepth
from reprise.domain.report import events as ev
from reprise.workflow.past.sessions import Earlier
from station_kit.facts import with_facts
from station_kit.seen import all_seen
from unit.domain.drives.drives import hdd, pc

SESSION = "11111111-2222-4333-8444-555555555555"
REPORT = "3f0c7b52-9d1e-4b7a-8a59-6f1f0a8f2c11"
DRIVE = hdd(1)
KEY = DRIVE.identity.key
ATTEMPT = Attempt(Technique.OVERWRITE, Method.CLEAR, VerifyDepth.FULL)
JOB_KEY = "00" * 31 + "ff"


def started(**changes: object) -> ev.SessionStarted:
    event = ev.SessionStarted(SESSION, REPORT, "s", "kid", "0", "0", False, "rtc")
    return with_facts(event, **changes)


def inventory() -> ev.InventoryTaken:
    return ev.InventoryTaken(pc(DRIVE))


def planned() -> ev.PlanMade:
    return ev.PlanMade(Plan((DrivePlan(DRIVE.identity, DRIVE.node, (ATTEMPT,)),), "p/1"), "5d" * 32)


def attempt(
    job: str = "j1", resumed: int = 0, technique: Technique = Technique.OVERWRITE
) -> ev.AttemptStarted:
    return ev.AttemptStarted(
        KEY,
        DRIVE.identity,
        DRIVE.node,
        replace(ATTEMPT, technique=technique),
        job,
        JOB_KEY if technique is Technique.OVERWRITE else "",
        resumed,
    )


def ended(job: str = "j1", verdict: Verdict = Verdict.VERIFIED) -> tuple[ev.Event, ...]:
    """What was seen of an overwrite, and its end."""
    return (*all_seen(KEY, Technique.OVERWRITE), finished(job, verdict))


def finished(job: str = "j1", verdict: Verdict = Verdict.VERIFIED) -> ev.AttemptFinished:
    done = (DRIVE.identity.size_bytes,) * 2
    return ev.AttemptFinished(
        KEY, job, Technique.OVERWRITE, verdict, Method.CLEAR, (), *done, 1.0, 1.0
    )


def checkpoint(done: int, job: str = "j1", phase: str = "write") -> ev.Checkpoint:
    return ev.Checkpoint(KEY, job, phase, done)


def stamped(*events: ev.Event, at: str = "2026-11-24T16:00:00.000Z") -> tuple[ev.Stamped, ...]:
    return tuple(ev.Stamped(n, at, float(n), event) for n, event in enumerate(events, 1))


def called_erased(found: Earlier) -> set[DriveIdentity]:
    return {end.identity for end in found.ends if end.good}
