"""A SCSI or SAS drive without a cable: SANITIZE (SBC-4 5.30) with progress, block I/O, errors."""

from __future__ import annotations

import struct
import time
from collections.abc import Callable

from lab.erasure import Erasure, Run
from lab.media import Media
from lab.scsi.config import BLOCK_ERASE, CRYPTO, EXIT_FAILURE, OVERWRITE, ScsiConfig
from lab.scsi.disk import Data, Disk
from lab.scsi.log_pages import log_page
from lab.scsi.pages import About
from lab.scsi.sense import (
    MEDIUM_ERROR,
    NO_SENSE,
    NOT_READY,
    TASK_ABORTED,
    Reply,
    ScsiError,
    Sense,
    invalid_field,
    invalid_parameter,
    medium_error,
)

_IN_PROGRESS, _FAILED = 0x041B, 0x3103  # sanitize in progress; SANITIZE command failed
# What is carried out while a sanitize runs or has failed (SBC-4 4.11.2); TEST UNIT READY says by
# itself that the drive is not ready. The kernel retries refused reads until the sanitize is over.
_ALWAYS = frozenset({0x00, 0x03, 0x12, 0x1A, 0x4D, 0x5A, 0xA3})
_CAPACITY = frozenset({0x25, 0x9E})


def overwrite_pattern(data: bytes) -> bytes:
    """What the last pass writes, from the parameter list (SBC-4 5.30.2.2). Byte 0: INVERT in
    bit 7, overwrite count in bits 4:0; bytes 2 and 3: length of the pattern that follows. Where
    passes are inverted, the first one is chosen so that the last one writes the pattern."""
    count, (length,) = data[0] & 0x1F, struct.unpack_from(">H", data, 2)
    pattern = data[4 : 4 + length]
    if not count or not length or len(pattern) < length:
        raise invalid_parameter()
    return pattern


class ScsiDevice:
    """`clock`: seconds. `wait(s)`: passes that time and says whether the power stayed on."""

    def __init__(
        self,
        config: ScsiConfig,
        clock: Callable[[], float] = time.monotonic,
        wait: Callable[[float], bool] | None = None,
    ) -> None:
        self.config, self._wait = config, wait or _sleep
        self.medium = Media(
            config.sectors, config.sector_bytes, config.spare_sectors, kind=config.kind
        )
        self.faults = set(config.faults)  # may be changed while the drive runs
        self.bad_reads, self.bad_writes = list(config.bad_reads), list(config.bad_writes)
        self.run = Erasure(
            self.medium, config.sanitize_s, clock, self.faults, config.missed_sectors
        )
        self._allows_exit = False
        self.disk = Disk(self)
        for action in (*config.sanitizes, *([EXIT_FAILURE] if config.sanitizes else [])):
            self.disk.add(0x48, action, self._sanitize)
        self.disk.add(0x4D, None, self._log_sense)
        if not config.reports_opcodes:
            self.disk.drop(0xA3, 0x0C)

    @property
    def media(self) -> Media:
        self.run.settle()
        return self.medium

    @property
    def about(self) -> About:
        config = self.config
        return About(
            config.vendor,
            config.product,
            config.revision,
            config.serial,
            config.wwn,
            1 if config.kind == "ssd" else 10_000,
            config.sector_bytes,
            config.physical_sector_bytes,
            unmaps=config.unmaps,
        )

    @property
    def sectors(self) -> int:
        return self.config.sectors

    @property
    def sector_bytes(self) -> int:
        return self.config.sector_bytes

    def power_on(self, by_resume: bool = False) -> None:
        """A sanitize goes on, its failure stays (SBC-4 4.11.3)."""
        if self.run.state is Run.SUCCEEDED:
            self.run.forget()

    def handle(self, cdb: bytes, data: Data, room: int) -> Reply:
        self.run.settle()
        hang_s = self.config.hang_s.get(cdb[0], 0.0)
        if hang_s and not self._wait(hang_s):
            return Reply(TASK_ABORTED)
        if self.run.state in (Run.RUNNING, Run.FAILED) and not self._still_allowed(cdb[0]):
            return self.disk.refuse(cdb, self.condition())
        return self.disk.handle(cdb, data, room)

    def _still_allowed(self, opcode: int) -> bool:
        if opcode in _CAPACITY:
            return not self.config.hides_capacity
        return opcode in _ALWAYS or (opcode == 0x48 and self.run.state is Run.FAILED)

    def condition(self) -> Sense:
        if self.run.state is Run.RUNNING:
            return Sense(NOT_READY, _IN_PROGRESS, progress=self.run.progress)
        if self.run.state is Run.FAILED:
            return Sense(MEDIUM_ERROR, _FAILED)
        return Sense(NO_SENSE)

    def ready(self) -> None:
        if self.run.state in (Run.RUNNING, Run.FAILED):
            raise ScsiError(self.condition())

    def _sanitize(self, cdb: bytes, data: Data) -> Reply:
        """Byte 1: IMMED in bit 7, AUSE in bit 5. Without IMMED the command ends with the
        operation."""
        action = cdb[1] & 0x1F
        if action == EXIT_FAILURE:
            return self._exit_failure()
        length = struct.unpack_from(">H", cdb, 7)[0]
        most = self.config.sector_bytes + 4
        if not (4 < length <= most if action == OVERWRITE else length == 0):
            raise invalid_field()
        pattern = {BLOCK_ERASE: b"\0", CRYPTO: None}.get(action)
        if action == OVERWRITE:
            pattern = overwrite_pattern(bytes(data[:length]))
        self._allows_exit = bool(cdb[1] & 0x20)
        self.run.start(pattern)
        return Reply() if cdb[1] & 0x80 else self._until_done()

    def _until_done(self) -> Reply:
        while self.run.state is Run.RUNNING:
            if not self._wait(min(0.05, self.config.sanitize_s)):
                return Reply(TASK_ABORTED)
            self.run.settle()
        self.ready()
        return Reply()

    def _log_sense(self, cdb: bytes, data: Data) -> Reply:
        made = log_page(cdb[2] & 0x3F, self.config.temperature_c)
        if made is None or cdb[3]:
            raise invalid_field()
        return Reply(data=made[: struct.unpack_from(">H", cdb, 7)[0]])

    def _exit_failure(self) -> Reply:
        if self.run.state is Run.FAILED:
            if not self._allows_exit:
                raise invalid_field()
            self.run.forget()
        return Reply()

    def _first_bad(self, bad: list[range], lba: int, count: int) -> int | None:
        hits = [
            max(lba, each.start) for each in bad if each.start < lba + count and each.stop > lba
        ]
        return min(hits) if hits else None

    def read(self, lba: int, count: int) -> bytes:
        bad = self._first_bad(self.bad_reads, lba, count)
        if bad is not None:
            raise medium_error(bad, writing=False)
        return self.medium.read(lba, count)

    def write(self, lba: int, data: Data) -> None:
        size = self.config.sector_bytes
        bad = self._first_bad(self.bad_writes, lba, len(data) // size)
        if bad is None:
            self.medium.write(lba, data)
            return
        if bad > lba:
            self.medium.write(lba, data[: (bad - lba) * size])
        raise medium_error(bad, writing=True)

    def unmap(self, lba: int, count: int) -> None:
        self.medium.deallocate(lba, count)

    def flush(self) -> None:
        """Nothing is cached."""


def _sleep(seconds: float) -> bool:
    time.sleep(seconds)
    return True
