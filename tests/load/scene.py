"""A server with its database, which may be killed and begun again at the same address."""

from __future__ import annotations

import asyncio
import json
import os
import random
import socket
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from load.http import ask
from load.kept import kept
from load.outcome import Outcome
from load.traffic import FAILURES, Traffic
from reprise.adapters.signing.jws import Ed25519Signer
from reprise.codec import sha256_hex
from server.kit import Running, children, enrolled, serving, session_of
from server.postgresql import Cluster
from server.s3_service import Service, running_service, settings
from server.small_disk import mounted

_STATIONS = 8
_WORKERS = 2  # on PostgreSQL
_SMALL_MIB = {"sqlite": 16, "postgresql": 96}  # a PostgreSQL begins with some 30
_ASKED_FOR = 200  # reports that are asked for over HTTP, too


@dataclass
class Scene:
    """`small`: the folder of a disk that is soon full. `names`: the server's own processes."""

    database: Path | str
    folder: Path
    keys: Sequence[Ed25519Signer] = ()
    cluster: Cluster | None = None
    small: Path | None = None
    service: Service | None = None
    names: dict[str, int] = field(default_factory=dict)
    random: random.Random = field(default_factory=lambda: random.Random(5))  # noqa: S311
    traffic: Traffic = field(init=False)
    server: Running = field(init=False)
    headers: dict[str, str] = field(init=False)  # of somebody who is logged in
    port: int = 0
    _stack: ExitStack = field(default_factory=ExitStack)

    def begin(self) -> None:
        """At the port that it had before; until it takes reports."""
        options = ("--port", str(self.port)) if self.port else ()
        running = serving(
            self.database, *options, config=self.folder, log=self.folder / "server.log"
        )
        self.server = self._stack.enter_context(running)
        self.port = int(self.server.url.rpartition(":")[2])
        self.names = dict(
            zip(("front", "pages", "papers"), children(self.server.process.pid), strict=False)
        )

    def kill(self) -> None:
        self.server.kill()
        self.end()

    def end(self) -> None:
        self._stack.close()

    async def certificate(self, report_id: str) -> str:
        """What was answered who asked for it: "made", else the kind of the problem; "" where nobody
        answered."""
        path = f"/reports/{report_id}/certificate.pdf"
        try:
            answer = await ask(self.port, "GET", path, self.headers)
        except FAILURES:
            return ""
        if answer.status == 200:
            return "made" if answer.body.startswith(b"%PDF") else "no PDF"
        return str(json.loads(answer.body)["type"]).removeprefix("/problems/")

    def some_stored(self, count: int) -> list[str]:
        return list(self.traffic.acknowledged)[-count:]

    async def killed(self, pid: int, number: int) -> None:
        """A process of the server's; until another is there in its place."""
        parent = int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[1])
        before = set(children(parent))
        os.kill(pid, number)
        async with asyncio.timeout(20):
            while not (new := set(children(parent)) - before):
                await asyncio.sleep(0.01)
        for name, was in self.names.items():
            if was == pid:
                self.names[name] = new.pop()
                return


@contextmanager
def scene(
    kind: str, folder: Path, wants: Sequence[str], cluster: Cluster | None
) -> Iterator[Scene]:
    """`kind`: of the database. `wants`: "s3", "small". Skips what cannot be had here."""
    with ExitStack() as stack:
        text = f'data = "{folder / "data"}"\n'
        small = service = None
        if "small" in wants:
            folder.chmod(0o711)  # PostgreSQL is another user
            small = stack.enter_context(mounted(folder / "small", _SMALL_MIB[kind]))
        if "s3" in wants:
            service = stack.enter_context(running_service())
            text += settings(service, folder)
        database: Path | str = (small or folder) / "reprise.db"
        if cluster is not None:
            text += f"workers = {_WORKERS}\n"
            database = cluster.own_database(small)
        (folder / "server.toml").write_text(text, "utf-8")
        keys = [enrolled(database, folder / f"stick{n}", f"Bench {n}") for n in range(_STATIONS)]
        made = Scene(database, folder, keys, cluster, small, service)
        made.headers = {"Cookie": f"reprise_session={session_of(database, 'reader@example.org')}"}
        stack.callback(made.end)
        with socket.socket() as sock:
            sock.bind(("127.0.0.1", 0))
            made.port = sock.getsockname()[1]
        made.begin()
        yield made


async def suffered(
    made: Scene, outcome: Outcome, strike: Callable[[], Awaitable[None]], rate: float
) -> None:
    """The traffic, and in the midst of it the fault."""
    made.traffic = Traffic(made.port, made.keys, outcome, lambda: made.server.process.pid)
    made.traffic.begin(rate)
    await made.traffic.first_stored(0)
    outcome.again_s.clear()  # nothing was amiss yet
    await strike()
    await made.traffic.finish()
    every = made.traffic.acknowledged
    for report_id in list(every)[:: max(1, len(every) // _ASKED_FOR)]:
        answer = await ask(made.port, "GET", f"/api/v1/reports/{report_id}", made.headers)
        outcome.missing += answer.status != 200
        outcome.altered += answer.status == 200 and sha256_hex(answer.body) != every[report_id]


def compare(made: Scene, outcome: Outcome) -> None:
    """All that was acknowledged with what the database holds, once the server has ended."""
    made.end()
    there = kept(made.database)
    for report_id, digest in made.traffic.acknowledged.items():
        outcome.missing += report_id not in there
        outcome.altered += there.get(report_id, digest) != digest
