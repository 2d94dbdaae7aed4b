"""A report over a slow line: who goes on sending at the station's slowest pace is heard out."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from typing import cast

import pytest
from starlette.requests import Request

from reprise.server import api
from reprise.server.problems import ProblemError, ProblemKind

PIECE = b"x" * 100


class Slow:
    """A request whose body comes `pieces` times PIECE, one each `every_s` seconds."""

    def __init__(self, pieces: int, every_s: float) -> None:
        self.pieces, self.every_s = pieces, every_s

    async def stream(self) -> AsyncIterator[bytes]:
        for _n in range(self.pieces):
            await asyncio.sleep(self.every_s)
            yield PIECE


def read(pieces: int, every_s: float, limit: int = 1 << 20) -> bytes:
    return asyncio.run(api._read_body(cast(Request, Slow(pieces, every_s)), limit))


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(api, "_BODY_TIMEOUT_S", 0.5)
    monkeypatch.setattr(api, "SLOWEST", 1000)


def test_a_steady_sender_is_heard_out_however_long_it_takes() -> None:
    assert read(15, 0.08) == PIECE * 15


@pytest.mark.parametrize(("limit", "what"), [(1 << 20, "slow"), (150, "slow and too large")])
def test_one_that_is_slower_or_stands_is_not(limit: int, what: str) -> None:
    began = time.monotonic()
    with pytest.raises(ProblemError) as end:
        read(100, 0.3, limit)
    assert end.value.problem.kind is ProblemKind.TOO_SLOW, what
    assert time.monotonic() - began < 5
