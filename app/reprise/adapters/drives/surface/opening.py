"""Open a drive for destruction: only if it is, at this moment, the drive that was planned."""

from __future__ import annotations

import errno
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Protocol

from reprise.adapters.drives.blockio import GONE, BlockFile, DriveGoneError
from reprise.domain.drives.capabilities import OwnWord
from reprise.domain.pc.hardware import Drive
from reprise.domain.planning.plan import Refusal, RefusalCode
from reprise.domain.planning.policy import Policy
from reprise.domain.planning.safety import refusals_at_write, word_changed, word_lost
from reprise.domain.report.events import ObservationKind
from reprise.errors import RepriseError
from reprise.ports import DriveProbe, Job


class Planned(Protocol):
    """A job on one drive."""

    @property
    def drive(self) -> Drive: ...

    @property
    def own(self) -> OwnWord: ...


class Asks(Protocol):
    """Who the open drive says that it is; `by`: the way that it is to be asked ("": any)."""

    def __call__(self, device: BlockFile, drive: Drive, by: str = "") -> OwnWord: ...


@dataclass(frozen=True, slots=True)
class Flush:
    """`by`: the command that emptied the write cache, "" where none did; `refused`: those that were
    sent before it, in order, and that the drive or its bridge does not have."""

    by: str
    refused: tuple[str, ...] = ()

    @property
    def covers(self) -> bool:
        """Whether all that was written before is on the medium. Where no command was there to send
        (eMMC, virtio) the system itself drives the cache, and knows of none."""
        return bool(self.by) or not self.refused


class Flushes(Protocol):
    """Empties the open drive's write cache. Raises OSError where that failed."""

    def __call__(self, device: BlockFile, job: Job) -> Flush: ...


class NotOpenedError(Exception):
    """Nothing was written; `kind` and `detail` are the observation to record."""

    def __init__(self, kind: ObservationKind, **detail: str | int | float) -> None:
        super().__init__(kind)
        self.kind = kind
        self.detail = detail
        self.refusals: tuple[Refusal, ...] = ()  # where it was refused for safety


class LargerError(NotOpenedError):
    """It says that it is larger than the kernel can reach; whatever is tried next leaves that."""


def _claim(node: str) -> BlockFile:
    return BlockFile(node, writable=True)


@contextmanager
def open_planned(
    job: Planned,
    probe: DriveProbe,
    policy: Policy,
    asks: Asks,
    claim: Callable[[str], BlockFile] = _claim,
) -> Iterator[BlockFile]:
    """The drive of `job`, claimed exclusively, then probed once more while it is claimed: the
    node cannot come to mean another drive between the look and the first write. And the drive
    itself is asked on that descriptor: the kernel only knows what it read when it was plugged in.

    Raises NotOpenedError, DriveGoneError.
    """

    def judge(seen: Drive) -> tuple[Refusal, ...]:
        # whether a loop device may be erased at all was decided when it was planned, by name
        return refusals_at_write(job.drive, seen, policy, named=True)

    with open_judged(job.drive, probe, judge, claim) as device:
        check_word(job, device, asks)
        yield device


def check_word(job: Planned, device: BlockFile, asks: Asks) -> None:
    """A drive that said who it is when it was planned, and is silent now, may be another one: it
    is not written to. Raises NotOpenedError, DriveGoneError."""
    now = asks(device, job.drive, job.own.by)
    changed = word_changed(job.drive, job.own, now)
    if changed is not None:
        fact, planned, found = changed
        raise NotOpenedError(
            ObservationKind.IDENTITY_CHANGED, fact=fact, planned=planned, found=found
        )
    if not device.is_there():
        raise DriveGoneError(device.node)
    if word_lost(job.own, now):
        raise NotOpenedError(
            ObservationKind.COMMAND_FAILED, command="identify", refusal="identity-silent"
        )


@contextmanager
def open_judged(
    planned: Drive,
    probe: DriveProbe,
    judge: Callable[[Drive], tuple[Refusal, ...]],
    claim: Callable[[str], BlockFile] = _claim,
) -> Iterator[BlockFile]:
    """As open_planned, with other rules: `judge` gives the reasons not to touch what is seen."""
    device = _open(planned.node, claim)
    try:
        _check_device(planned, device)
        _check_identity(planned, probe, judge)
        if not device.is_there():
            raise DriveGoneError(planned.node)
        yield device
    finally:
        device.close()


def _open(node: str, claim: Callable[[str], BlockFile]) -> BlockFile:
    try:
        return claim(node)
    except OSError as error:
        if error.errno in GONE or error.errno == errno.ENOENT:
            raise DriveGoneError(node) from error
        raise NotOpenedError(
            ObservationKind.COMMAND_FAILED,
            command="open",
            errno=errno.errorcode.get(error.errno or 0, str(error.errno)),
        ) from error


def _check_device(planned: Drive, device: BlockFile) -> None:
    for name, then, now in (
        ("size_bytes", planned.identity.size_bytes, device.size_bytes),
        ("logical_sector_bytes", planned.logical_sector_bytes, device.logical_bytes),
    ):
        if then != now:
            raise NotOpenedError(
                ObservationKind.IDENTITY_CHANGED, fact=name, planned=then, found=now
            )
    if device.read_only:
        raise NotOpenedError(ObservationKind.COMMAND_FAILED, command="open", refusal="read-only")


def _check_identity(
    planned: Drive, probe: DriveProbe, judge: Callable[[Drive], tuple[Refusal, ...]]
) -> None:
    try:
        seen = probe.probe_drive(planned.node)
    except RepriseError as error:
        raise NotOpenedError(
            ObservationKind.COMMAND_FAILED, command="probe", error=str(error)
        ) from error
    refusals = judge(seen)
    if not refusals:
        return
    changed = any(refusal.code is RefusalCode.IDENTITY_CHANGED for refusal in refusals)
    refused = NotOpenedError(
        ObservationKind.IDENTITY_CHANGED if changed else ObservationKind.COMMAND_FAILED,
        command="probe",
        refusals="; ".join(f"{refusal.code}: {refusal.detail}" for refusal in refusals),
    )
    refused.refusals = refusals
    raise refused
