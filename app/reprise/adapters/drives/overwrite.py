"""Sanitizer: overwrite the whole surface with the keyed stream, flush, read back, judge."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator
from functools import partial

from reprise.adapters.drives.blockio import BlockFile, DriveGoneError
from reprise.adapters.drives.capabilities.reidentify import OwnWords
from reprise.adapters.drives.firmware.mmc_zeros import zero_other_areas
from reprise.adapters.drives.firmware.nvme_detached import Detached
from reprise.adapters.drives.flushing import DriveFlush
from reprise.adapters.drives.passthrough.nvme_admin import KernelNvmeAdmin, NvmeAdmin
from reprise.adapters.drives.surface.checkpoints import CHECKPOINT_BYTES
from reprise.adapters.drives.surface.ending import to_its_end
from reprise.adapters.drives.surface.heat import Heat, Thermometer, limits_of, thermometer_of
from reprise.adapters.drives.surface.one_overwrite import OneOverwrite
from reprise.adapters.drives.surface.opening import Asks, Flushes, open_planned
from reprise.adapters.drives.surface.record import Record
from reprise.adapters.drives.surface.rescue import Rescue, Stopped
from reprise.adapters.drives.surface.watching import HungError, Watch
from reprise.adapters.hardware.sysfs import Roots
from reprise.domain.erasure.progress import Progress
from reprise.domain.planning.policy import Policy
from reprise.domain.report.events import AttemptFinished, ObservationKind, Update
from reprise.ports import DriveProbe, Job, StopFlag


class OverwriteSanitizer:
    """Implements ports.Sanitizer for Technique.OVERWRITE."""

    def __init__(
        self,
        probe: DriveProbe,
        policy: Policy,
        checkpoint_bytes: int = CHECKPOINT_BYTES,
        thermometer: Callable[[Job, DriveProbe, str], Thermometer | None] = thermometer_of,
        *,
        roots: Roots | None = None,
        asks: Asks | None = None,
        nvme: NvmeAdmin | None = None,
        flush: Flushes | None = None,
    ) -> None:
        self._probe = probe
        self._policy = policy
        self._checkpoint_bytes = checkpoint_bytes
        self._thermometer = thermometer
        self._roots = roots or Roots()
        self._asks = asks or OwnWords()
        self._nvme = nvme or KernelNvmeAdmin()
        self._flush = flush or DriveFlush()

    def run(self, job: Job, stop: StopFlag) -> Iterator[Update]:
        """See ports.Sanitizer. Nothing is written unless the open drive is the planned one."""
        record = Record(job)
        yield from to_its_end(job, record, self._work(job, stop, record))

    def _work(self, job: Job, stop: StopFlag, record: Record) -> Iterator[Update]:
        with open_planned(job, self._probe, self._policy, self._asks) as device:
            yield from self._on(device, job, stop, record)

    def _on(self, device: BlockFile, job: Job, stop: StopFlag, record: Record) -> Iterator[Update]:
        heat, watch = self._watched(device, job, stop, record)
        run = self._run_on(device, job, watch, record, stop)
        try:
            yield from heat.told(run.everything(self._checkpoint_bytes))
            yield from heat.told(self._others(device, job, stop, record, watch))
            yield from heat.told(run.afterwards(self._probe))
        except HungError as error:
            # it may hold its thread for ever: no more is asked of this drive
            yield record.observe(
                ObservationKind.COMMAND_HUNG, operation=error.operation, seconds=error.seconds
            )
        except (Stopped, DriveGoneError):
            yield from watch.leaving()
            raise

    def _watched(
        self, device: BlockFile, job: Job, stop: StopFlag, record: Record
    ) -> tuple[Heat, Watch]:
        read = self._thermometer(job, self._probe, device.number)
        heat = Heat(record, read, limits_of(job.drive.media, self._policy.temperature), stop)
        return heat, Watch(record, stop, heat, self._policy.sanitize_stuck_after_s)

    def _run_on(
        self, device: BlockFile, job: Job, watch: Watch, record: Record, stop: StopFlag
    ) -> OneOverwrite:
        limit = self._policy.max_bad_sectors
        return OneOverwrite(
            *(job, device, watch, record),
            rescue=lambda: Rescue(device, stop, limit),
            flush=partial(self._flush, device, job),
        )

    def _others(
        self, device: BlockFile, job: Job, stop: StopFlag, record: Record, watch: Watch
    ) -> Generator[Update, None, None]:
        """What the surface of the drive does not reach."""
        yield from zero_other_areas(device, job, self._roots, record=record, stop=stop, watch=watch)
        if job.attaches:
            surface = partial(self._elsewhere, stop)
            others = Detached(device, job, self._roots, self._nvme, surface)
            yield from others.overwrite(record, stop)

    def _elsewhere(
        self, stop: StopFlag, device: BlockFile, job: Job
    ) -> Generator[Update, None, AttemptFinished]:
        """The surface of another namespace. Of what happens there only Progress is told: the rest
        would be taken for the drive's own surface."""
        record = Record(job)
        heat, watch = self._watched(device, job, stop, record)
        run = self._run_on(device, job, watch, record, stop)
        for item in heat.told(run.everything(self._checkpoint_bytes)):
            if isinstance(item, Progress):
                yield item
        return record.finished()
