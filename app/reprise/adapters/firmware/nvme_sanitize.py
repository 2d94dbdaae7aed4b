"""Procedure: NVMe Sanitize, followed through the Sanitize Status log."""

from __future__ import annotations

import time
from collections.abc import Generator, Iterator

from reprise.adapters.blockio import BlockFile
from reprise.adapters.firmware.nvme_session import Happening, NvmeSession, ask, check_planned
from reprise.adapters.firmware.nvme_watch import SanitizeWatch, Step
from reprise.adapters.firmware.quick import too_quick
from reprise.adapters.passthrough.nvme_admin import KernelNvmeAdmin, NvmeAdmin
from reprise.adapters.surface.meter import Meter
from reprise.adapters.surface.opening import NotOpenedError
from reprise.adapters.surface.record import Record
from reprise.domain.capabilities import SanitizeState
from reprise.domain.events import CommandRan, Event, ObservationKind
from reprise.domain.policy import Policy
from reprise.errors import ToolError
from reprise.ports import Job, StopFlag
from reprise.wire.nvme_erase import (
    SanitizeStatus,
    exit_failure_mode,
    parse_sanitize_status,
    sanitize,
    sanitize_status,
)
from reprise.wire.nvme_status import Refusal

# Generous: at a time-out the kernel resets the controller, which helps nobody.
_COMMAND_MS = 120_000
_LOG_MS = 60_000
_EVERY_S = 0.5  # between two looks at the log
_SLICE_S = 0.25
_WHOLE = 65_536  # Base 5.16.1, SPROG: numerator of a fraction with this denominator


class NvmeSanitize:
    """Implements firmware.witnessed.Procedure for block erase, crypto erase and overwrite."""

    def __init__(self, policy: Policy, admin: NvmeAdmin | None = None) -> None:
        self._stuck_after_s = policy.sanitize_stuck_after_s
        self._admin = admin or KernelNvmeAdmin()

    def check(self, device: BlockFile, job: Job) -> None:
        """See Procedure. A drive that sanitizes itself for somebody else is left alone."""
        check_planned(self._admin, device, job, format_=False)
        if job.reattach:
            return
        try:
            status = parse_sanitize_status(ask(self._admin, device, sanitize_status()).data)
        except ToolError as error:
            raise NotOpenedError(
                ObservationKind.COMMAND_FAILED, command=sanitize_status().name, error=str(error)
            ) from error
        if status.state is SanitizeState.RUNNING:
            raise NotOpenedError(
                ObservationKind.COMMAND_FAILED,
                command=sanitize_status().name,
                refusal=Refusal.SANITIZE_RUNNING.value,
                cdw10=f"{status.cdw10:#x}",
            )

    def recover(
        self, device: BlockFile, job: Job, record: Record, stop: StopFlag
    ) -> Generator[Happening, None, bool]:
        """See Recovering. After a sanitize that failed the drive takes no data until it is told
        to leave that mode; where the failed command did not allow that, until another one of its
        restricted kind has succeeded (Base 8.21, "Sanitize Operations")."""
        session = self._session(device, record, stop)
        status, shown = yield from _look(session)
        if job.reattach or status is None or status.state is not SanitizeState.FAILED:
            return True
        yield shown
        answer = yield from session.run(exit_failure_mode(), _COMMAND_MS)
        if not isinstance(answer, OSError) and answer.ok:
            return True
        ended = yield from self._give_and_follow(session, device, job, record, marked=False)
        if ended is None or ended[0] is Step.FINISHED:
            return ended is not None
        yield _unfinished(*ended, record, session.meter)
        return False

    def run(
        self, device: BlockFile, job: Job, record: Record, stop: StopFlag
    ) -> Generator[Happening, None, bool]:
        """See Procedure."""
        session = self._session(device, record, stop)
        ended = yield from self._give_and_follow(session, device, job, record, marked=True)
        if ended is None:
            return False
        step, last = ended
        if step is Step.FINISHED and last is not None:
            yield from _finished(job, record, session.meter, last)
            return True
        yield _unfinished(step, last, record, session.meter)
        if step is Step.FAILED:  # so that a fallback can write to the drive
            yield from session.run(exit_failure_mode(), _COMMAND_MS)
        return False

    def _session(self, device: BlockFile, record: Record, stop: StopFlag) -> NvmeSession:
        meter = Meter(record.drive, record.phase, device.size_bytes)
        return NvmeSession(self._admin, device, record, stop, meter)

    def _give_and_follow(
        self, session: NvmeSession, device: BlockFile, job: Job, record: Record, *, marked: bool
    ) -> Generator[Happening, None, tuple[Step, SanitizeStatus | None] | None]:
        """How it ended, with the last log; None where the command was refused (which was told).
        `marked`: the marks stand, so that this command is the one that counts."""
        command = sanitize(job.attempt.technique, restricted=not marked)
        before: SanitizeStatus | None = None
        if not job.reattach:
            before, shown = yield from _look(session)
            yield shown
            answer = yield from session.run(command, _COMMAND_MS)
            if isinstance(answer, OSError) or not answer.ok:
                yield session.failed(command, answer)
                return None
            if marked:
                yield record.observe(ObservationKind.COMMAND_ACCEPTED, command=command.name)
        watch = SanitizeWatch(
            command.cdw10, before, self._stuck_after_s, time.monotonic(), earlier=job.reattach
        )
        ended = yield from _follow(session, watch, record, device.size_bytes)
        return ended


