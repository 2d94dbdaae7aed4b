"""When an overwrite says how far it is: not too often for the stick, nor too seldom for a cut."""

from __future__ import annotations

import time
from itertools import pairwise

import pytest

from reprise.adapters.drives.surface.checkpoints import CHECKPOINT_BYTES, MOST, CheckpointClock
from reprise.adapters.drives.surface.keystream import CHUNK_BYTES


@pytest.mark.parametrize(
    ("after_s", "done_bytes", "due"),
    [(0.9, 500, False), (1.0, 99, False), (1.0, 100, True), (9.9, 99, False), (10.0, 1, True)],
)
def test_when_the_next_one_is_due(
    monkeypatch: pytest.MonkeyPatch, after_s: float, done_bytes: int, due: bool
) -> None:
    now = 1000.0
    monkeypatch.setattr(time, "monotonic", lambda: now)
    clock = CheckpointClock(0, 8000, every_bytes=100)
    now += after_s
    assert clock.at(done_bytes) is due
    assert clock.at(done_bytes) is False, "counted from there anew"


TB = 10**12


@pytest.mark.parametrize("size", [TB // 8, TB, 4 * TB, 24 * TB, 100 * TB + 4096])
@pytest.mark.parametrize("bytes_s", [10**6, 30 * 10**6, 10**9])
def test_a_pass_has_so_many_at_most_however_large_and_slow_the_drive(
    monkeypatch: pytest.MonkeyPatch, size: int, bytes_s: int
) -> None:
    """Of each a line is kept, and what a journal may be has an end."""
    now = 1000.0
    monkeypatch.setattr(time, "monotonic", lambda: now)
    clock = CheckpointClock(0, size, CHECKPOINT_BYTES)
    step = max(CHUNK_BYTES, size // 100_000)
    found = [0]
    for done in range(step, size, step):
        now += step / bytes_s
        if clock.at(done):
            found.append(done)
    assert 100 < len(found) <= MOST
    gap = max(b - a for a, b in pairwise(found))
    assert gap <= max(CHECKPOINT_BYTES, size // MOST + 1) + step or gap <= bytes_s * 1.1
