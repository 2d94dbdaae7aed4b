"""When an overwrite says how far it is: not too often for the stick, nor too seldom for a cut."""

from __future__ import annotations

import time

import pytest

from reprise.adapters.surface.checkpoints import CheckpointClock


@pytest.mark.parametrize(
    ("after_s", "done_bytes", "due"),
    [(0.9, 500, False), (1.0, 99, False), (1.0, 100, True), (9.9, 99, False), (10.0, 1, True)],
)
def test_when_the_next_one_is_due(
    monkeypatch: pytest.MonkeyPatch, after_s: float, done_bytes: int, due: bool
) -> None:
    now = 1000.0
    monkeypatch.setattr(time, "monotonic", lambda: now)
    clock = CheckpointClock(0, every_bytes=100)
    now += after_s
    assert clock.at(done_bytes) is due
    assert clock.at(done_bytes) is False, "counted from there anew"
