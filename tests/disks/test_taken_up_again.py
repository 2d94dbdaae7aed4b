"""From the journal of a session that the power cut, through the engine, to the drive: what ended
alone, and may have been used again since, is erased by a command of its own."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest

from disks.played_ata import BLOCK, AtaLoopProbe, Rig, rig
from lab.ata.registers import Op
from reprise.adapters.drives.blockio import BlockFile
from reprise.adapters.drives.firmware.ata_sanitize import AtaSanitize
from reprise.adapters.drives.firmware.witnessed import WitnessedSanitizer
from reprise.domain.drives.capabilities import Capabilities
from reprise.domain.erasure.lifecycle import DriveState
from reprise.domain.pc.hardware import Drive
from reprise.domain.planning.plan import DrivePlan
from reprise.domain.planning.policy import Policy
from reprise.domain.planning.techniques import Verdict
from reprise.domain.report import events as ev
from reprise.ports import Job
from reprise.wire.ata import sanitize_device
from reprise.workflow.erasure.jobs import EraseOrder, resume_of
from reprise.workflow.erasure.recovery import for_drive
from reprise.workflow.erasure.sanitize import EraseServices
from station_kit.shortcuts import erase_drive, find_interrupted
from unit.adapters.delivery.delivery_samples import stamped
from unit.domain.drives.drives import aes
from workflow.erase_kit import MemoryJournal


class Probe(AtaLoopProbe):
    def __init__(self, drive: Rig) -> None:
        self._rig = drive

    def probe_capabilities(self, drive: Drive) -> Capabilities:
        return self._rig.capabilities()


def cut_off(drive: Rig, job: Job) -> tuple[ev.Stamped, ...]:
    """The journal of a session that gave the command; the drive took it and went on."""
    key, identity = job.drive.identity.key, job.drive.identity
    with BlockFile(drive.node, writable=False, exclusive=False) as device:
        assert drive.access.send(device, sanitize_device(BLOCK)).ok
    return stamped(
        ev.AttemptStarted(key, identity, drive.node, job.attempt, job.job_id, job.job_key.hex()),
        ev.Observation(key, ev.ObservationKind.CANARIES_PLANTED),
        ev.Observation(key, ev.ObservationKind.COMMAND_ACCEPTED),
    )


def given(drive: Rig) -> int:
    return sum(1 for one in drive.device.commands if one.op == Op.SANITIZE and one.feature)


@pytest.mark.parametrize("runs", [False, True])
def test_only_what_runs_is_taken_up(tmp_path: Path, runs: bool) -> None:
    with rig(tmp_path, sanitize_s=1.5 if runs else 0.0) as drive:
        job = drive.job(BLOCK)
        found = find_interrupted([("old", cut_off(drive, job))])
        if not runs:  # it ended, was used again and trimmed: what the spare holds nobody sees
            drive.file.write_bytes(bytes(drive.file.stat().st_size))
        resume = resume_of(for_drive(found, job.drive))
        assert resume is not None and resume.reattach is not None
        journal, policy, probe = MemoryJournal(), Policy(sanitize_stuck_after_s=2), Probe(drive)
        sanitizer = WitnessedSanitizer(AtaSanitize(policy, drive.access), probe, policy)
        plan = DrivePlan(job.drive.identity, drive.node, (job.attempt,))
        result = erase_drive(
            EraseOrder(job.drive, plan, resume, named=True),
            EraseServices(probe, {BLOCK: sanitizer}, journal, policy, aes),
            threading.Event(),
            lambda _item: None,
        )
        ends = [one for one in journal.said() if isinstance(one, ev.AttemptFinished)]
        assert result.state is DriveState.SANITIZED
        assert given(drive) == (1 if runs else 2)
        assert [one.verdict for one in ends] == [Verdict.UNVERIFIED, Verdict.VERIFIED][runs:]
        assert ends[-1].job_id != job.job_id or runs
