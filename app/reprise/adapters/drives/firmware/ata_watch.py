"""What an ATA drive says while it sanitizes itself, and what that means for our command.

Pure: told states and times, gives steps. The drive does not say which command its last success
was of, so the state before ours was given decides.
"""

from __future__ import annotations

from reprise.adapters.drives.firmware.step import WatchStep
from reprise.domain.drives.capabilities import SanitizeState
from reprise.wire.sat import SanitizeStatus

# Where the success bit itself is cut off: a drive that failed says so, and none freezes itself, so
# one that ran and runs no more has succeeded. One that still runs may say the same for a moment;
# for longer, the read-back would find it refusing to be read.
_ENDED_LOOKS = 10
_LOOKS = 2  # how often "nothing going on" must be said: one answer may come from a reset


class AtaWatch:
    """`before`: what stood before our command. `earlier`: it was given in an earlier session, and
    `before` is the first look at it: only what is seen to run counts, as a success may outlive the
    power (not every drive forgets it at power-on), and the drive may have been used again since."""

    def __init__(
        self, before: SanitizeState, stuck_after_s: float, now: float, *, earlier: bool
    ) -> None:
        self._stuck_after_s = stuck_after_s
        self._moved_at = now
        none_stood = before in (SanitizeState.IDLE, SanitizeState.FAILED)
        self._trusts_success = none_stood and not earlier
        self._idle = self._ended = 0
        self.seen_running = earlier and before is SanitizeState.RUNNING
        self.progress = 0  # 65,536ths, the last that was told

    def see(self, status: SanitizeStatus | None, now: float) -> WatchStep:
        """`status` None: no answer that can be read."""
        state = status.state if status is not None else SanitizeState.UNKNOWN
        if status is not None and state is SanitizeState.RUNNING:
            self._running(status, now)
        elif state is SanitizeState.FAILED:
            return WatchStep.FAILED
        elif state is SanitizeState.SUCCEEDED:
            return (
                WatchStep.FINISHED
                if self._trusts_success or self.seen_running
                else WatchStep.NOT_OURS
            )
        elif status is not None and status.ended:
            return self._end()
        elif state in (SanitizeState.IDLE, SanitizeState.FROZEN):
            self._idle += 1
            if self._idle >= _LOOKS:
                return WatchStep.NOT_OURS
        return WatchStep.HUNG if now - self._moved_at > self._stuck_after_s else WatchStep.GOING_ON

    def _running(self, status: SanitizeStatus, now: float) -> None:
        self._idle = self._ended = 0
        if not self.seen_running or status.progress != self.progress:
            self._moved_at = now
        self.seen_running = True
        self.progress = status.progress

    def _end(self) -> WatchStep:
        self._ended += 1
        if self._ended < _ENDED_LOOKS:
            return WatchStep.GOING_ON
        return (
            WatchStep.FINISHED if self._trusts_success or self.seen_running else WatchStep.NOT_OURS
        )
