"""Procedure: TCG revert by the PSID on the label. The drive throws its keys away and forgets every
password; the PSID itself is never recorded."""

from __future__ import annotations

import errno
import time
from collections.abc import Generator

from reprise.adapters.drives.blockio import BlockFile
from reprise.adapters.drives.firmware.calls import errno_name
from reprise.adapters.drives.passthrough.opal_ioctl import (
    FL_LOCKED,
    FL_MBR_DONE,
    FL_MBR_ENABLED,
    KernelOpal,
    OpalAccess,
)
from reprise.adapters.drives.surface.meter import Meter
from reprise.adapters.drives.surface.opening import NotOpenedError
from reprise.adapters.drives.surface.pipeline import LateError, beside
from reprise.adapters.drives.surface.record import Record
from reprise.adapters.drives.surface.rescue import Stopped
from reprise.adapters.hardware.nvme_nodes import nodes_beside, nodes_elsewhere
from reprise.adapters.hardware.sysfs import Roots
from reprise.domain.report.events import CommandRan, Observation, ObservationKind, Update
from reprise.ports import Job, StopFlag
from reprise.wire.opal import (
    AUTHORITY_LOCKED_OUT,
    NOT_AUTHORIZED,
    normal_psid,
    status_name,
)

_COMMAND = "Revert AdminSP"  # TCG Opal SSC, Revert
_WORDS = ("TCG", _COMMAND, "authority=PSID")
# The slowest revert known takes minutes (it erases too); the kernel's own time-outs are shorter.
_HUNG_AFTER_S = 900.0
# What a person can do about it: type the label again; unplug the drive, which resets the count.
_REFUSALS = {NOT_AUTHORIZED: "wrong-psid", AUTHORITY_LOCKED_OUT: "too-many-wrong-psids"}


class PsidRevert:
    """Implements firmware.witnessed.Recovering."""

    def __init__(self, access: OpalAccess | None = None) -> None:
        self._access = access or KernelOpal()

    def check(self, device: BlockFile, job: Job) -> None:
        """See Procedure."""
        if normal_psid(job.psid) is None:
            raise NotOpenedError(
                ObservationKind.COMMAND_FAILED, command=_COMMAND, refusal="psid-format"
            )
        self._alone(device)
        self._flags(device)

    def _alone(self, device: BlockFile) -> None:
        """A revert resets all of an NVMe drive: no other namespace may have appeared since."""
        roots = Roots()
        others = len(nodes_elsewhere(roots, device.number))
        others += max(len(nodes_beside(roots, device.number)) - 1, 0)
        if others:
            raise NotOpenedError(
                ObservationKind.IDENTITY_CHANGED, fact="namespaces", planned=1, found=others + 1
            )

    def recover(
        self, device: BlockFile, job: Job, record: Record, stop: StopFlag
    ) -> Generator[Update, None, bool]:
        """See Recovering. A drive with a locked range, or behind a shadow MBR, takes no marks: a
        first revert opens it, the second one is witnessed."""
        flags = self._flags(device)
        shadowed = bool(flags & FL_MBR_ENABLED) and not flags & FL_MBR_DONE
        if job.reattach or not (flags & FL_LOCKED or shadowed):
            return True
        done = yield from self._revert(device, job, record, stop)
        return done is not None

    def _flags(self, device: BlockFile) -> int:
        try:
            return self._access.flags(device)
        except OSError as error:
            device.check_there(error)
            raise NotOpenedError(
                ObservationKind.COMMAND_FAILED,
                command="Level 0 Discovery",
                errno=errno_name(error),
            ) from error

    def run(
        self, device: BlockFile, job: Job, record: Record, stop: StopFlag
    ) -> Generator[Update, None, bool]:
        """See Procedure. After a power cut there is nothing to come back to: begin anew."""
        if job.reattach:
            yield record.observe(ObservationKind.STATUS_NOT_OURS, command=_COMMAND)
            return False
        took_s = yield from self._revert(device, job, record, stop)
        if took_s is None:
            return False
        yield record.observe(ObservationKind.COMMAND_ACCEPTED, command=_COMMAND)
        yield record.observe(ObservationKind.COMMAND_FINISHED, command=_COMMAND, duration_s=took_s)
        return True

    def _revert(
        self, device: BlockFile, job: Job, record: Record, stop: StopFlag
    ) -> Generator[Update, None, float | None]:
        """How long it took, in seconds; None (after an observation) where it was not done. Not to
        be stopped in the middle: it takes seconds and cannot be taken back."""
        psid = normal_psid(job.psid)
        if psid is None:
            raise ValueError("check() was not asked")
        if stop.is_set():
            raise Stopped
        began = time.monotonic()
        answer = yield from self._send(device, psid, record)
        took_s = round(time.monotonic() - began, 3)
        if answer is not None:
            yield _ran(record, answer, took_s)
        if answer == 0:
            return took_s
        yield _undone(record, answer, took_s)
        return None

    def _send(
        self, device: BlockFile, psid: str, record: Record
    ) -> Generator[Update, None, int | OSError | None]:
        """The method's status, the kernel's error where the drive is still there, or None where
        nobody comes back. Raises DriveGoneError."""
        meter = Meter(record.drive, record.phase, 0)
        try:
            return (
                yield from beside(
                    lambda: self._access.revert_by_psid(device, psid), _HUNG_AFTER_S, meter.same
                )
            )
        except LateError:
            return None
        except OSError as error:
            device.check_there(error)
            return error


def _undone(record: Record, answer: int | OSError | None, took_s: float) -> Observation:
    if answer is None:
        return record.observe(ObservationKind.COMMAND_HUNG, command=_COMMAND, seconds=round(took_s))
    if isinstance(answer, OSError):
        detail = {"errno": errno_name(answer)}
    else:
        detail = {"status": status_name(answer)}
        if answer in _REFUSALS:
            detail["refusal"] = _REFUSALS[answer]
    return record.observe(ObservationKind.COMMAND_FAILED, command=_COMMAND, **detail)


def _ran(record: Record, answer: int | OSError, took_s: float) -> CommandRan:
    """Negative exit codes are the kernel's errno; others the method's status."""
    if isinstance(answer, OSError):
        code, output = -(answer.errno or errno.EIO), errno_name(answer)
    else:
        code, output = answer, status_name(answer)
    return CommandRan(record.drive, _WORDS, code, took_s, output)
