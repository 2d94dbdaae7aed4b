"""What the server bears: reports at a steady pace, readers who click and strangers who knock, all
at once, on this machine's processors.

    python -m load [--seconds 600] [--only sqlite|postgresql] [--out FILE]

Reports are due at fixed moments, whatever became of those before: a server that stalls is asked no
less. Afterwards each acknowledged report is asked for. Exit code 1 where a promise is not kept. On
a machine that does other work, too, only the ratios count.
"""

from __future__ import annotations

import argparse
import asyncio
import sys
import tempfile
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path
from urllib.parse import urlsplit

from load.figures import Figures, Promise, tell
from load.http import ask
from load.memory import watch
from load.people import Readers, knock, timed
from load.stations import Reports
from reprise.adapters.signing.jws import Ed25519Signer
from server.kit import Running, enrolled, serving, session_of
from server.postgresql import Cluster, running_cluster

_STATIONS, _READERS, _CLICK_S = 8, 40, 5.0
_WORKERS = 4  # on PostgreSQL
_AT_ONCE = 8  # questions, afterwards
_PROMISES = {"sqlite": Promise(50, 100), "postgresql": Promise(200, 250)}
_JOSE = {"Content-Type": "application/jose"}


class Load:
    def __init__(self, ports: list[int], keys: list[Ed25519Signer], figures: Figures) -> None:
        self._ports, self._keys, self._figures = ports, keys, figures
        self._reports = Reports(1)
        self._acknowledged: list[str] = []

    async def run(self, rate: float, cookie: str, server: Running) -> None:
        loop = asyncio.get_running_loop()
        until = loop.time() + self._figures.seconds
        readers = Readers(
            self._ports[0],
            cookie,
            self._figures,
            serials=self._reports.serials,
            reports=self._acknowledged,
        )
        async with asyncio.TaskGroup() as group:
            for _ in range(_READERS):
                group.create_task(readers.read(until, _CLICK_S))
            group.create_task(knock(self._ports[0], until, self._figures))
            group.create_task(watch(server, until, self._figures))
            await self._send(rate, until, group)
        await self._look(cookie)

    async def _send(self, rate: float, until: float, group: asyncio.TaskGroup) -> None:
        loop = asyncio.get_running_loop()
        due, count = loop.time(), 0
        while due < until:
            await asyncio.sleep(max(0.0, due - loop.time()))
            report_id, jws = self._reports.next(self._keys[count % len(self._keys)])
            group.create_task(self._put(report_id, jws, due, self._ports[count % len(self._ports)]))
            due, count = due + 1 / rate, count + 1

    async def _put(self, report_id: str, jws: bytes, due: float, port: int) -> None:
        asking = ask(port, "PUT", f"/api/v1/reports/{report_id}", _JOSE, jws)
        if await timed(self._figures, "report", due, asking) == "201":
            self._acknowledged.append(report_id)

    async def _look(self, cookie: str) -> None:
        """Whether all that was acknowledged is there."""
        headers = {"Cookie": f"reprise_session={cookie}"}
        self._figures.acknowledged = len(self._acknowledged)

        async def ask_for(some: Sequence[str]) -> None:
            for report_id in some:
                answer = await ask(self._ports[0], "GET", f"/api/v1/reports/{report_id}", headers)
                self._figures.missing += answer.status != 200

        await asyncio.gather(*(ask_for(self._acknowledged[n::_AT_ONCE]) for n in range(_AT_ONCE)))


def measured(database: Path | str, folder: Path, rate: float, seconds: float) -> Figures:
    figures = Figures(seconds)
    keys = [enrolled(database, folder / f"stick{n}", f"Bench {n}") for n in range(_STATIONS)]
    with serving(database, log=folder / "log", config=_settings(database, folder)) as server:
        port = urlsplit(server.url).port or 0
        load = Load([port], keys, figures)
        asyncio.run(load.run(rate, session_of(database, "reader@example.org"), server))
    return figures


def _settings(database: Path | str, folder: Path) -> Path | None:
    if isinstance(database, Path):
        return None
    text = f'data = "{folder / "data"}"\nworkers = {_WORKERS}\n'
    (folder / "server.toml").write_text(text, "utf-8")
    return folder


def main() -> int:
    parser = argparse.ArgumentParser(prog="load", description=__doc__)
    parser.add_argument("--seconds", type=float, default=600)
    parser.add_argument("--rate", type=float)
    parser.add_argument("--only", choices=tuple(_PROMISES))
    parser.add_argument("--out", type=Path)
    args = parser.parse_args()
    broken, told = [], []
    for name, promise in _PROMISES.items():
        if args.only in (None, name):
            with ExitStack() as stack:
                folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="load-")))
                database = _database(name, folder, stack)
                rate = args.rate or promise.rate
                print(f"{name}: {rate:g} reports a second for {args.seconds:g} s", file=sys.stderr)
                figures = measured(database, folder, rate, args.seconds)
            told += [f"## {name}, {rate:g} reports a second, {args.seconds:g} s", figures.table()]
            broken += [f"{name}: {what}" for what in promise.broken(figures)]
    return tell(told, broken, args.out)


def _database(name: str, folder: Path, stack: ExitStack) -> Path | str:
    if name == "sqlite":
        return folder / "reprise.db"
    cluster: Cluster = stack.enter_context(running_cluster())
    return cluster.address


if __name__ == "__main__":
    sys.exit(main())
