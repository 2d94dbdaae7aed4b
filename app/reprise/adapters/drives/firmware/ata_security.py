"""Procedure: ATA SECURITY ERASE UNIT, normal and enhanced."""

from __future__ import annotations

import time
from collections.abc import Generator, Iterator
from dataclasses import dataclass

from reprise.adapters.drives.blockio import BlockFile
from reprise.adapters.drives.firmware.ata_password import (
    FROZEN,
    LOCKED,
    PASSWORD,
    is_free,
    remove_password,
)
from reprise.adapters.drives.firmware.ata_session import (
    AtaSession,
    Ended,
    another_drive,
    ask_identify,
    ended_well,
    text_of,
    timed_out,
    words_of,
)
from reprise.adapters.drives.firmware.too_fast import too_quick
from reprise.adapters.drives.passthrough.ata_taskfile import AtaAccess, SatAta
from reprise.adapters.drives.surface.meter import Meter
from reprise.adapters.drives.surface.opening import NotOpenedError
from reprise.adapters.drives.surface.record import Record
from reprise.domain.drives.capabilities import Capabilities, Support
from reprise.domain.erasure.progress import Progress
from reprise.domain.planning.claims import estimate_s
from reprise.domain.planning.techniques import Technique
from reprise.domain.report.events import CommandRan, ObservationKind, Update
from reprise.ports import Job, StopFlag
from reprise.wire.ata import (
    security_erase_prepare,
    security_erase_unit,
    security_set_password,
)

# As hdparm: never less than 30 minutes and a second for each 30 MB, whatever the drive says.
_LEAST_S = 30 * 60
_BYTES_PER_S = 30_000_000
# A command of somebody else between PREPARE and UNIT undoes the first: the pair is given again.
_TRIES = 3
_BROKEN_PAIR_S = 5.0
_NEARLY = 0.99  # of the bar, while a drive takes longer than it said


class AtaSecurityErase:
    """Implements firmware.witnessed.Procedure for both erase modes.

    A user password has to be set first. From then on to the end of the erase a drive that loses
    its power is locked: the password is published (ata_password), in the journal before it is
    set, and taken off again where the erase was not carried out.
    """

    def __init__(self, access: AtaAccess | None = None) -> None:
        self._access = access or SatAta()

    def check(self, device: BlockFile, job: Job) -> None:
        """See Procedure."""
        identify = ask_identify(self._access, device, job.drive)
        enhanced = job.attempt.technique is Technique.ATA_SECURITY_ERASE_ENHANCED
        wanted = (
            (0, Support.YES, "unsupported"),
            (5 if enhanced else 0, Support.YES, "enhanced-unsupported"),
            (LOCKED, Support.NO, "locked"),
            (FROZEN, Support.NO, "frozen"),
        )
        for bit, needed, refusal in wanted:
            if identify.security(bit) is not needed:
                raise NotOpenedError(
                    ObservationKind.COMMAND_FAILED,
                    command="SECURITY ERASE UNIT",
                    refusal=refusal,
                    word128=f"{identify.words[128]:04x}",
                )

    def run(
        self, device: BlockFile, job: Job, record: Record, stop: StopFlag
    ) -> Generator[Update, None, bool]:
        """See Procedure. The operator's stop is honoured before the password is set, and while
        the drive erases itself (it goes on)."""
        told_s = estimate_s(job.attempt.technique, job.capabilities or Capabilities())
        bar = _Bar(Meter(record.drive, record.phase, device.size_bytes), device.size_bytes, told_s)
        session = AtaSession(self._access, device, record.drive, stop, bar.show)
        session.check_stop()
        if not (yield from _set_password(session, job, record)):
            return False
        timeout_s = max(told_s or 0.0, device.size_bytes / _BYTES_PER_S + _LEAST_S)
        began = time.monotonic()
        answer = yield from _erase(session, job, timeout_s)
        took_s = time.monotonic() - began
        after = yield from session.identify(stoppable=False)
        free = is_free(after)
        if after is not None and another_drive(after, job.drive):
            yield record.observe(
                ObservationKind.IDENTITY_CHANGED, fact="serial", found=after.serial
            )
            return False
        if ended_well(answer) and free is Support.YES:
            name = "SECURITY ERASE UNIT"
            yield record.observe(ObservationKind.COMMAND_ACCEPTED, command=name)
            yield from too_quick(job, took_s, record)
            yield record.observe(
                ObservationKind.COMMAND_FINISHED, command=name, duration_s=round(took_s, 3)
            )
            return True
        freed = yield from remove_password(session)
        hung = timed_out(answer)
        kind = ObservationKind.COMMAND_HUNG if hung else ObservationKind.COMMAND_FAILED
        yield record.observe(
            kind,
            command="SECURITY ERASE UNIT",
            answer=text_of(answer),
            seconds=round(took_s),
            password=freed.value,
        )
        return False


def _set_password(session: AtaSession, job: Job, record: Record) -> Generator[Update, None, bool]:
    """Told first, then set, then proven to be set, on this drive: without it the erase could not
    work, and its end (no password any more) would prove nothing."""
    command = security_set_password(PASSWORD)
    facts = ("user", "level=high", f"password={PASSWORD}")
    yield CommandRan(record.drive, words_of(command, *facts, "next"), 0, 0.0, "")
    answer = yield from session.send(command, stoppable=False)
    yield session.ran(command, answer, *facts)
    identify = yield from session.identify(stoppable=False)
    changed = another_drive(identify, job.drive)
    if ended_well(answer) and is_free(identify) is Support.NO and not changed:
        return True
    freed = yield from remove_password(session)
    if identify is not None and changed:
        yield record.observe(
            ObservationKind.IDENTITY_CHANGED,
            fact="serial",
            found=identify.serial,
            password=freed.value,
        )
        return False
    yield record.observe(
        ObservationKind.COMMAND_FAILED,
        command=command.name,
        answer=text_of(answer),
        password=freed.value,
    )
    return False


def _erase(session: AtaSession, job: Job, timeout_s: float) -> Generator[Update, None, Ended]:
    enhanced = job.attempt.technique is Technique.ATA_SECURITY_ERASE_ENHANCED
    commands = (security_erase_prepare(), security_erase_unit(PASSWORD, enhanced=enhanced))
    for tries_left in reversed(range(_TRIES)):
        answers = yield from session.pair(commands, round(timeout_s * 1000))
        for command, answer in zip(commands, answers, strict=False):
            yield session.ran(command, answer)
        last = answers[-1]
        if ended_well(last) or not (tries_left and _perhaps_broken(last)):
            return last
    raise AssertionError("the last try returns")


def _perhaps_broken(answer: Ended) -> bool:
    if isinstance(answer, OSError) or timed_out(answer):
        return False
    return answer.scsi.duration_s < _BROKEN_PAIR_S


@dataclass(slots=True)
class _Bar:
    """A drive that erases itself tells nothing: its own estimate moves the bar."""

    meter: Meter
    size_bytes: int
    told_s: float | None

    def show(self) -> Iterator[Progress]:
        share = min(self.meter.elapsed_s / self.told_s, _NEARLY) if self.told_s else 0.0
        yield from self.meter.at(int(share * self.size_bytes))
