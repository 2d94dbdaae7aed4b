"""Strangers in a process of their own, so that they keep nobody's clock waiting but the server's:

    python -m load.strangers PORT COUNT

They all send at once what comes on standard input, and how many were refused is told.
"""

from __future__ import annotations

import asyncio
import subprocess
import sys
import uuid
from pathlib import Path

from load.http import ask
from load.traffic import FAILURES, JOSE

_TESTS = Path(__file__).resolve().parents[1]


def refused(port: int, count: int, body: bytes) -> int:
    """As told by such a process."""
    argv = [sys.executable, "-m", "load.strangers", str(port), str(count)]
    told = subprocess.run(argv, cwd=_TESTS, check=True, input=body, stdout=subprocess.PIPE)
    return int(told.stdout)


async def _put(port: int, body: bytes) -> bool:
    try:
        answer = await ask(port, "PUT", f"/api/v1/reports/{uuid.uuid4()}", JOSE, body)
    except FAILURES:
        return False
    return answer.status in (400, 403, 503)


async def _all(port: int, count: int, body: bytes) -> int:
    return sum(await asyncio.gather(*(_put(port, body) for _n in range(count))))


if __name__ == "__main__":
    print(asyncio.run(_all(int(sys.argv[1]), int(sys.argv[2]), sys.stdin.buffer.read())))
