"""Before the first attempt: wake frozen drives, unlock, remove hidden areas."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from reprise.domain.drives.remembered_capabilities import joined, told_then
from reprise.domain.erasure.preparing import (
    STOPPED,
    DrivePrepared,
    PreparationStarted,
    SystemSuspended,
)
from reprise.domain.erasure.progress import Progress
from reprise.domain.pc.hardware import Drive
from reprise.domain.planning.options import may_lock_by_suspend
from reprise.domain.planning.plan import UNHIDES, DrivePlan, Preparation, Refusal, RefusalCode
from reprise.domain.planning.policy import Policy
from reprise.domain.planning.safety import refusals_at_write
from reprise.domain.report.events import DriveRefused
from reprise.errors import InputError, RepriseError
from reprise.ports import DriveProbe, Emit, PrepareJob, Preparer, StopFlag, Suspender

# done for all drives at once (see `thaw`), and by the overwrite itself
_ELSEWHERE = frozenset({Preparation.THAW, Preparation.ATTACH_NAMESPACES})


def thaw(
    plans: Iterable[tuple[str, DrivePlan]],
    probe: DriveProbe,
    suspender: Suspender | None,
    say: Emit,
) -> None:
    """Suspend the PC once where any drive needs it. Only while no drive is busy: a suspend with
    transfers under way fails or hangs; and only where no drive of the PC would come back locked.
    Where it cannot be done the drives stay frozen, and what needs a thawed drive fails by itself
    and makes way for the next attempt."""
    frozen = [key for key, plan in plans if Preparation.THAW in plan.preparations]
    if not frozen:
        return
    obstacle = suspender.obstacle() if suspender is not None else "not-available"
    obstacle = obstacle or _drive_against(probe)
    if suspender is None or obstacle:
        say(SystemSuspended(ok=False, duration_s=0.0, detail=obstacle))
        return
    for key in frozen:
        say(Progress(key, "suspend", 0, 0, 0.0, None))
    say(suspender.suspend())


def _drive_against(probe: DriveProbe) -> str:
    """Drives that are not to be erased count as well: they are somebody's."""
    try:
        drives = probe.probe_inventory().drives
    except RepriseError as error:
        return str(error)
    would = any(may_lock_by_suspend(probe.probe_capabilities(drive)) for drive in drives)
    return "drive-would-lock" if would else ""


@dataclass(frozen=True, slots=True)
class Ready:
    """The drive as the attempts find it. `hidden_left`: part of it stays out of reach."""

    drive: Drive
    hidden_left: bool = False


class Preparing:
    """One drive's steps, from its plan."""

    def __init__(
        self, key: str, probe: DriveProbe, preparer: Preparer | None, policy: Policy, say: Emit
    ) -> None:
        self._key, self._probe, self._preparer = key, probe, preparer
        self._policy, self._say = policy, say

    def run(self, drive: Drive, plan: DrivePlan, stop: StopFlag, *, named: bool) -> Ready | None:
        """The drive; None where it must not be touched any further: why was said."""
        steps = tuple(step for step in plan.preparations if step not in _ELSEWHERE)
        if not steps:
            return Ready(drive)
        self._say(PreparationStarted(self._key, steps))
        end = self._prepare(drive, plan, steps, stop)
        if Preparation.UNLOCK in end.left:
            if end.why == STOPPED:
                return Ready(drive)  # nothing is begun on it
            self._refuse(Refusal(RefusalCode(end.why or RefusalCode.PROBE_INCOMPLETE)))
            return None
        return self._look_again(drive, end, named=named)

    def _prepare(
        self, drive: Drive, plan: DrivePlan, steps: tuple[Preparation, ...], stop: StopFlag
    ) -> DrivePrepared:
        end: DrivePrepared | None = None
        if self._preparer is not None:
            then = told_then(plan.capabilities)
            now = joined(then, self._probe.probe_capabilities(drive))
            job = PrepareJob(drive, steps, now, self._key, then.own)
            for item in self._preparer.run(job, stop):
                self._say(item)
                if isinstance(item, DrivePrepared):
                    end = item
        if end is None:
            size = drive.identity.size_bytes
            end = DrivePrepared(self._key, (), steps, drive.node, size, "not-available")
            self._say(end)
        return end

    def _look_again(self, drive: Drive, end: DrivePrepared, *, named: bool) -> Ready | None:
        """The same drive, perhaps larger, perhaps under another name; and nothing else."""
        expected = replace(
            drive,
            node=end.node,
            identity=replace(drive.identity, size_bytes=end.size_bytes),
        )
        try:
            seen = self._probe.probe_drive(end.node)
        except InputError:
            self._refuse(Refusal(RefusalCode.IDENTITY_CHANGED, end.node))
            return None
        refusals = refusals_at_write(expected, seen, self._policy, named=named)
        if refusals:
            self._refuse(*refusals)
            return None
        return Ready(seen, hidden_left=bool(UNHIDES.intersection(end.left)))

    def _refuse(self, *found: Refusal) -> None:
        self._say(DriveRefused(self._key, found))
