"""A sanitize operation of an NVM subsystem (Base 8.21): how far it is, and what it does."""

from __future__ import annotations

from collections.abc import Callable, Set
from dataclasses import dataclass

from lab.media import Media
from lab.nvme.codes import Action, SanitizeStatus
from lab.nvme.config import History, NvmeFault

STUCK_SPROG = 655
NOT_RUNNING_SPROG = 0xFFFF
_FAILURES = frozenset((NvmeFault.SANITIZE_FAILS_HALFWAY, NvmeFault.SANITIZE_FAILS_KEEPS_DATA))


@dataclass(frozen=True)
class Order:
    """CDW10 and CDW11 of a Sanitize command (Base 5.24)."""

    cdw10: int
    cdw11: int = 0

    @property
    def action(self) -> int:
        return self.cdw10 & 7

    @property
    def unrestricted_exit(self) -> bool:
        return bool(self.cdw10 >> 3 & 1)

    @property
    def passes(self) -> int:
        """OWPASS: 0 means 16."""
        return (self.cdw10 >> 4 & 0xF or 16) if self.action == Action.OVERWRITE else 1

    @property
    def keeps_allocated(self) -> bool:
        return bool(self.cdw10 >> 9 & 1)

    @property
    def purge_required(self) -> bool:
        """PREQ; the log answers with PRGD."""
        return bool(self.cdw10 >> 11 & 1)

    @property
    def last_pattern(self) -> bytes:
        """What the last overwrite pass writes: OIPBP (bit 8) inverts between passes."""
        inverted = self.cdw10 >> 8 & 1 and self.passes % 2 == 0
        return (self.cdw11 ^ (0xFFFF_FFFF if inverted else 0)).to_bytes(4, "little")


class Sanitizing:
    """Nothing runs by itself: `settle()` brings the media to where the clock says they are.
    `media()` gives those of the whole subsystem, `attached()` those that the host can see.
    `tells_purge` (SPRRS): it only clears, and leaves its spare area, unless it has to purge."""

    def __init__(
        self,
        media: Callable[[], list[Media]],
        attached: Callable[[], list[Media]],
        pass_s: float,
        clock: Callable[[], float],
        history: History,
        faults: Set[NvmeFault],
        *,
        tells_purge: bool = False,
    ) -> None:
        self._media, self._attached = media, attached
        self._pass_s, self._clock, self._faults = pass_s, clock, faults
        self.status, self.order = history.status, Order(history.cdw10)
        self._tells_purge = tells_purge
        self.exited = history.status != SanitizeStatus.FAILED
        self.globally_erased = False
        self._started_s = 0.0

    @property
    def fraction(self) -> float:
        duration = max(self._pass_s * self.order.passes, 1e-9)
        return min(1.0, (self._clock() - self._started_s) / duration)

    @property
    def running(self) -> bool:
        return self.status is SanitizeStatus.RUNNING

    @property
    def in_failure(self) -> bool:
        return self.status is SanitizeStatus.FAILED and not self.exited

    @property
    def sprog(self) -> int:
        if not self.running:
            return NOT_RUNNING_SPROG
        if NvmeFault.SANITIZE_STUCK in self._faults:
            return STUCK_SPROG
        return min(int(self.fraction * 65536), 0xFFFE)

    @property
    def sstat(self) -> int:
        done = 0
        if self.order.action == Action.OVERWRITE:
            full = self.order.passes if self.status is SanitizeStatus.SUCCEEDED else 0
            done = int(self.fraction * self.order.passes) if self.running else full
        purged = self.status is SanitizeStatus.SUCCEEDED and self._tells_purge and self._purges
        return self.status | (done & 0x1F) << 3 | self.globally_erased << 8 | purged << 11

    @property
    def _purges(self) -> bool:
        asked = self.order.purge_required or not self._tells_purge
        return asked and NvmeFault.SANITIZE_CLEARS not in self._faults

    def start(self, order: Order) -> None:
        if NvmeFault.SANITIZE_IGNORED in self._faults:
            return
        self.order, self.status, self._started_s = order, SanitizeStatus.RUNNING, self._clock()
        self.exited = self.globally_erased = False

    def exit_failure_mode(self) -> bool:
        """False where the operation was not allowed to be left (AUSE was 0)."""
        if self.in_failure and not self.order.unrestricted_exit:
            return False
        self.exited = True
        return True

    def power_cut(self) -> None:
        """It goes on after a power cut (Base 8.21.1); one kind of drive forgets it."""
        if NvmeFault.SANITIZE_FORGOTTEN in self._faults and self.running:
            self.status, self.order, self.exited = SanitizeStatus.NEVER, Order(0), True

    def settle(self) -> bool:
        """True where the operation has just ended."""
        if not self.running or NvmeFault.SANITIZE_STUCK in self._faults:
            return False
        if self._faults & _FAILURES and self.fraction >= 0.5:
            self.status = SanitizeStatus.FAILED
            if NvmeFault.SANITIZE_FAILS_HALFWAY in self._faults:
                for media in self._media():
                    media.erase_logical(b"\0", 0, media.sectors // 2)
        elif self.fraction >= 1.0:
            self.status, self.exited = SanitizeStatus.SUCCEEDED, True
            self.globally_erased = True
            self._erase()
        return not self.running

    def _erase(self) -> None:
        leaves = NvmeFault.SANITIZE_LEAVES_DETACHED in self._faults
        for media in self._attached() if leaves else self._media():
            self._erase_one(media)

    def _erase_one(self, media: Media) -> None:
        pattern = self._pattern()
        if NvmeFault.SANITIZE_LIES in self._faults:
            return
        if NvmeFault.SANITIZE_HALF in self._faults:
            media.erase_logical(pattern, 0, media.sectors // 2)
        elif NvmeFault.SANITIZE_UNMAPS_ONLY in self._faults:
            media.deallocate(0, media.sectors)
        elif NvmeFault.SANITIZE_LEAVES_SPARE in self._faults or not self._purges:
            media.erase_logical(pattern)
        elif self.order.action == Action.CRYPTO_ERASE:
            media.crypto_scramble()
            if not self.order.keeps_allocated:
                media.erase_logical(b"\0")  # the map is empty: reads give zeros (DLFEAT)
        else:
            media.erase_all(pattern)

    def _pattern(self) -> bytes:
        if self.order.action == Action.OVERWRITE:
            return self.order.last_pattern
        return b"\xff" if self.order.keeps_allocated else b"\0"
