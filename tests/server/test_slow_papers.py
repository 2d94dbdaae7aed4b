"""Readiness on a disk of papers that is slow, or hangs."""

from __future__ import annotations

import asyncio
import threading
import time
from typing import Any, cast

import pytest

from reprise.server.front import health
from reprise.server.front.health import Health


class Disk:
    """`go_on`: what a write waits for."""

    def __init__(self) -> None:
        self.go_on = threading.Event()
        self.asked = 0

    def try_to_write(self, area: str) -> None:
        self.asked += 1
        self.go_on.wait(20)


@pytest.fixture
def disk(monkeypatch: pytest.MonkeyPatch) -> Disk:
    there = Disk()
    monkeypatch.setattr(health, "store", lambda: there)
    monkeypatch.setattr(health, "_WAIT_S", 0.05)
    return there


def _health() -> Health:
    nothing = cast(Any, None)
    return Health(nothing, nothing)


def test_a_slow_disk_takes_papers_and_is_asked_once(disk: Disk) -> None:
    async def look() -> list[bool]:
        asked = _health()
        first = [await asked._keeps_papers() for _each in range(3)]
        disk.go_on.set()
        return [*first, await asked._keeps_papers(), await asked._keeps_papers()]

    assert asyncio.run(look()) == [True] * 5
    assert disk.asked == 1


def test_a_disk_that_hangs_takes_none(disk: Disk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(health, "_PAPERS_S", 0.2)

    async def look() -> bool:
        asked = _health()
        end = time.monotonic() + 10
        try:
            while await asked._keeps_papers() and time.monotonic() < end:
                pass
            return await asked._keeps_papers()
        finally:
            disk.go_on.set()

    assert not asyncio.run(look())
    assert disk.asked == 1
