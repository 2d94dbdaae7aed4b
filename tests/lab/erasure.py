"""A sanitize operation inside a drive: how far it is, and what it does to the medium."""

from __future__ import annotations

import enum
from collections.abc import Callable, Set

from lab.faults import Fault
from lab.media import Media

STUCK_AT = 0.01


class Run(enum.Enum):
    NONE = "none"
    RUNNING = "running"
    FAILED = "failed"
    SUCCEEDED = "succeeded"


class Erasure:
    """`clock` gives seconds. Nothing runs by itself: `settle()` brings the medium to where the
    clock says it is, and whoever looks at the medium or the state calls it first."""

    def __init__(
        self,
        media: Media,
        duration_s: float,
        clock: Callable[[], float],
        faults: Set[Fault] = frozenset(),
        missed_sectors: int = 256,
        on_success: Callable[[], None] = lambda: None,
    ) -> None:
        self._media, self._duration_s, self._clock = media, duration_s, clock
        self._faults, self._missed, self._on_success = faults, missed_sectors, on_success
        self.state = Run.NONE
        self._pattern: bytes | None = None
        self._started_s = 0.0

    @property
    def fraction(self) -> float:
        if Fault.SANITIZE_STUCK in self._faults:
            return STUCK_AT
        return min(1.0, (self._clock() - self._started_s) / max(self._duration_s, 1e-9))

    @property
    def progress(self) -> int:
        """Of 65536; never FFFFh while it runs, as that says "nothing runs" on ATA."""
        return min(int(self.fraction * 65536), 0xFFFE)

    def start(self, pattern: bytes | None) -> None:
        """`pattern` repeats over the medium; None changes the key (cryptographic erase)."""
        self._pattern, self.state, self._started_s = pattern, Run.RUNNING, self._clock()

    def forget(self) -> None:
        """Back to none: a power cycle after success, or a failure that was cleared."""
        self.state = Run.NONE

    def hurry(self) -> None:
        """Be done by the next look: a test that has seen it run need not wait for the clock."""
        self._duration_s = 0.0

    def settle(self) -> None:
        if self.state is not Run.RUNNING:
            return
        fails = {Fault.SANITIZE_FAILS_HALFWAY, Fault.SANITIZE_FAILS_KEEPS_DATA} & set(self._faults)
        if fails and self.fraction >= 0.5:
            self.state = Run.FAILED
            if Fault.SANITIZE_FAILS_HALFWAY in fails:
                self._media.erase_logical(self._pattern or b"\0", 0, self._media.sectors // 2)
        elif self.fraction >= 1.0:
            self.state = Run.SUCCEEDED
            self._erase()
            self._on_success()

    def _erase(self) -> None:
        media, pattern = self._media, self._pattern
        if Fault.SANITIZE_LIES in self._faults:
            return
        if Fault.SANITIZE_UNMAPS_ONLY in self._faults:
            media.deallocate(0, media.sectors)
        elif Fault.SANITIZE_LEAVES_SPARE in self._faults:
            media.erase_logical(pattern or b"\0")
        elif Fault.SANITIZE_MISSES_END in self._faults:
            media.erase_logical(pattern or b"\0", 0, media.sectors - self._missed)
            media.erase_spare()
        else:
            kept = self._kept() if Fault.SANITIZE_LEAVES_SECTORS in self._faults else {}
            if pattern is None:
                media.crypto_scramble()
            else:
                media.erase_all(pattern)
            for lba, data in kept.items():
                media.write(lba, data)

    def _kept(self) -> dict[int, bytes]:
        step = self._media.sectors // 8
        return {lba: self._media.read(lba, 1) for lba in range(step // 2 + 1, step * 8, step)}
