"""Procedure: NVMe Sanitize, followed through the Sanitize Status log."""

from __future__ import annotations

import time
from collections.abc import Generator, Iterator

from reprise.adapters.blockio import BlockFile
from reprise.adapters.firmware.nvme_session import Happening, NvmeSession, ask, check_planned
from reprise.adapters.firmware.nvme_watch import SanitizeWatch, Step
from reprise.adapters.passthrough.nvme_admin import KernelNvmeAdmin, NvmeAdmin
from reprise.adapters.surface.meter import Meter
from reprise.adapters.surface.opening import NotOpenedError
from reprise.adapters.surface.record import Record
from reprise.domain.capabilities import Capabilities, SanitizeState
from reprise.domain.claims import estimate_s
from reprise.domain.events import CommandRan, Event, ObservationKind
from reprise.domain.hardware import MediaKind
from reprise.domain.policy import Policy
from reprise.domain.techniques import CRYPTO
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

# A rotational drive cannot write all of itself in a fiftieth of the time that it asks for.
_QUICK_SHARE = 0.02
_TELLING_ESTIMATE_S = 600.0


class NvmeSanitize:
    """Implements firmware.witnessed.Procedure for block erase, crypto erase and overwrite."""

    phase = "sanitize"

    def __init__(self, policy: Policy, admin: NvmeAdmin | None = None) -> None:
        self._stuck_after_s = policy.sanitize_stuck_after_s
        self._admin = admin or KernelNvmeAdmin()

    def check(self, device: BlockFile, job: Job) -> None:
        """See Procedure. A drive in failure mode is brought out of it first: it would not take
        the marks; that destroys nothing. One that sanitizes itself for somebody else is left
        alone."""
        check_planned(self._admin, device, job, whole=False)
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
        if status.state is SanitizeState.FAILED:
            ask(self._admin, device, exit_failure_mode())

    def run(
        self, device: BlockFile, job: Job, record: Record, stop: StopFlag
    ) -> Generator[Happening, None, bool]:
        """See Procedure."""
        meter = Meter(record.drive, self.phase, device.size_bytes)
        session = NvmeSession(self._admin, device, record, stop, meter)
        command = sanitize(job.attempt.technique)
        before: SanitizeStatus | None = None
        if not job.reattach:
            before, shown = yield from _look(session)
            yield shown
            answer = yield from session.run(command, _COMMAND_MS)
            if isinstance(answer, OSError) or not answer.ok:
                yield session.failed(command, answer)
                return False
            yield record.observe(ObservationKind.COMMAND_ACCEPTED, command=command.name)
        watch = SanitizeWatch(
            command.cdw10, before, self._stuck_after_s, time.monotonic(), earlier=job.reattach
        )
        step, last = yield from _follow(session, watch, record, device.size_bytes)
        if step is Step.FINISHED and last is not None:
            yield from _finished(job, record, meter, last)
            return True
        yield _unfinished(step, last, record, meter)
        if step is Step.FAILED:  # so that a fallback can write to the drive
            yield from session.run(exit_failure_mode(), _COMMAND_MS)
        return False


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
    told_s = estimate_s(job.attempt.technique, job.capabilities or Capabilities())
    if not job.reattach and told_s and _too_quick(job, took_s, told_s):
        yield record.observe(
            ObservationKind.TOO_QUICK, seconds=round(took_s, 1), estimate_s=round(told_s)
        )


def _too_quick(job: Job, took_s: float, told_s: float) -> bool:
    return (
        job.drive.media is MediaKind.HDD
        and job.attempt.technique not in CRYPTO
        and told_s >= _TELLING_ESTIMATE_S
        and took_s < _QUICK_SHARE * told_s
    )


def _unfinished(step: Step, last: SanitizeStatus | None, record: Record, meter: Meter) -> Event:
    kind = {
        Step.FAILED: ObservationKind.COMMAND_FAILED,
        Step.NOT_OURS: ObservationKind.STATUS_NOT_OURS,
    }.get(step, ObservationKind.COMMAND_HUNG)
    facts = _facts(last) if last is not None else {"state": SanitizeState.UNKNOWN.value}
    return record.observe(kind, command="Sanitize", seconds=round(meter.elapsed_s), **facts)
