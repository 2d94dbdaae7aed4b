"""The NVM subsystem behind the emulated controller: its media, its state, its clock."""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from lab.media import Media
from lab.nvme.codes import SANITIZE_COMPLETED_EVENT, Sanicap
from lab.nvme.config import LBA_FORMATS, NamespaceConfig, NvmeConfig, NvmeFault
from lab.nvme.sanitize import Sanitizing

MIB = 1024 * 1024
TICK_S = 0.02
SECTOR = 512  # the media's own unit, whatever the LBA format is


@dataclass
class Namespace:
    """`media` is in sectors of 512 bytes, so that another LBA format keeps what is there."""

    nsid: int
    media: Media
    lba_format: int
    attached: bool = True
    write_protected: bool = False
    unreadable: set[int] = field(default_factory=set)
    formatting: bool = False

    @property
    def sector_bytes(self) -> int:
        return LBA_FORMATS[self.lba_format]

    @property
    def sectors(self) -> int:
        return self.media.sectors * SECTOR // self.sector_bytes


@dataclass(frozen=True)
class Command:
    """An admin command that arrived (Keep Alive and event requests are left out)."""

    opcode: int
    nsid: int
    cdw10: int
    cdw11: int
    status: int
    at_s: float  # monotonic


class Clock:
    """Seconds during which the drive had power: what it does stands still in a power cut."""

    def __init__(self) -> None:
        self._off_since: float | None = None
        self._off_s = 0.0

    def __call__(self) -> float:
        now = time.monotonic() if self._off_since is None else self._off_since
        return now - self._off_s

    def stop(self) -> None:
        if self._off_since is None:
            self._off_since = time.monotonic()

    def go_on(self) -> None:
        if self._off_since is not None:
            self._off_s += time.monotonic() - self._off_since
            self._off_since = None


def _make(config: NamespaceConfig) -> Namespace:
    media = Media(config.mib * MIB // SECTOR, SECTOR, config.spare_sectors, "ssd")
    fill(media, config.content)
    return Namespace(
        config.nsid,
        media,
        LBA_FORMATS.index(config.sector_bytes),
        config.attached,
        config.write_protected,
        set(config.unreadable),
    )


def fill(media: Media, content: bytes) -> None:
    if content:
        media.write(0, content + bytes(-len(content) % SECTOR))


class Subsystem:
    """Everything is done under `lock`. `notify` is called with each asynchronous event."""

    def __init__(self, config: NvmeConfig) -> None:
        self.config = config
        self.lock = threading.RLock()
        self.clock = Clock()
        self.serial = config.serial
        self.namespaces = {one.nsid: _make(one) for one in config.namespaces}
        self.unallocated = Media(config.unallocated_mib * MIB // SECTOR, SECTOR, 0, "ssd")
        fill(self.unallocated, config.unallocated_content)
        self.sanitizing = Sanitizing(
            self.all_media,
            self.attached_media,
            config.sanitize_s,
            self.clock,
            config.history,
            config.faults,
            tells_purge=bool(config.sanicap & Sanicap.PURGE_REPORTED),
        )
        self.orphans: list[Media] = []  # spare areas of namespaces that were deleted
        self.refuse, self.hang = dict(config.refuse), dict(config.hang)
        self.commands: list[Command] = []
        self.io: Counter[int] = Counter()
        self.changed: list[int] = []
        self.features: dict[int, int] = {}
        self.power_cuts = self.media_errors = 0
        self.io_waits_until = 0.0  # monotonic
        self.notify: Callable[[int], None] = lambda _event: None
        # admin opcode -> what carries it out (the entry, the data): see lab.nvme.opal
        self.more: dict[int, Callable[[Any, bytes], Any]] = {}

    def all_media(self) -> list[Media]:
        return [one.media for one in self.namespaces.values()] + [
            self.unallocated,
            *self.orphans,
        ]

    def attached_media(self) -> list[Media]:
        return [one.media for one in self.namespaces.values() if one.attached]

    def attached(self, nsid: int) -> Namespace | None:
        found = self.namespaces.get(nsid)
        return found if found is not None and found.attached else None

    def faulty(self, fault: NvmeFault) -> bool:
        return fault in self.config.faults

    def settle(self) -> None:
        """Let everything happen that the clock says has happened."""
        with self.lock:
            ended = self.sanitizing.settle()
            if ended and self.sanitizing.globally_erased:
                self.erased()
        if ended:
            self.notify(SANITIZE_COMPLETED_EVENT)

    def erased(self) -> None:
        """An erase of the drive's own has succeeded."""
        if self.faulty(NvmeFault.CHANGES_SERIAL):
            self.serial = self.config.serial[::-1]

    def stays_on(self, seconds: float) -> bool:
        """Wait (without the lock). False where the power went meanwhile."""
        cuts, end = self.power_cuts, time.monotonic() + seconds
        while (left := end - time.monotonic()) > 0 and self.power_cuts == cuts:
            time.sleep(min(left, TICK_S))
        return self.power_cuts == cuts

    def io_stays_on(self) -> bool:
        """Where I/O was told to hang: wait for the end of that."""
        return self.stays_on(max(0.0, self.io_waits_until - time.monotonic()))

    def power_off(self) -> None:
        self.settle()
        with self.lock:
            self.clock.stop()
            self.power_cuts += 1
            self.sanitizing.power_cut()

    def power_on(self) -> None:
        with self.lock:
            self.clock.go_on()