def _look(
    session: NvmeSession,
) -> Generator[Happening, None, tuple[SanitizeStatus | None, CommandRan]]:
    """The log (None: it could not be read), and the event that shows it."""
    command = sanitize_status()
    answer = yield from session.send(command, _LOG_MS)
    shown = session.ran(command, answer)
    if isinstance(answer, OSError) or not answer.ok:
        return None, shown
    try:
        return parse_sanitize_status(answer.data), shown
    except ToolError:
        return None, shown  # the event carries what it was; without a log there is no end


def _follow(
    session: NvmeSession, watch: SanitizeWatch, record: Record, size_bytes: int
) -> Generator[Happening, None, tuple[Step, SanitizeStatus | None]]:
    """Look at the log until it ends one way or another; the last one that could be read."""
    told = False
    last: SanitizeStatus | None = None
    while True:
        now, shown = yield from _look(session)
        last = now or last
        step = watch.see(now, time.monotonic())
        if now is not None and watch.seen_running and not told:
            told = True
            yield shown
            yield record.observe(
                ObservationKind.COMMAND_RUNNING, command=sanitize_status().name, **_facts(now)
            )
        if step is not Step.GOING_ON:
            yield shown
            return step, last
        if now is not None and now.state is SanitizeState.RUNNING:
            yield from session.meter.at(size_bytes * now.progress // _WHOLE)
        yield from _pause(session)


def _pause(session: NvmeSession) -> Iterator[Happening]:
    until = time.monotonic() + _EVERY_S
    while time.monotonic() < until:
        session.check_stop()
        time.sleep(_SLICE_S)
        yield from session.meter.same()


def _facts(status: SanitizeStatus) -> dict[str, str | int | float]:
    return {
        "state": status.state.value,
        "percent": status.progress * 100 // _WHOLE,
        "sstat": f"{status.sstat:#06x}",
        "cdw10": f"{status.cdw10:#010x}",
    }


def _finished(job: Job, record: Record, meter: Meter, last: SanitizeStatus) -> Iterator[Happening]:
    took_s = meter.elapsed_s
    name = sanitize(job.attempt.technique).name
    if job.reattach:  # the log names our own command: the drive had taken it
        yield record.observe(ObservationKind.COMMAND_ACCEPTED, command=name, earlier=1)
    facts = _facts(last)
    facts["percent"] = 100
    yield record.observe(
        ObservationKind.COMMAND_FINISHED, command=name, duration_s=round(took_s, 3), **facts
    )
    if not job.reattach:
        yield from too_quick(job, took_s, record)


def _unfinished(step: Step, last: SanitizeStatus | None, record: Record, meter: Meter) -> Event:
    kind = {
        Step.FAILED: ObservationKind.COMMAND_FAILED,
        Step.NOT_OURS: ObservationKind.STATUS_NOT_OURS,
    }.get(step, ObservationKind.COMMAND_HUNG)
    facts = _facts(last) if last is not None else {"state": SanitizeState.UNKNOWN.value}
    return record.observe(kind, command="Sanitize", seconds=round(meter.elapsed_s), **facts)
