"""Readiness on a disk of papers that is slow, or hangs."""

from __future__ import annotations

import asyncio
import threading
import time
from typing import Any, cast

import pytest

from reprise.errors import StorageError
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


def test_a_disk_that_refuses_late_takes_none_while_it_is_asked_again(disk: Disk) -> None:
    """And one that was asked for the first time is given the time."""

    def refuses(area: str) -> None:
        Disk.try_to_write(disk, area)
        raise StorageError("no")

    disk.try_to_write = refuses  # type: ignore[method-assign]

    async def look() -> list[bool]:
        asked = _health()
        first = await asked._keeps_papers()
        disk.go_on.set()
        told = await asked._keeps_papers()
        disk.go_on.clear()
        asked._papers_told_at -= 5  # it is asked again, and hangs
        try:
            return [first, told, await asked._keeps_papers()]
        finally:
            disk.go_on.set()

    assert asyncio.run(look()) == [True, False, False]
    assert disk.asked == 2
