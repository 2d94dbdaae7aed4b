"""Sanitizer: NVMe Format with a secure erase setting.

The drive erases itself out of sight, so its word is not enough: marks are planted and proven to
stand before, none may stand after, and the whole surface must show one erased pattern. What that
still cannot prove (zeros may come from deallocated blocks; a thrown-away key cannot be seen) is in
the attempt's limitations.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Generator, Iterator
from dataclasses import dataclass

from reprise.adapters.blockio import BlockFile, DriveGoneError
from reprise.adapters.surface.canaries import Canaries
from reprise.adapters.surface.keystream import Keystream
from reprise.adapters.surface.meter import Meter
from reprise.adapters.surface.opening import NotOpenedError, open_planned
from reprise.adapters.surface.pipeline import background
from reprise.adapters.surface.record import Record
from reprise.adapters.surface.rescue import Stopped
from reprise.adapters.surface.witness import WitnessedSurface
from reprise.domain.canaries import canary_offsets
from reprise.domain.events import CommandRan, Event, ObservationKind, Progress, VerifyStarted
from reprise.domain.policy import Policy
from reprise.domain.techniques import Technique
from reprise.domain.verification import sample_seed, verify_spans
from reprise.errors import ToolError
from reprise.ports import CommandResult, CommandRunner, DriveProbe, Job, StopFlag
from reprise.tools.nvme_format import argv_format

Happening = Event | Progress

_BACK_WITHIN_S = 30.0  # a namespace may leave and come back after a format
_RETRY_S = 0.5
_KEPT_OUTPUT = 4096


class NvmeFormatSanitizer:
    """Implements ports.Sanitizer for the two NVMe Format techniques."""

    def __init__(
        self,
        runner: CommandRunner,
        probe: DriveProbe,
        policy: Policy,
        namespace_of: Callable[[BlockFile], int] = BlockFile.nvme_namespace_id,
    ) -> None:
        self._runner, self._probe, self._policy = runner, probe, policy
        self._namespace_of = namespace_of

    def run(self, job: Job, stop: StopFlag) -> Iterator[Happening]:
        """See ports.Sanitizer. A stop is honoured before and after the format, not within it: the
        command cannot be taken back."""
        record = Record(job)
        try:
            yield from self._everything(job, stop, record)
            yield record.finished()
        except NotOpenedError as error:
            yield record.observe(error.kind, **error.detail)
            yield record.finished()
        except DriveGoneError:
            yield record.interrupted("unplugged")
        except Stopped:
            yield record.interrupted("operator")

    def _everything(self, job: Job, stop: StopFlag, record: Record) -> Iterator[Happening]:
        stream = Keystream(job.job_id, job.job_key)
        seed = sample_seed(job.job_id, job.job_key)
        size = job.drive.identity.size_bytes
        canaries = Canaries(stream, canary_offsets(size, seed))
        with open_planned(job, self._probe, self._policy) as device:
            namespace_id = self._namespace(job, device)
            planted = yield from WitnessedSurface(device, stop, record, self._policy).plant(
                canaries
            )
        if not planted:
            return
        accepted = yield from self._format(job, namespace_id, record)
        if not accepted:
            return
        yield VerifyStarted(record.drive, job.job_id, record.depth)
        device = yield from self._open_again(job)
        with device:
            surface = WitnessedSurface(device, stop, record, self._policy)
            yield from surface.look(canaries)
            spans = verify_spans(record.depth, size, device.physical_bytes, seed)
            yield from surface.read_all(
                spans, random_is_erased=job.attempt.technique is Technique.NVME_FORMAT_CRYPTO
            )

    def _namespace(self, job: Job, device: BlockFile) -> int:
        """The NSID to format: asked of the device itself and equal to what was planned for."""
        planned = job.capabilities.nvme_namespace_id if job.capabilities else None
        try:
            found = self._namespace_of(device)
        except OSError as error:
            raise NotOpenedError(
                ObservationKind.COMMAND_FAILED, command="NVME_IOCTL_ID", errno=error.errno or 0
            ) from error
        if found != planned or found <= 0:
            raise NotOpenedError(
                ObservationKind.IDENTITY_CHANGED,
                fact="namespace",
                planned=planned or 0,
                found=found,
            )
        return found

    def _format(
        self, job: Job, namespace_id: int, record: Record
    ) -> Generator[Happening, None, bool]:
        argv = argv_format(
            job.drive.node, namespace_id, job.attempt.technique, self._policy.nvme_format_timeout_s
        )
        timeout_s = self._policy.nvme_format_timeout_s + 60.0
        meter = Meter(record.drive, "format", 0)
        call = _Call(lambda: self._runner.run(argv, timeout_s))
        try:
            for _tick in call.ticks():
                yield from meter.at(0)
        except ToolError as error:
            yield record.observe(ObservationKind.COMMAND_FAILED, command="nvme", error=str(error))
            return False
        finally:
            record.write_s = meter.elapsed_s
        result = call.result
        yield CommandRan(
            drive=record.drive,
            argv=result.argv,
            exit_code=result.exit_code,
            duration_s=round(result.duration_s, 3),
            output=(result.stdout + result.stderr)[:_KEPT_OUTPUT].decode("utf-8", "replace"),
        )
        if result.exit_code != 0 or result.timed_out:
            yield record.observe(
                ObservationKind.COMMAND_FAILED,
                command="nvme format",
                exit_code=result.exit_code,
                timed_out=int(result.timed_out),
            )
            return False
        yield record.observe(ObservationKind.COMMAND_ACCEPTED, command="nvme format")
        yield record.observe(
            ObservationKind.COMMAND_FINISHED,
            command="nvme format",
            duration_s=round(result.duration_s, 3),
        )
        return True

    def _open_again(self, job: Job) -> Generator[Happening, None, BlockFile]:
        """The same drive after the format, read-only, with the page cache emptied."""
        deadline = time.monotonic() + _BACK_WITHIN_S
        while True:
            try:
                with open_planned(job, self._probe, self._policy) as claimed:
                    device = BlockFile(claimed.node, writable=False, exclusive=False)
                    device.drop_cache()
                    return device
            except (DriveGoneError, NotOpenedError, OSError) as error:
                if time.monotonic() > deadline:
                    raise DriveGoneError(job.drive.node) from error
            yield from Meter(job.drive.identity.key, "format", 0).at(0, last=True)
            time.sleep(_RETRY_S)


@dataclass(slots=True)
class _Call:
    """One command run beside us, with its result."""

    function: Callable[[], CommandResult]
    _result: CommandResult | None = None

    def ticks(self) -> Iterator[None]:
        self._result = yield from background(self.function)

    @property
    def result(self) -> CommandResult:
        if self._result is None:
            raise RuntimeError("the command has not ended")
        return self._result
