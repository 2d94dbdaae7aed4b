"""The newest temperature goes with every tick to the screen, and with nothing else."""

from __future__ import annotations

import time
from collections.abc import Generator
from threading import Event as Flag

import pytest

from reprise.adapters.drives.surface import heat
from reprise.adapters.drives.surface.heat import Heat
from reprise.adapters.drives.surface.record import Record
from reprise.domain.erasure.progress import Progress
from reprise.domain.planning.plan import Attempt
from reprise.domain.planning.techniques import Method, Technique, VerifyDepth
from reprise.domain.report.events import Update
from reprise.ports import Job
from unit.domain.drives.drives import hdd


def watcher(*readings: int | None) -> Heat:
    attempt = Attempt(Technique.OVERWRITE, Method.CLEAR, VerifyDepth.FULL)
    left = iter(readings)
    record = Record(Job(hdd(), attempt, "job-1", b"k" * 32))
    return Heat(record, lambda: next(left), (60, 52), Flag())


def work(watched: Heat, closed: list[str]) -> Generator[Update, None, None]:
    try:
        while True:
            yield Progress("k", "write", 1, 2, 1e6, 9.0)
            yield from watched.rest(1, 2)
    finally:
        closed.append("closed")


def test_each_tick_carries_the_newest_reading(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(heat, "EVERY_S", 0.0)
    watched = watcher(38, 41, *[44] * 100_000)
    closed: list[str] = []
    seen: list[int | None] = []
    told = watched.told(work(watched, closed))
    end = time.monotonic() + 60
    while 44 not in seen and time.monotonic() < end:
        one = next(told)
        assert isinstance(one, Progress)
        seen.append(one.temperature_c)
        time.sleep(0.001)
    assert list(dict.fromkeys(seen)) == [None, 38, 41, 44]
    told.close()  # type: ignore[attr-defined]
    assert closed == ["closed"]
