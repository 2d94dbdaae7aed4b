"""What a SCSI drive says while it sanitizes itself, and what that means for our command.

Pure: told senses and times, gives steps. SCSI keeps no word on a sanitize that succeeded: a drive
that is ready again, without a failure, is all there is to see.
"""

from __future__ import annotations

from reprise.adapters.drives.firmware.step import WatchStep
from reprise.wire.sense import OPERATION_IN_PROGRESS, SANITIZE_IN_PROGRESS, Sense, SenseKey

_CALM = frozenset({SenseKey.NO_SENSE, SenseKey.RECOVERED_ERROR})
# NO SENSE with these is no rest: REQUEST SENSE may tell of a unit at work under either key.
_AT_WORK = (SANITIZE_IN_PROGRESS, OPERATION_IN_PROGRESS)
_LOOKS = 2  # how often "nothing going on" must be said where the operation was never seen running


class ScsiWatch:
    """`stuck_after_s`: no progress for so long is a hang; `silent_after_s`: the same where the
    drive tells no progress at all. `earlier`: the command was given in an earlier session."""

    def __init__(
        self, stuck_after_s: float, silent_after_s: float, now: float, *, earlier: bool
    ) -> None:
        self._stuck_after_s, self._silent_after_s = stuck_after_s, silent_after_s
        self._moved_at = now
        self._earlier = earlier
        self._calm = 0
        self.seen_running = False
        self.progress: int | None = None  # 65,536ths, the last that was told
        self.last: Sense | None = None

    def see(self, sense: Sense | None, now: float) -> WatchStep:
        """What REQUEST SENSE (or a refused command) told; None: no answer that can be read."""
        self.last = sense or self.last
        if sense is not None and sense.sanitize_failed:
            return WatchStep.FAILED
        if sense is not None and sense.sanitizing:
            self._running(sense, now)
        elif sense is not None and sense.key in _CALM and sense.code not in _AT_WORK:
            return WatchStep.CALM
        else:
            self._calm = 0
        limit_s = self._stuck_after_s
        if self.seen_running and self.progress is None:
            limit_s = max(limit_s, self._silent_after_s)
        return WatchStep.HUNG if now - self._moved_at > limit_s else WatchStep.GOING_ON

    def _running(self, sense: Sense, now: float) -> None:
        told = self.progress if sense.progress is None else sense.progress
        if not self.seen_running or told != self.progress:
            self._moved_at = now
        self.seen_running, self.progress = True, told

    def ready(self) -> WatchStep:
        """After CALM: the unit said that it is ready."""
        self._calm += 1
        if self.seen_running:
            return WatchStep.FINISHED
        if self._calm < _LOOKS:
            return WatchStep.GOING_ON
        return WatchStep.NOT_OURS if self._earlier else WatchStep.FINISHED
