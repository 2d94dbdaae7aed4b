"""Several drives overwritten at once in this process, with a heartbeat beside them."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

from disks.rig import LoopProbe, Ran, job_for, run
from reprise.adapters.drives.overwrite import OverwriteSanitizer
from reprise.adapters.drives.surface.fastest import fastest_stream
from reprise.domain.planning.policy import Policy
from reprise.domain.report.events import Update

BEAT_S = 0.1


@dataclass
class Heartbeat:
    """Wakes ten times a second, as the screen does, and notes by how much it comes late (s)."""

    late_s: list[float] = field(default_factory=list)
    _over: threading.Event = field(default_factory=threading.Event)
    _thread: threading.Thread | None = None

    def __enter__(self) -> Heartbeat:
        self._thread = threading.Thread(target=self._beat)
        self._thread.start()
        return self

    def __exit__(self, *_exc: object) -> None:
        self._over.set()
        assert self._thread is not None
        self._thread.join()

    def _beat(self) -> None:
        while not self._over.is_set():
            due = time.monotonic() + BEAT_S
            time.sleep(BEAT_S)
            self.late_s.append(max(0.0, time.monotonic() - due))

    def worst_of(self, share: float) -> float:
        """The lateness that `share` of the beats do not exceed."""
        ordered = sorted(self.late_s)
        return ordered[min(len(ordered) - 1, int(share * len(ordered)))] if ordered else 0.0


def erase_all(
    nodes: Sequence[str], on_event: Callable[[Update], None] = lambda _item: None
) -> list[Ran]:
    """Every node in a thread of its own, as the workflow does. Each has its own key, and the stream
    that this PC makes fastest."""

    def one(number: int) -> Ran:
        job = job_for(nodes[number], key=bytes([number + 1]) * 32, stream=fastest_stream())
        return run(OverwriteSanitizer(LoopProbe(), Policy()), job, on_event)

    with ThreadPoolExecutor(len(nodes)) as pool:
        return list(pool.map(one, range(len(nodes))))
