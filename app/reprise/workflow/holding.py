"""The report waits while a technician checks the PC's functions, but not for ever."""

from __future__ import annotations

from threading import Event, Lock

from reprise.ports import StopFlag

# Without a new result for so long, nobody is there any more: the proof of the erasure goes first.
PATIENCE_S = 15 * 60
_LOOK_S = 0.5


class Hold:
    """Taken by the screen that shows the checks, waited for by the work before it seals."""

    def __init__(self, patience_s: float = PATIENCE_S) -> None:
        self._free = Event()
        self._free.set()
        self._patience_s = patience_s
        self._left_s = patience_s
        self._lock = Lock()

    def take(self) -> None:
        self.touch()
        self._free.clear()

    def release(self) -> None:
        self._free.set()

    def touch(self) -> None:
        """The technician is still there."""
        with self._lock:
            self._left_s = self._patience_s

    def wait(self, stop: StopFlag) -> None:
        """Until it is released, the operator stops the work, or the patience is over."""
        while not (self._free.wait(_LOOK_S) or stop.is_set() or self._over()):
            pass

    def _over(self) -> bool:
        with self._lock:
            self._left_s -= _LOOK_S
            return self._left_s <= 0
