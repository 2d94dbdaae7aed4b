"""All cores compute for a bounded time, watched by the PC's own thermometer and counters.

The work is SHA-256 of a block whose digest is known: it keeps integer units, caches and memory
busy, runs outside the interpreter's lock, and a core that computes wrongly is seen at once.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass

from reprise.adapters.checks.checked_pc import CheckedPc
from reprise.adapters.checks.counters import Thermometer, machine_checks, slowdowns
from reprise.domain.checks.catalogue import CheckId, MeasureName, Unit
from reprise.domain.checks.processor import LoadFacts, judge_processor
from reprise.domain.checks.results import CheckProgress, CheckResult, Measure
from reprise.ports import StopFlag

LOAD_S = 40.0
_BLOCK = bytes(range(256)) * 4096  # 1 MiB: some milliseconds a digest
_TICK_S = 0.5
_NICE = 10  # the screen answers first


@dataclass
class _Tally:
    """What the threads found; plain counters of their own, so that none waits for another."""

    wrong: int = 0
    digests: int = 0


def _burn(cpu: int, tally: _Tally, leave: threading.Event, expected: bytes) -> None:
    """On one processor only, as far as the system lets it."""
    me = threading.get_native_id()
    with contextlib.suppress(OSError):  # a processor that was switched off meanwhile
        os.sched_setaffinity(me, {cpu})
        os.setpriority(os.PRIO_PROCESS, me, _NICE)
    while not leave.is_set():
        if hashlib.sha256(_BLOCK).digest() != expected:
            tally.wrong += 1
        tally.digests += 1


class ProcessorCheck:
    """Implements ports.sheets.checks.FunctionCheck."""

    def __init__(self, pc: CheckedPc, load_s: float = LOAD_S) -> None:
        self._roots, self._load_s = pc.roots, load_s

    def run(self, stop: StopFlag) -> Iterator[CheckProgress | CheckResult]:
        thermometer = Thermometer(self._roots)
        idle = peak = thermometer.celsius()
        slow, broken = slowdowns(self._roots), machine_checks(self._roots)
        expected = hashlib.sha256(_BLOCK).digest()
        cpus = sorted(os.sched_getaffinity(0))
        tallies = [_Tally() for _ in cpus]
        leave = threading.Event()
        threads = [
            threading.Thread(target=_burn, args=(cpu, tally, leave, expected), daemon=True)
            for cpu, tally in zip(cpus, tallies, strict=True)
        ]
        began = time.monotonic()
        for thread in threads:
            thread.start()
        try:
            while (spent := time.monotonic() - began) < self._load_s and not stop.is_set():
                peak = _hotter(peak, thermometer.celsius())
                yield _progress(spent / self._load_s, peak)
                time.sleep(min(_TICK_S, self._load_s / 4))
            peak = _hotter(peak, thermometer.celsius())  # while it still computes
        finally:
            leave.set()
            for thread in threads:
                thread.join()
        if stop.is_set():
            return
        yield judge_processor(
            LoadFacts(
                threads=sum(tally.digests > 0 for tally in tallies),
                duration_s=time.monotonic() - began,
                wrong_sums=sum(tally.wrong for tally in tallies),
                idle_c=idle,
                peak_c=peak,
                limit_c=thermometer.limit_c(),
                slowdowns=_rise(slow, slowdowns(self._roots)),
                machine_checks=_rise(broken, machine_checks(self._roots)),
            )
        )


def _hotter(one: int | None, other: int | None) -> int | None:
    return max((value for value in (one, other) if value is not None), default=None)


def _rise(before: int | None, after: int | None) -> int | None:
    return None if before is None or after is None else after - before


def _progress(part: float, celsius: int | None) -> CheckProgress:
    measures = (
        () if celsius is None else (Measure(MeasureName.PEAK_TEMPERATURE, celsius, Unit.CELSIUS),)
    )
    return CheckProgress(check=CheckId.PROCESSOR, part=min(part, 1.0), measures=measures)
