"""The faults themselves. Each is made so often, in the midst of the traffic, and notes how often it
truly was."""

from __future__ import annotations

import asyncio
import base64
import resource
import signal
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import pytest

from load.http import hold_half
from load.outcome import Outcome
from load.scene import Scene
from load.strangers import refused
from server.kit import children, descendants, fresh, signed, stranger
from server.small_disk import fill

_HALF, _STRANGERS = 1100, 60
_STATIONS = 20  # connections of others, at most, which come and go
_LENGTH = 4 << 20  # bytes of what a stranger sends: the most that a report may have


@dataclass(frozen=True)
class Scale:
    """`hold_s`: that what stays away does so, and what is held is."""

    kills: int
    rounds: int
    hold_s: float


Strike = Callable[[Scene, Outcome, Scale], Awaitable[None]]


async def killed(scene: Scene, outcome: Outcome, scale: Scale) -> None:
    """All of its processes at once, as by a power cut; a service is begun again by systemd."""
    loop, traffic = asyncio.get_running_loop(), scene.traffic
    outcome.wanted = scale.kills
    for _time in range(scale.kills):
        await asyncio.sleep(scene.random.uniform(0, 0.7))
        since = loop.time()
        traffic.down()
        scene.kill()
        outcome.made += 1
        await asyncio.to_thread(scene.begin)
        traffic.up()
        await traffic.first_stored(since)


async def one_killed(scene: Scene, outcome: Outcome, scale: Scale) -> None:
    """One of its processes, which it begins again by itself, while papers are asked for."""
    loop = asyncio.get_running_loop()
    which: list[Callable[[], int]] = [
        lambda: scene.names["front"],
        lambda: scene.names["papers"],
        lambda: children(scene.names["pages"])[0],
        lambda: scene.names["pages"],
    ]
    outcome.wanted = scale.rounds * len(which)
    asked: list[str] = []
    for _round in range(scale.rounds):
        for pid in which:
            new = scene.some_stored(2)
            asked += new
            await asyncio.gather(*(scene.certificate(report_id) for report_id in new))
            await asyncio.sleep(scene.random.uniform(0, 0.7))
            since = loop.time()
            await scene.killed(pid(), signal.SIGKILL)
            outcome.made += 1
            await scene.traffic.first_stored(since)
            await asyncio.sleep(1.5)  # whoever is killed again at once is begun more slowly
    await _papers_come(scene, outcome, asked)


async def postgresql(scene: Scene, outcome: Outcome, scale: Scale) -> None:
    """Restarted in order, and killed: by turns."""
    loop, cluster = asyncio.get_running_loop(), scene.cluster
    assert cluster is not None
    outcome.wanted = 2 * scale.rounds
    for number in range(outcome.wanted):
        before = outcome.refused.total()
        await asyncio.to_thread(*((cluster.kill,) if number % 2 else (cluster.stop, "fast")))
        await asyncio.sleep(scale.hold_s / 4)
        await asyncio.to_thread(cluster.start)
        outcome.made += outcome.refused.total() > before
        await scene.traffic.first_stored(loop.time())
        await asyncio.sleep(0.5)


async def disk(scene: Scene, outcome: Outcome, scale: Scale) -> None:
    """Full, and then it has room again."""
    loop = asyncio.get_running_loop()
    assert scene.small is not None
    outcome.wanted = scale.rounds
    for _time in range(scale.rounds):
        before = outcome.refused["507"]
        filler = await asyncio.to_thread(fill, scene.small)
        try:
            async with asyncio.timeout(60):
                while outcome.refused["507"] == before:  # what was free within its files is used up
                    await asyncio.sleep(0.05)
            await asyncio.sleep(scale.hold_s / 4)
            outcome.made += 1
        finally:
            filler.unlink()
        await scene.traffic.first_stored(loop.time())


async def store(scene: Scene, outcome: Outcome, scale: Scale) -> None:
    """The S3 service is away while papers are asked for."""
    loop = asyncio.get_running_loop()
    assert scene.service is not None
    outcome.wanted, outcome.unnoticed = scale.rounds, True
    asked: list[str] = []
    for _time in range(scale.rounds):
        await asyncio.to_thread(scene.service.stop)
        since = loop.time()
        try:
            new = scene.some_stored(4)
            asked += new
            until = since + scale.hold_s / 2
            told: set[str] = set()
            while loop.time() < until:
                told |= {await scene.certificate(report_id) for report_id in new}
                await asyncio.sleep(0.5)
            outcome.made += "paper-store" in told and "made" not in told
            await scene.traffic.first_stored(since)
        finally:
            await asyncio.to_thread(scene.service.start)
    await _papers_come(scene, outcome, asked)


async def half_open(scene: Scene, outcome: Outcome, scale: Scale) -> None:
    """Connections that send half a request, and are made anew where they are cut off."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if hard < 2 * _HALF:
        pytest.skip(f"this process may open no more than {hard} files")
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, 2 * _HALF), hard))
    outcome.wanted, outcome.unnoticed = _HALF, True
    loop = asyncio.get_running_loop()
    since, before = loop.time(), _connections(scene)

    async def hold() -> None:
        while True:
            await hold_half(scene.port, 60)

    holding = [asyncio.create_task(hold()) for _n in range(_HALF + _STATIONS)]
    while loop.time() < since + scale.hold_s:
        await asyncio.sleep(0.5)
        outcome.made = max(outcome.made, _connections(scene) - before)
    await scene.traffic.first_stored(loop.time() - 1)
    for task in holding:
        task.cancel()
    await asyncio.gather(*holding, return_exceptions=True)


def _connections(scene: Scene) -> int:
    """That the server's processes hold, and its sockets that listen."""
    count = 0
    for pid in descendants(scene.server.process.pid):
        for held in Path(f"/proc/{pid}/fd").iterdir():
            with suppress(OSError):  # it was closed meanwhile
                count += str(held.readlink()).startswith("socket:")
    return count


async def strangers(scene: Scene, outcome: Outcome, scale: Scale) -> None:
    """With a key that nobody knows, and with a known one under what it never signed."""
    outcome.wanted = 2 * scale.rounds * _STRANGERS
    loop = asyncio.get_running_loop()
    since = loop.time()
    for _time in range(scale.rounds):
        for signer in (stranger(), scene.keys[0]):
            head = signed(signer, fresh()).partition(b".")[0]
            rest = b"A" * (_LENGTH - len(head) - 88)
            body = head + b"." + rest + b"." + base64.urlsafe_b64encode(bytes(64)).rstrip(b"=")
            outcome.made += await asyncio.to_thread(refused, scene.port, _STRANGERS, body)
    await scene.traffic.first_stored(since)


async def _papers_come(scene: Scene, outcome: Outcome, asked: list[str]) -> None:
    """All that were asked for, within a minute, and without a person."""
    left = sorted(set(asked))
    outcome.papers = len(left)
    with suppress(TimeoutError):
        async with asyncio.timeout(60 + 2 * len(left)):
            while left:
                left = [one for one in left if await scene.certificate(one) != "made"]
                await asyncio.sleep(0.5)
    outcome.unmade = len(left)
