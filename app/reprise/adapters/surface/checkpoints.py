"""When an overwrite flushes and says how far it is."""

from __future__ import annotations

import time

CHECKPOINT_BYTES = 256 << 20
_MIN_S = 1.0  # a fast drive must not wear out the stick with checkpoints
_MAX_S = 10.0


class CheckpointClock:
    """When the next flush is due: after so many bytes, but not more often than once a second,
    and after ten seconds in any case."""

    def __init__(self, start: int, every_bytes: int) -> None:
        self._every = every_bytes
        self._last_bytes, self._last_s = start, time.monotonic()

    def at(self, done_bytes: int) -> bool:
        now = time.monotonic()
        passed_s = now - self._last_s
        enough = done_bytes - self._last_bytes >= self._every and passed_s >= _MIN_S
        if not enough and passed_s < _MAX_S:
            return False
        self._last_bytes, self._last_s = done_bytes, now
        return True
