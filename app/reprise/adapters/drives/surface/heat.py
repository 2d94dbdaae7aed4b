"""A drive that is too hot rests until it is cool again."""

from __future__ import annotations

import queue
import threading
import time
from collections.abc import Callable, Generator, Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

from reprise.adapters.drives.surface.meter import Meter
from reprise.adapters.drives.surface.record import Record
from reprise.adapters.drives.surface.rescue import Stopped
from reprise.domain.erasure.progress import Progress
from reprise.domain.pc.hardware import MediaKind
from reprise.domain.planning.policy import Temperature
from reprise.domain.report.events import ObservationKind, Update
from reprise.errors import RepriseError
from reprise.ports import DriveProbe, Job, StopFlag

Thermometer = Callable[[], int | None]  # degrees Celsius; None: not known. May take its time.

EVERY_S = 20.0
TICK_S = 0.25
# Without a reading for so long, a pause ends: a drive must not rest for ever because its sensor
# stopped to answer.
BLIND_S = 180.0
# A drive that does not get cool in so long although nothing is asked of it will not by waiting (no
# air, or a stuck sensor): the work ends, says why, and can be gone on with.
LONGEST_S = 1800.0
# Documentation/hwmon/sysfs-interface.rst of the kernel: temp1_input is in thousandths of a degree.
_PER_DEGREE = 1000
# drivetemp hangs below the SCSI device, nvme's sensor below its controller (which the head of a
# multipath namespace reaches through its subsystem).
_SENSORS = ("hwmon/hwmon*/temp1_input", "hwmon*/temp1_input", "nvme*/hwmon*/temp1_input")


class TooHotError(Exception):
    """The drive did not cool down while it rested: the work on it ends."""


def limits_of(media: MediaKind, temperature: Temperature) -> tuple[int, int]:
    """(pause at, go on at) in degrees Celsius. What is not known to be magnetic is taken for
    flash: its higher limits cannot keep a drive waiting that is at its normal temperature."""
    if media is MediaKind.HDD:
        return temperature.hdd_pause_c, temperature.hdd_resume_c
    return temperature.ssd_pause_c, temperature.ssd_resume_c


def sysfs_temperature(block: Path) -> int | None:
    """From the kernel's sensor of this very device; `block`: its folder in sysfs. The hottest one
    where there are several (a controller may have more than one sensor file by that name)."""
    device = block / "device"
    read = [_degrees(file) for pattern in _SENSORS for file in device.glob(pattern)]
    return max((value for value in read if value is not None), default=None)


def _degrees(file: Path) -> int | None:
    try:
        return round(int(file.read_text()) / _PER_DEGREE)
    except (OSError, ValueError):
        return None


def thermometer_of(job: Job, probe: DriveProbe, number: str) -> Thermometer | None:
    """`number`: major:minor of the open drive. The kernel's sensor, else what smartctl says; None
    for what cannot have a temperature (a file)."""
    if job.drive.media is MediaKind.FILE:
        return None
    block = Path("/sys/dev/block", number)

    def read() -> int | None:
        celsius = sysfs_temperature(block)
        if celsius is not None or job.drive.smart.temperature_c is None:
            return celsius
        try:
            return probe.probe_drive(job.drive.node).smart.temperature_c
        except (RepriseError, OSError):
            return None

    return read


class Heat:
    """Looks at the temperature now and then, in a thread of its own: a drive that hangs must not
    keep its thermometer's reader, and so the screen, waiting."""

    def __init__(
        self,
        record: Record,
        read: Thermometer | None,
        limits: tuple[int, int],
        stop: StopFlag,
        *,
        now: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._record, self._read, self._stop = record, read, stop
        self._now, self._sleep = now, sleep
        self._pause_c, self._resume_c = limits
        self._due = now()
        self._reading = False
        self._came: queue.SimpleQueue[int | None] = queue.SimpleQueue()
        self._noted = False
        self._celsius: int | None = None  # the newest reading

    def told(self, happenings: Generator[Update, None, None]) -> Iterator[Update]:
        """The same, each Progress with the drive's temperature."""
        with closing(happenings):
            for update in happenings:
                if isinstance(update, Progress):
                    yield replace(update, temperature_c=self._celsius)
                else:
                    yield update

    def rest(self, done_bytes: int, total_bytes: int) -> Iterator[Update]:
        """Where the drive is hot: pause until it is cool. Raises Stopped, TooHotError."""
        celsius = yield from self._look()
        if celsius is None or celsius < self._pause_c:
            return
        yield self._record.observe(
            ObservationKind.PAUSED_HOT, celsius=celsius, limit_celsius=self._pause_c
        )
        meter = Meter(self._record.drive, "cooling", total_bytes, now=self._now)
        yield from self._cool(celsius, meter, done_bytes)

    def _cool(self, celsius: int, meter: Meter, done_bytes: int) -> Iterator[Update]:
        seen_at = self._now()
        yield from meter.at(done_bytes, last=True)
        while celsius > self._resume_c and self._now() - seen_at < BLIND_S:
            if self._stop.is_set():
                raise Stopped
            if meter.elapsed_s >= LONGEST_S:
                raise TooHotError
            yield from meter.at(done_bytes)
            self._sleep(TICK_S)
            now = yield from self._look()
            if now is not None:
                celsius, seen_at = now, self._now()
        seconds = round(meter.elapsed_s)
        if celsius > self._resume_c:
            yield self._record.observe(ObservationKind.TEMPERATURE_UNKNOWN, seconds=seconds)
        else:
            yield self._record.observe(
                ObservationKind.RESUMED_COOL, celsius=celsius, seconds=seconds
            )

    def _look(self) -> Generator[Update, None, int | None]:
        """A fresh reading, where one has come in. Begins the next one when it is due."""
        celsius: int | None = None
        try:
            celsius = self._came.get_nowait()
        except queue.Empty:
            pass
        else:
            self._reading, self._celsius = False, celsius
            if celsius is None and not self._noted:
                self._noted = True
                yield self._record.observe(ObservationKind.TEMPERATURE_UNKNOWN)
        if self._read is not None and not self._reading and self._now() >= self._due:
            self._due = self._now() + EVERY_S
            self._reading = True
            read, came = self._read, self._came
            threading.Thread(
                target=lambda: came.put(read()), name="thermometer", daemon=True
            ).start()
        return celsius
