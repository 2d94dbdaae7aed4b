"""One played drive: what is on it, how fast it is, and what it does when it is told to erase
itself. It knows no verdict; it only answers."""

from __future__ import annotations

import errno
import os
import zlib
from collections.abc import Iterator
from dataclasses import replace
from threading import Lock

from reprise.adapters.demo.clock import PlayedTime
from reprise.adapters.demo.machines import Bad, Disk, Manner
from reprise.adapters.drives.blockio import BlockFile, DriveGoneError
from reprise.adapters.drives.surface.compare import Difference
from reprise.adapters.drives.surface.erased_pattern import Pattern
from reprise.adapters.drives.surface.rescue import BadSpan
from reprise.domain.drives.capabilities import Capabilities, Support
from reprise.domain.erasure.pattern import Span
from reprise.domain.pc.hardware import Drive
from reprise.domain.planning.techniques import Technique

_STEP_BYTES = 1 << 20  # what a drive moves is whole MiB
_PULLED_AT = 0.3  # of the first pass: when a drive that shall be unplugged is
_HOT_AT = 0.2
_COOLS_C = 1  # degrees between two readings, while it rests
_SPREAD = 0.08  # no two drives of one kind are equally fast


class PlayedDrive:
    """`lies`: it says that it erased itself and did nothing. `hot`: it overheats once. `pulled`:
    somebody unplugs it. Used by one thread at a time, but for its temperature."""

    def __init__(self, disk: Disk, time: PlayedTime) -> None:
        self.recorded = disk.drive
        self.volumes = disk.volumes
        self.manner = disk.manner or Manner(1.0, 1.0)
        self.lies = self.hot = self.pulled = False
        self.gone = False
        self.progress = 0.0  # 0…1 of the pass under way
        self._capabilities = disk.capabilities
        self._time = time
        luck = zlib.crc32((disk.drive.identity.serial or "").encode()) / 2**32
        self._pace = 1 - _SPREAD * luck
        self._shows: Pattern | None = None  # None: somebody's data
        self._stream = ""  # the job whose stream stands on the first `_covered` bytes
        self._covered = 0
        self._marks: dict[int, bytes] = {}
        self._peak_c: int | None = None
        self._lock = Lock()

    # what a probe sees

    @property
    def drive(self) -> Drive:
        """As it is now: what was erased has no partitions any more."""
        if self._shows is None and not self._stream:
            return self.recorded
        return replace(self.recorded, partitions=(), partition_table=None, fs_type=None, label=None)

    @property
    def capabilities(self) -> Capabilities:
        return self._capabilities

    @property
    def frozen(self) -> bool:
        ata = self._capabilities.ata
        return ata is not None and ata.security_frozen is Support.YES

    def thaw(self) -> None:
        """It lost its power in a suspend."""
        ata = self._capabilities.ata
        if ata is not None:
            thawed = replace(ata, security_frozen=Support.NO)
            self._capabilities = replace(self._capabilities, ata=thawed)

    def celsius(self, pause_c: int) -> int | None:
        """`pause_c`: where the station lets it rest; one that overheats passes it once."""
        with self._lock:
            if self.hot and self._peak_c is None and self.progress >= _HOT_AT:
                self._peak_c = pause_c + 3
            elif self._peak_c is not None:
                self._peak_c -= _COOLS_C
            usual = self.recorded.smart.temperature_c
            return usual if self._peak_c is None else max(self._peak_c, usual or 0)

    # time passes

    def moves(self, at: int, rate_bytes_s: float) -> int:
        """Works for one tick; how many bytes it moved. Raises DriveGoneError."""
        began_s = self._time.monotonic()
        self._time.sleep(self._time.tick_s)
        passed_s = self._time.monotonic() - began_s
        size = self.recorded.identity.size_bytes
        self.at_part(at / size)
        slowing = 1 - (1 - self.manner.inner) * at / size
        moved = int(rate_bytes_s * self._pace * slowing * passed_s)
        return max(moved - moved % _STEP_BYTES, _STEP_BYTES)

    def at_part(self, part: float) -> None:
        """Raises DriveGoneError where it is unplugged now."""
        self.progress = part
        if self.pulled and part >= _PULLED_AT:
            self.gone = True
        if self.gone:
            raise DriveGoneError(self.recorded.node)

    # the surface

    def writes(self, job_id: str, span: Span) -> tuple[BadSpan, ...]:
        """The job's stream on `span`; what could not be written."""
        if self._stream != job_id:
            self._stream, self._covered = job_id, 0
            self._marks.clear()
        self._covered = max(self._covered, span.end)
        return tuple(self._failing(span, frozenset({"write"})))

    def carries(self, job_id: str, until: int) -> bool:
        """Whether all bytes before `until` are this job's stream."""
        return self._stream == job_id and self._covered >= until

    def reads(self, job_id: str, span: Span) -> tuple[tuple[BadSpan, ...], Difference]:
        """What could not be read, and what is not the job's stream."""
        bad = tuple(self._failing(span, frozenset({"write", "read"})))
        if self.carries(job_id, span.end):
            return bad, Difference()
        return bad, Difference((span,))

    def shows(self, span: Span) -> tuple[tuple[BadSpan, ...], Pattern]:
        bad = tuple(self._failing(span, frozenset({"write", "read"})))
        if self._shows is None or self._stream:
            return bad, Pattern.RANDOM if self._stream else Pattern.DATA
        return bad, self._shows

    def erases_itself(self) -> None:
        """Its own command came to its end."""
        if not self.lies:
            self._shows, self._stream, self._covered = self.manner.erased_shows, "", 0
            self._marks.clear()

    def breaks_off(self, technique: Technique) -> bool:
        return technique in self.manner.erase_fails

    def mark(self, offset: int, data: bytes) -> None:
        """Raises OSError where a bad sector is."""
        self._check(offset, len(data), frozenset({"write"}))
        self._marks[offset] = data

    def marked(self, offset: int, length: int) -> bytes:
        """The mark that stands there, else zeros. Raises OSError where it cannot be read."""
        self._check(offset, length, frozenset({"write", "read"}))
        return self._marks.get(offset, bytes(length))

    def _check(self, offset: int, length: int, kinds: frozenset[str]) -> None:
        if next(self._failing(Span(offset, length), kinds), None) is not None:
            raise OSError(errno.EIO, os.strerror(errno.EIO), self.recorded.node)

    def _failing(self, span: Span, kinds: frozenset[str]) -> Iterator[BadSpan]:
        for bad in self.manner.bad:
            part = self._cut(bad, span)
            if bad.fails in kinds and part.length > 0:
                yield BadSpan(part, errno.EIO)

    def _cut(self, bad: Bad, span: Span) -> Span:
        sector = self.recorded.logical_sector_bytes
        first = max(bad.lba * sector, span.offset)
        return Span(first, min((bad.lba + bad.count) * sector, span.end) - first)


class PlayedDevice(BlockFile):
    """A played drive as the surface code opens it: marks are real bytes on it."""

    def __init__(self, drive: PlayedDrive) -> None:
        """Raises DriveGoneError. Nothing of the machine that this runs on is opened."""
        if drive.gone:
            raise DriveGoneError(drive.recorded.node)
        self.played = drive
        self.node = drive.recorded.node
        self.number = ""
        self.size_bytes = drive.recorded.identity.size_bytes
        self.logical_bytes = drive.recorded.logical_sector_bytes
        self.physical_bytes = drive.recorded.physical_sector_bytes
        self.read_only = drive.recorded.read_only

    def close(self) -> None:
        """Nothing is held."""

    def read_into(self, offset: int, buffer: memoryview) -> None:
        buffer[:] = self.played.marked(offset, len(buffer))

    def write_from(self, offset: int, buffer: memoryview) -> None:
        self.played.mark(offset, bytes(buffer))

    def flush(self) -> None:
        """Nothing is cached."""

    def drop_cache(self) -> None:
        """Nothing is cached."""

    def is_there(self) -> bool:
        return not self.played.gone
