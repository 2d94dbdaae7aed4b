"""What is watched beside the transfers of one drive: the operator's wish, its heat, and a transfer
that does not come back."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator

from reprise.adapters.drives.surface.heat import Heat
from reprise.adapters.drives.surface.meter import Meter
from reprise.adapters.drives.surface.record import Record
from reprise.adapters.drives.surface.rescue import Stopped
from reprise.domain.report.events import Event, ObservationKind, Update
from reprise.ports import StopFlag

# The kernel gives a command 30 s (SCSI disks: SD_TIMEOUT in drivers/scsi/sd.h; NVMe: nvme_core's
# io_timeout) before it resets a drive and tries again: longer than that is worth telling.
TELL_AFTER_S = 60.0


class HungError(Exception):
    """Nothing moved for so long that the attempt is given up. The transfer may still be pending
    in the kernel."""

    def __init__(self, operation: str, seconds: float) -> None:
        super().__init__(operation)
        self.operation = operation
        self.seconds = round(seconds)


class Watch:
    """Call `waiting` while nothing comes back and `moved` for what came back."""

    def __init__(
        self,
        record: Record,
        stop: StopFlag,
        heat: Heat,
        give_up_s: float,
        now: Callable[[], float] = time.monotonic,
    ) -> None:
        self._record, self._stop, self._heat = record, stop, heat
        self._give_up_s, self._now = give_up_s, now
        self._operation = ""
        self._since = now()
        self._told = False

    def begin(self, operation: str) -> None:
        """`operation`: "write", "flush", "read"."""
        self._operation, self._since, self._told = operation, self._now(), False

    def waiting(self, meter: Meter) -> Iterator[Update]:
        """Raises Stopped, HungError."""
        self._check_stop()
        yield from meter.same()
        waited = self._now() - self._since
        if waited >= TELL_AFTER_S and not self._told:
            self._told = True
            yield self._stalled(waited, ended=0)
        if waited >= self._give_up_s:
            raise HungError(self._operation, waited)

    def moved(self, done_bytes: int, total_bytes: int) -> Iterator[Update]:
        """Raises Stopped. Rests where the drive is hot."""
        self._check_stop()
        if self._told:
            yield self._stalled(self._now() - self._since, ended=1)
        self._told = False
        yield from self._heat.rest(done_bytes, total_bytes)
        self._since = self._now()

    def stopping(self) -> bool:
        """Whether the operator asked to stop."""
        return self._stop.is_set()

    def leaving(self) -> Iterator[Event]:
        """How long a transfer has been hanging, where the work ends because of it."""
        if self._told:
            yield self._stalled(self._now() - self._since, ended=0)

    def _stalled(self, waited_s: float, *, ended: int) -> Event:
        return self._record.observe(
            ObservationKind.STALLED,
            operation=self._operation,
            seconds=round(waited_s),
            ended=ended,
        )

    def _check_stop(self) -> None:
        if self.stopping():
            raise Stopped
