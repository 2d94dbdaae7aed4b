"""Forms come in within bounds, and of one client a quarter of them."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest

from reprise.server.front import pages
from reprise.server.front.pages import Answer, Pages
from reprise.server.front.replies import Reply, Scope

_ALL = 400  # bytes


def scope(address: str) -> Scope:
    return {"client": (address, 1), "headers": [], "method": "POST"}


class Standing:
    """A form of 90 bytes, and no more comes."""

    def __init__(self) -> None:
        self.begun = False

    async def __call__(self) -> dict[str, Any]:
        if self.begun:
            await asyncio.sleep(60)
        self.begun = True
        return {"type": "http.request", "body": b"x" * 90, "more_body": True}


async def whole() -> dict[str, Any]:
    return {"type": "http.request", "body": b"x" * 90}


class Made(Pages):
    """No process makes pages here: an answer says that the form came in."""

    async def _ask(self, _scope: Scope, body: pages.Bytes, _beginning_s: float) -> Answer:
        return Answer(200, [], bytes(body), "/", False)


@pytest.fixture(autouse=True)
def short(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pages, "_MOST_BODIES", _ALL)


async def is_taken(made: Pages, address: str) -> bool:
    answer = await made.answer(scope(address), whole)
    assert isinstance(answer, Answer) or answer.status == 503
    return isinstance(answer, Answer)


async def standing(made: Pages, *addresses: str) -> list[asyncio.Task[Answer | Reply]]:
    begun = [asyncio.create_task(made.answer(scope(one), Standing())) for one in addresses]
    await asyncio.sleep(0.05)
    return begun


def test_a_network_of_ipv6_has_the_room_of_one() -> None:
    async def run() -> None:
        made = Made(Path("/nowhere"), "")
        begun = await standing(made, *(f"2001:db8:0:1::{n}" for n in range(1, 5)))
        assert [task.done() for task in begun] == [False, True, True, True]
        assert not await is_taken(made, "2001:db8:0:1:ffff::1")
        assert await is_taken(made, "2001:db8:0:2::1")
        for task in begun:
            task.cancel()

    asyncio.run(run())


def test_addresses_of_ipv4_that_ipv6_carries_are_not_one() -> None:
    async def run() -> None:
        made = Made(Path("/nowhere"), "")
        begun = await standing(made, "::ffff:192.0.2.1")
        assert not await is_taken(made, "192.0.2.1")
        assert await is_taken(made, "::ffff:192.0.2.2")
        begun[0].cancel()

    asyncio.run(run())


def test_forms_that_stand_still_give_way(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pages, "_GRACE_S", 0.3)

    async def run() -> None:
        made = Made(Path("/nowhere"), "")
        begun = await standing(made, *(f"192.0.2.{n}" for n in range(1, 5)))
        assert not await is_taken(made, "192.0.2.9")
        await asyncio.sleep(0.4)
        assert await is_taken(made, "192.0.2.9")
        await asyncio.sleep(0.05)
        ended = [task for task in begun if task.done()]
        assert len(ended) == 1
        answer = await ended[0]
        assert isinstance(answer, Reply)
        assert answer.status == 503
        for task in begun:
            task.cancel()

    asyncio.run(run())


@pytest.mark.parametrize("told", ["192.0.2.9", "::ffff:192.0.2.9"])
@pytest.mark.parametrize("comes", ["192.0.2.9", "::ffff:192.0.2.9"])
def test_a_proxy_is_known_however_its_address_is_written(told: str, comes: str) -> None:
    """At "::" its address stood in the log, and so in server.toml, as IPv6 carries it."""
    asked = {"client": (comes, 1), "headers": [(b"x-forwarded-for", b"203.0.113.1")]}
    assert Pages(Path("/nowhere"), told)._client(asked) == b"203.0.113.1"
