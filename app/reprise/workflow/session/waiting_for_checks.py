"""The report waits while a technician checks the PC's functions, but not for ever."""

from __future__ import annotations

from dataclasses import dataclass
from threading import Event, Lock

from reprise.ports import StopFlag

# Without a new result for so long, nobody is there any more: the proof of the erasure goes first.
PATIENCE_S = 15 * 60
# A screen that crashed or was unplugged holds nothing: it says again and again that it is there.
RENEW_S = 5.0
LEASE_S = 20.0
_LOOK_S = 0.5


@dataclass(frozen=True, slots=True)
class Held:
    """Whether a technician is at the checks: the report waits then."""

    held: bool


class Hold:
    """Taken by the screen that shows the checks, waited for by the work before it seals."""

    def __init__(self, patience_s: float = PATIENCE_S, lease_s: float = LEASE_S) -> None:
        self._free = Event()
        self._free.set()
        self._patience_s, self._lease_s = patience_s, lease_s
        self._patience_left_s: float  # since `take`
        self._lease_left_s: float
        self._lock = Lock()

    def take(self) -> None:
        """Or take it again: no patience comes with that."""
        if self._free.is_set():
            self.touch()
        with self._lock:
            self._lease_left_s = self._lease_s
        self._free.clear()

    def release(self) -> None:
        self._free.set()

    def touch(self) -> None:
        """The technician is still there: a result came."""
        with self._lock:
            self._patience_left_s = self._patience_s

    def wait(self, stop: StopFlag) -> None:
        """Until it is released or no more renewed, the operator stops the work, or the patience
        is over."""
        while not (self._free.wait(_LOOK_S) or stop.is_set() or self._over()):
            pass

    def _over(self) -> bool:
        with self._lock:
            self._patience_left_s -= _LOOK_S
            self._lease_left_s -= _LOOK_S
            return min(self._patience_left_s, self._lease_left_s) <= 0
