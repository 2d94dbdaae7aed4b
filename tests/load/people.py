"""Who else is there while reports come: readers who click, and strangers who knock."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Awaitable, Sequence

from load.figures import Figures
from load.http import Answer, ask, hold_half

_HTML = {"Accept": "text/html", "Accept-Language": "fr"}
_HALF_S = 20.0


class Readers:
    """`serials` and `reports` grow while stations send."""

    def __init__(
        self,
        port: int,
        cookie: str,
        figures: Figures,
        *,
        serials: Sequence[str],
        reports: Sequence[str],
    ) -> None:
        self._port, self._figures = port, figures
        self._headers = {**_HTML, "Cookie": f"reprise_session={cookie}"}
        self._serials, self._reports = serials, reports
        self._random = random.Random(7)  # noqa: S311

    async def read(self, until: float, every_s: float) -> None:
        """One reader: a click each `every_s` seconds, until the loop's clock says so."""
        loop = asyncio.get_running_loop()
        await asyncio.sleep(self._random.random() * every_s)
        while loop.time() < until:
            due = loop.time()
            kind, path = self._click()
            await timed(self._figures, kind, due, self._get(path))
            await asyncio.sleep(max(0.0, due + every_s - loop.time()))

    def _click(self) -> tuple[str, str]:
        kind = self._random.choice(("list", "search", "page", "certificate"))
        if kind == "list" or not self._reports:
            return "list", f"/?page={self._random.randint(1, 5)}"
        if kind == "search":
            return kind, f"/?q={self._random.choice(self._serials)[:6]}"
        # as people do: what came lately
        report = self._reports[-self._random.randint(1, min(len(self._reports), 200))]
        return kind, f"/reports/{report}" + ("/certificate.pdf" if kind == "certificate" else "")

    async def _get(self, path: str) -> Answer:
        while True:
            answer = await ask(self._port, "GET", path, self._headers)
            if answer.status != 202:
                return answer
            await asyncio.sleep(float(answer.headers.get("retry-after", "2")))


async def knock(port: int, until: float, figures: Figures) -> None:
    """Strangers: keys that nobody knows, pages without a log-in, connections that say nothing."""
    loop, chance = asyncio.get_running_loop(), random.Random(9)  # noqa: S311
    held: set[asyncio.Task[None]] = set()
    while loop.time() < until:
        due = loop.time()
        what = chance.choice(("key", "page", "form", "half"))
        if what == "half":
            task = asyncio.create_task(hold_half(port, _HALF_S))
            held.add(task)
            task.add_done_callback(held.discard)
        elif what == "key":
            headers = {"Content-Type": "application/jose"}
            path = "/api/v1/reports/5c0f6b9e-7c1c-4a3b-9a52-2f1c1f6f6a10"
            body = b"eyJhbGciOiJFZERTQSIsImtpZCI6IngifQ." + b"A" * 200_000
            await timed(figures, "stranger", due, ask(port, "PUT", path, headers, body))
        else:
            method = "GET" if what == "page" else "POST"
            await timed(figures, "stranger", due, ask(port, method, "/people", _HTML, b""))
        await asyncio.sleep(0.1)
    for task in held:
        task.cancel()


async def timed(figures: Figures, kind: str, due: float, asking: Awaitable[Answer]) -> str:
    """Its status, or what failed."""
    of = figures.of(kind)
    try:
        told = str((await asking).status)
    except (OSError, TimeoutError, ValueError) as error:
        told = type(error).__name__
    of.answers[told] += 1
    of.ms.append((asyncio.get_running_loop().time() - due) * 1000)
    return told
