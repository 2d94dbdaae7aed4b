"""How pages and intake do as a server's years add up:

    python -m load.growth [--reports 10000,100000,1000000] [--on postgresql|sqlite] [--out FILE]

Each size is the last one with more added; pages are asked for one after the other over HTTP by
somebody who is logged in, reports handed in one after the other by one station. PostgreSQL's user
is no superuser, so that its walls stand. Exit code 1 where a page of a promise takes longer.
"""

from __future__ import annotations

import argparse
import asyncio
import random
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote, urlsplit

from load.figures import percentile, tell
from load.http import ask
from load.many import fill
from load.stations import Reports
from reprise.adapters.signing.jws import Ed25519Signer
from reprise.server.database import close_database, database_bytes
from reprise.server.opening import open_database
from reprise.server.reports import models
from server.kit import Running, enrolled, serving, session_of
from server.postgresql import running_cluster

_SIZES = "10000,100000,1000000"
_TIMES = 60  # each page
_MOST_MS = 150  # p95 of list, search, PC page (and 50 ms of a search at 100,000)
_PROMISED = ("list", "search: serial of a PC", "search: serial of a drive", "page of a PC")


@dataclass
class Measured:
    """`ms`: by what was asked."""

    reports: int
    database_bytes: int = 0
    ms: dict[str, list[float]] = field(default_factory=dict)

    def p95(self, name: str) -> float:
        return percentile(self.ms[name], 0.95)

    def broken(self) -> Iterator[str]:
        for name in _PROMISED:
            if not self.p95(name) <= _MOST_MS:
                yield f"{self.reports:,} reports: {name} takes {self.p95(name):.0f} ms (p95)"


def _pages(database: str) -> dict[str, list[str]]:
    """Addresses, of PCs by chance."""
    open_database(database)
    chance = random.Random(3)  # noqa: S311
    last = models.Pc.objects.order_by("-pk").values_list("pk", flat=True)[0]
    some = [chance.randint(1, last) for _ in range(_TIMES)]
    pcs = list(models.Pc.objects.filter(pk__in=some))
    reports = list(models.Report.objects.filter(pc__in=pcs))
    drives = list(models.Drive.objects.filter(report__in=[one.pk for one in reports[:_TIMES]]))
    close_database()
    return {
        "list": ["/"],
        "list, page 100": ["/?page=100"],
        "failed laptops": ["/?outcome=failed&kind=laptop"],
        "by name": ["/?sort=name"],
        "search: serial of a PC": [f"/?q={pc.serial}" for pc in pcs],
        "search: serial of a drive": [f"/?q={drive.serial}" for drive in drives],
        "search: asset tag": [f"/?q={report.asset_tag}" for report in reports],
        "search: “dell”, a third of all": ["/?q=dell"],
        "search: two words": [f"/?q={quote('latitude brest')}"],
        "page of a PC": [f"/pcs/{pc.pk}" for pc in pcs],
        "100 reports for a program": ["/api/v1/reports?since=2024-02-03T00:00:00Z"],
    }


async def _ask_all(
    server: Running, cookie: str, pages: dict[str, list[str]], found: Measured
) -> None:
    port = urlsplit(server.url).port or 0
    headers = {"Cookie": f"reprise_session={cookie}", "Accept-Language": "fr"}
    for name, paths in pages.items():
        took = found.ms.setdefault(name, [])
        for turn in range(-3, _TIMES):  # three to warm it up
            began = time.perf_counter()
            answer = await ask(port, "GET", paths[turn % len(paths)], headers)
            if answer.status != 200:
                raise RuntimeError(f"{paths[turn % len(paths)]}: {answer.status}")
            took += [(time.perf_counter() - began) * 1000] if turn >= 0 else []


async def _hand_in(server: Running, signer: Ed25519Signer, found: Measured, seed: int) -> None:
    port, reports = urlsplit(server.url).port or 0, Reports(seed)
    took = found.ms.setdefault("a report is handed in", [])
    for _turn in range(3 * _TIMES):
        report_id, jws = reports.next(signer)
        began = time.perf_counter()
        answer = await ask(
            port, "PUT", f"/api/v1/reports/{report_id}", {"Content-Type": "application/jose"}, jws
        )
        if answer.status != 201:
            raise RuntimeError(f"a report: {answer.status}")
        took.append((time.perf_counter() - began) * 1000)


def measured(database: str, folder: Path, reports: int) -> Measured:
    found = Measured(reports)
    fill(database, reports)
    place: Path | str = database if "://" in database else Path(database)
    signer = enrolled(place, folder / f"stick-{reports}", f"Growth {reports}")
    with serving(place, log=folder / "log") as server:
        cookie = session_of(place, "reader@example.org")
        asyncio.run(_ask_all(server, cookie, _pages(database), found))
        asyncio.run(_hand_in(server, signer, found, reports))
    open_database(database)
    found.database_bytes = database_bytes()
    close_database()
    return found


def table(sizes: Sequence[Measured]) -> str:
    heads = " | ".join(f"{one.reports:,} reports" for one in sizes)
    rows = [f"| p50 / p95, ms | {heads} |", "| --- |" + " --- |" * len(sizes)]
    for name in sizes[0].ms:
        cells = (f"{percentile(one.ms[name], 0.5):.0f} / {one.p95(name):.0f}" for one in sizes)
        rows.append(f"| {name} | {' | '.join(cells)} |")
    room = " | ".join(f"{one.database_bytes / 2**20:,.0f} MiB" for one in sizes)
    rows.append(f"| database, without the reports' own bytes | {room} |")
    return "\n".join(rows)


def main() -> int:
    parser = argparse.ArgumentParser(prog="load.growth", description=__doc__)
    parser.add_argument("--reports", default=_SIZES)
    parser.add_argument("--on", choices=("postgresql", "sqlite"), default="postgresql")
    parser.add_argument("--out", type=Path)
    args = parser.parse_args()
    sizes: list[Measured] = []
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="growth-")))
        database = str(folder / "reprise.db")
        if args.on == "postgresql":
            database = stack.enter_context(running_cluster()).own_database()
        for reports in map(int, args.reports.split(",")):
            print(f"{args.on}: {reports:,} reports", file=sys.stderr)
            sizes.append(measured(database, folder, reports))
    broken = [what for one in sizes for what in one.broken()]
    return tell([table(sizes)], broken, args.out)


if __name__ == "__main__":
    sys.exit(main())
