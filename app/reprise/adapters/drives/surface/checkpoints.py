"""When an overwrite flushes and says how far it is."""

from __future__ import annotations

import time

CHECKPOINT_BYTES = 256 << 20
# At most, of one pass over a drive, however large and however slow: what a journal takes has an end
# (see journal.MOST). From 2 TiB on they are further apart: after a cut, 1/8192 of the drive is
# written again.
MOST = 8192
_MIN_S = 1.0  # a fast drive must not wear out the stick with checkpoints
_MAX_S = 10.0


class CheckpointClock:
    """When the next flush is due: after so many bytes, but not more often than once a second,
    and after ten seconds in any case; never before the drive's next MOSTth part is written."""

    def __init__(self, start: int, size_bytes: int, every_bytes: int) -> None:
        self._least = -(-size_bytes // MOST)
        self._every = max(every_bytes, self._least)
        self._last_bytes, self._last_s = start, time.monotonic()

    def at(self, done_bytes: int) -> bool:
        now = time.monotonic()
        passed, passed_s = done_bytes - self._last_bytes, now - self._last_s
        enough = passed >= self._every and passed_s >= _MIN_S
        late = passed >= self._least and passed_s >= _MAX_S
        if not enough and not late:
            return False
        self._last_bytes, self._last_s = done_bytes, now
        return True
