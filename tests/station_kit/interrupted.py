"""What an earlier session left."""

from __future__ import annotations

from reprise.domain.erasure.lifecycle import DriveState
from reprise.domain.pc.hardware import Drive
from reprise.domain.planning.plan import Attempt
from reprise.domain.planning.techniques import Method, Technique, VerifyDepth
from reprise.workflow.erasure.recovery import Interrupted
from reprise.workflow.past.ends import End
from station_kit.machines import laptop


def interrupted(drive: Drive, done_bytes: int, *, resumable: bool = True) -> Interrupted:
    return Interrupted(
        identity=drive.identity,
        node="/dev/sdz",
        session_id="old",
        job_id="job-1",
        job_key=b"k" * 32,
        attempt=Attempt(Technique.OVERWRITE, Method.CLEAR, VerifyDepth.FULL),
        phase="write",
        done_bytes=done_bytes,
        resumable=resumable,
        cause="power-cut",
        at="2026-11-23T10:00:00Z",
        machine=laptop().machine,
    )


def erased(*drives: Drive) -> tuple[End, ...]:
    """An earlier session erased and verified these, and went on to its report."""
    return tuple(End(drive.identity, "old", DriveState.SANITIZED) for drive in drives)
