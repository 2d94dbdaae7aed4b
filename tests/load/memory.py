"""How much memory each process of a server takes: its own, and its share of what others use."""

from __future__ import annotations

import asyncio
import re
from pathlib import Path

from load.figures import Figures
from server.kit import Running, children, descendants

_EVERY_S = 2.0
_SHARE = re.compile(r"^Pss:\s+(\d+) kB$", re.MULTILINE)
_PEAK = re.compile(r"^VmHWM:\s+(\d+) kB$", re.MULTILINE)


def _of(pid: int) -> int:
    """Proportional set size, bytes; 0 of a process that is gone."""
    return _told(pid, "smaps_rollup", _SHARE)


def _peak(pid: int) -> int:
    return _told(pid, "status", _PEAK)


def _told(pid: int, file: str, line: re.Pattern[str]) -> int:
    """Bytes; 0 of a process that is gone."""
    try:
        found = line.search(Path(f"/proc/{pid}/{file}").read_text())
    except OSError:
        return 0
    return int(found[1]) * 1024 if found else 0


def largest(first: int) -> int:
    """Bytes that one of a server's processes held at its worst moment, with what it shares; 0 where
    they are gone."""
    try:
        return max(map(_peak, (first, *descendants(first))), default=0)
    except OSError:  # one of them ended meanwhile
        return _peak(first)


async def watch(server: Running, until: float, figures: Figures) -> None:
    loop = asyncio.get_running_loop()
    names = {pid: f"process {n}" for n, pid in enumerate(children(server.process.pid), 1)}
    while loop.time() < until:
        for pid in descendants(server.process.pid):
            name = names.get(pid, "a child of theirs")
            figures.memory[name] = max(figures.memory.get(name, 0), _of(pid))
        await asyncio.sleep(_EVERY_S)
