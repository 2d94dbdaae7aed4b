"""A report over a slow line: who goes on sending at the station's slowest pace is heard out."""

from __future__ import annotations

import asyncio
import time
from typing import Any

import pytest

from reprise.server.front import body
from reprise.server.front.body import Body
from reprise.server.front.budget import Budget, Held
from reprise.server.problems import ProblemError, ProblemKind

PIECE = b"x" * 100


class Slow:
    """A request whose body comes `pieces` times PIECE, one each `every_s` seconds."""

    def __init__(self, pieces: int, every_s: float) -> None:
        self.pieces, self.every_s = pieces, every_s

    async def __call__(self) -> dict[str, Any]:
        await asyncio.sleep(self.every_s)
        self.pieces -= 1
        return {"type": "http.request", "body": PIECE, "more_body": self.pieces > 0}


def hold(budget: Budget, count: int, kid: str) -> Held:
    held = budget.open(kid, bytearray(), asyncio.Timeout(None))
    held.take(count)
    return held


async def _read(pieces: int, every_s: float, limit: int, budget: Budget) -> bytes:
    async with Body(Slow(pieces, every_s), limit, budget) as came:
        try:
            return await came.all("kid")
        except ProblemError:
            await came.throw_away()
            raise


def read(pieces: int, every_s: float, limit: int = 1 << 20) -> bytes:
    budget = Budget(1 << 20, 1 << 20, 60.0)
    try:
        return asyncio.run(_read(pieces, every_s, limit, budget))
    finally:
        hold(budget, 1 << 20, "kid")  # all of it was given back
        with pytest.raises(ProblemError):
            hold(budget, 1, "other")


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(body, "_TIMEOUT_S", 0.5)
    monkeypatch.setattr(body, "_HEAD_S", 0.5)
    monkeypatch.setattr(body, "SLOWEST", 1000)


def test_a_steady_sender_is_heard_out_however_long_it_takes() -> None:
    assert read(15, 0.08) == PIECE * 15


@pytest.mark.parametrize(("limit", "what"), [(1 << 20, "slow"), (150, "slow and too large")])
def test_one_that_is_slower_or_stands_is_not(limit: int, what: str) -> None:
    began = time.monotonic()
    with pytest.raises(ProblemError) as end:
        read(100, 0.3, limit)
    assert end.value.problem.kind is ProblemKind.TOO_SLOW, what
    assert time.monotonic() - began < 5


def test_more_than_all_senders_may_have_is_told_to_come_again() -> None:
    small = Budget(250, 250, 60.0)
    with pytest.raises(ProblemError) as end:
        asyncio.run(_read(10, 0, 1 << 20, small))
    assert end.value.problem.kind is ProblemKind.BUSY
    hold(small, 250, "kid")


def test_what_one_key_holds_is_a_share() -> None:
    """Anybody may name the key of a station."""
    budget = Budget(1000, 250, 60.0)
    first = hold(budget, 250, "one")
    with pytest.raises(ProblemError) as end:
        hold(budget, 1, "one")
    assert end.value.problem.kind is ProblemKind.BUSY
    hold(budget, 250, "another")
    first.close()
    hold(budget, 250, "one")


def test_a_fast_start_buys_no_time_to_stand_still(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(body, "_IDLE_S", 0.3)
    monkeypatch.setattr(body, "_TIMEOUT_S", 60)
    began = time.monotonic()
    with pytest.raises(ProblemError) as end:
        read(100, 1.0)
    assert end.value.problem.kind is ProblemKind.TOO_SLOW
    assert time.monotonic() - began < 5


def test_who_has_not_said_who_it_is_takes_nothing_from_the_stations() -> None:
    async def heads() -> None:
        empty = Budget(0, 0, 60.0)
        async with Body(Slow(3, 0), 1 << 20, empty) as came:
            assert await came.head() == PIECE * 3
        with pytest.raises(ProblemError) as end:
            async with Body(Slow(1000, 0), 1 << 20, empty) as came:
                await came.head()
        assert end.value.problem.kind is ProblemKind.MALFORMED_JWS

    asyncio.run(heads())
