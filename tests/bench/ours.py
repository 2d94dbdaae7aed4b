"""One measured run of the overwrite, in a process of its own: python ours.py NODE… -> JSON.

Seconds of each phase as the product itself reports them, the processor's seconds, and the memory
beyond what Python and the imports take.
"""

from __future__ import annotations

import json
import resource
import sys
import threading
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from disks.side_by_side import Heartbeat, erase_all
from reprise.adapters.drives.surface.fastest import fastest_stream
from reprise.domain.report.events import Update, VerifyStarted


def _cpu_s() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def _peak_mib() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def main() -> None:
    nodes = sys.argv[1:]
    at_verify: list[float] = []

    def on_event(item: Update) -> None:
        if isinstance(item, VerifyStarted):
            at_verify.append(_cpu_s())

    stream = fastest_stream()  # as the engine asks, before the first drive
    base_mib, began, cpu = _peak_mib(), time.monotonic(), _cpu_s()
    with Heartbeat() as heart:
        ran = erase_all(nodes, on_event)
    ended, wall_s = _cpu_s(), time.monotonic() - began
    print(
        json.dumps(
            {
                "stream": stream.value,
                "verdicts": [one.finished.verdict for one in ran],
                "wall_s": wall_s,
                "write_s": max(one.finished.write_s for one in ran),
                "verify_s": max(one.finished.verify_s for one in ran),
                # with several drives the phases overlap: only the sum says something then
                "write_cpu_s": at_verify[-1] - cpu,
                "verify_cpu_s": ended - at_verify[-1],
                "peak_mib": _peak_mib() - base_mib,
                "late_p95_s": heart.worst_of(0.95),
                "threads_left": threading.active_count() - 1,
            }
        )
    )


if __name__ == "__main__":
    main()
