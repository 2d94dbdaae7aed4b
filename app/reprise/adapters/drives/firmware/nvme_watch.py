"""Is it our sanitize that the log speaks of, and where does it stand? Decides; asks nothing."""

from __future__ import annotations

from dataclasses import dataclass

from reprise.adapters.drives.firmware.step import WatchStep
from reprise.domain.drives.capabilities import SanitizeState
from reprise.wire.nvme_erase import SanitizeStatus

# After the command was accepted the log must speak of it; drives that are slow to say so get this.
_SETTLE_S = 5.0


@dataclass(slots=True)
class SanitizeWatch:
    """Follows one sanitize operation through the Sanitize Status log.

    `ours`: CDW10 of our command. `before`: the log just before it; None: it could not be read, so
    that only an operation that was seen running counts. `earlier`: our command was given by an
    earlier session; a success with that CDW10 counts where it was seen to run or where the drive
    says that nothing was written since, as it may have been used again.
    """

    ours: int
    before: SanitizeStatus | None
    stuck_after_s: float
    began_s: float
    earlier: bool = False
    seen_running: bool = False
    _last: tuple[int, int, int] | None = None
    _moved_s: float | None = None

    def see(self, now: SanitizeStatus | None, at_s: float) -> WatchStep:
        """`now`: the log, None where it could not be read; `at_s`: on the clock of `began_s`."""
        if self._moved_s is None:
            self._moved_s = self.began_s
        if now is not None and now.words != self._last:
            self._last, self._moved_s = now.words, at_s
        step = WatchStep.GOING_ON if now is None else self._said(now, at_s)
        if step is WatchStep.GOING_ON and at_s - self._moved_s > self.stuck_after_s:
            return WatchStep.HUNG
        return step

    def _said(self, now: SanitizeStatus, at_s: float) -> WatchStep:
        mine = now.cdw10 == self.ours
        if now.state is SanitizeState.RUNNING:
            self.seen_running = self.seen_running or mine
            return WatchStep.GOING_ON  # a stranger's ends too, and only then can it be told
        if now.state is SanitizeState.UNKNOWN:
            return WatchStep.GOING_ON
        if not self._is_new(now):
            settling = not self.earlier and at_s - self.began_s < _SETTLE_S
            return WatchStep.GOING_ON if settling else self._old(now)
        if not mine:
            return WatchStep.NOT_OURS
        if now.only_cleared:
            return WatchStep.FAILED
        return {
            SanitizeState.SUCCEEDED: WatchStep.FINISHED,
            SanitizeState.FAILED: WatchStep.FAILED,
        }.get(now.state, WatchStep.NOT_OURS)

    def _is_new(self, now: SanitizeStatus) -> bool:
        """Whether `now` cannot be left over from before our command, or from before the drive was
        used again."""
        if self.seen_running:
            return True
        if self.earlier:
            return now.untouched_since
        return self.before is not None and now.words not in (
            self.before.words,
            self.before.rewritten.words,
        )

    @staticmethod
    def _old(now: SanitizeStatus) -> WatchStep:
        return WatchStep.FAILED if now.state is SanitizeState.FAILED else WatchStep.NOT_OURS
