"""Room that is full: who stands still gives way to who comes, and who goes on sending never does.

A key's number stands in every report, so that anybody may send bodies under it.
"""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from reprise.server.front import budget
from reprise.server.front.body import Body
from reprise.server.front.budget import Budget
from reprise.server.problems import ProblemError, ProblemKind

PIECE = b"x" * 100
_GRACE_S = 0.2


class Sender:
    """Sends `fast` times PIECE at once; then `slow` times `then`, one each `every_s` seconds."""

    def __init__(self, fast: int, slow: int, then: bytes, every_s: float) -> None:
        self.left, self.slow, self.then, self.every_s = fast + slow, slow, then, every_s

    async def __call__(self) -> dict[str, Any]:
        self.left -= 1
        standing = self.left < self.slow
        await asyncio.sleep(self.every_s if standing else 0)
        what = self.then if standing else PIECE
        return {"type": "http.request", "body": what, "more_body": self.left > 0}


def standing() -> Sender:
    return Sender(5, 10_000, b"x", 0.1)


def quick() -> Sender:
    return Sender(5, 0, b"", 0)


async def read(sender: Sender, room: Budget, kid: str = "kid") -> bytes:
    async with Body(sender, 1 << 20, room) as came:
        return await came.all(kid)


async def refused(reading: asyncio.Task[bytes]) -> ProblemKind:
    with pytest.raises(ProblemError) as end:
        await asyncio.wait_for(reading, 5)
    return end.value.problem.kind


@pytest.fixture(autouse=True)
def short(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(budget, "SLOWEST", 1000)


def test_bodies_that_stand_still_give_way_to_one_that_comes() -> None:
    async def run() -> None:
        room = Budget(100_000, 1000, _GRACE_S)
        standing_still = [asyncio.create_task(read(standing(), room)) for _ in range(2)]
        await asyncio.sleep(_GRACE_S / 4)
        with pytest.raises(ProblemError):  # each has a moment to come to the point
            await read(quick(), room)
        await asyncio.sleep(_GRACE_S * 1.5 + 0.5)
        assert await read(quick(), room) == PIECE * 5
        ended = [task for task in standing_still if task.done()]
        assert len(ended) == 1  # no more than the newcomer needs
        assert await refused(ended[0]) is ProblemKind.BUSY
        assert room.held[0] <= 600  # what it held was given back
        for task in standing_still:
            task.cancel()

    asyncio.run(run())


def test_room_of_all_is_made_by_whoever_stands_still() -> None:
    async def run() -> None:
        room = Budget(1000, 1000, _GRACE_S)
        standing_still = [asyncio.create_task(read(standing(), room, kid)) for kid in "ab"]
        await asyncio.sleep(_GRACE_S * 1.5 + 0.5)
        assert await read(quick(), room, "c") == PIECE * 5
        assert sum(task.done() for task in standing_still) == 1
        for task in standing_still:
            task.cancel()

    asyncio.run(run())


def test_the_room_of_another_key_is_not_touched_where_a_share_is_full() -> None:
    async def run() -> None:
        room = Budget(100_000, 500, _GRACE_S)
        other = asyncio.create_task(read(standing(), room, "other"))
        ours = asyncio.create_task(read(Sender(5, 100, b"x" * 20, 0.01), room))
        await asyncio.sleep(_GRACE_S / 2)
        assert await refused(ours) is ProblemKind.BUSY
        assert not other.done()
        other.cancel()

    asyncio.run(run())


def test_who_keeps_the_slowest_pace_is_never_cut() -> None:
    async def run() -> None:
        room = Budget(100_000, 3000, 0.5)
        steady = asyncio.create_task(read(Sender(0, 30, PIECE, 0.05), room))  # 2,000 bytes/s
        for _ in range(15):
            await asyncio.sleep(0.08)
            with pytest.raises(ProblemError):
                await read(Sender(40, 0, b"", 0), room)
        assert await steady == PIECE * 30

    asyncio.run(run())


def test_what_is_here_in_full_is_not_cut_while_it_is_checked() -> None:
    async def run() -> None:
        room = Budget(1000, 500, _GRACE_S)
        async with Body(quick(), 1 << 20, room) as came:
            whole = await came.all("kid")
            await asyncio.sleep(_GRACE_S * 2)
            with pytest.raises(ProblemError):
                await read(quick(), room)
            assert whole == PIECE * 5

    asyncio.run(run())


def test_who_gave_way_takes_no_room_again() -> None:
    async def run() -> None:
        room = Budget(1000, 1000, _GRACE_S)
        data = bytearray(b"x" * 1000)
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(60) as patience:
                first = room.open("kid", data, patience)
                first.take(1000)
                first.due = 0.0
                room.open("kid", bytearray(), asyncio.Timeout(None)).take(1)
                assert first.gave_way
                assert not data
                with pytest.raises(ProblemError):
                    first.take(0)
                await asyncio.sleep(1)
        first.close()
        assert room.held == (1, 1000)

    asyncio.run(run())
