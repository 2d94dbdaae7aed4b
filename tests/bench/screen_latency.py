"""How soon the screen answers a key while many drives erase on two processors.

    python tests/bench/screen_latency.py [--drives 12] [--mib 256] [--presses 200]     (root)

The station's two processes as the stick runs them, with their units' priorities: the engine over
loop devices in memory, so that nothing but the processors limits the erasure, and the screen on a
terminal of its own. A press of F2 changes the language: every row of the picture is drawn again.
The time runs in the screen's process, from the key to the last row's way out. The drives are erased
again until there are enough presses. Beside it: the same while nothing is erased, and the time that
a reader of the pseudo-terminal sees, which waits for kernel threads that the Linux console does not
need. Exit code 1 where the promise is not kept.
"""

from __future__ import annotations

import argparse
import json
import os
import select
import signal
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

if not __package__:  # run as a script: its own folder would make bench.py the package `bench`
    sys.path[0] = str(Path(__file__).resolve().parents[1])

from bench.devices import MIB, disk
from bench.result import Result
from bench.timed_screen import F2, WORDS
from reprise.workflow.engine.port import EngineClient, Order, Work
from station_kit.processes import Terminal, engine_process, remote, screen_process, until

MOST_MS = 100.0
PROCESSORS = 2
ENGINE_NICE = 5  # reprise-engine.service
REAL_TIME = os.sched_param(1)  # reprise-station.service
PAUSE_S = 0.05  # between two keys
TIMED = Path(__file__).with_name("timed_screen.py")


@dataclass
class Presses:
    """Milliseconds from a key to its whole picture: in the screen's process, and for a reader of
    its terminal."""

    inside: list[float] = field(default_factory=list)
    outside: list[float] = field(default_factory=list)


def share(of: float, ms: Sequence[float]) -> float:
    """What that share of the presses did not exceed."""
    ordered = sorted(ms)
    return ordered[min(len(ordered) - 1, int(of * len(ordered)))] if ordered else float("nan")


@dataclass
class Screen:
    terminal: Terminal
    log: Path

    def press(self, awaited: str) -> tuple[float, float]:
        """One F2; gives the milliseconds (inside, outside)."""
        terminal, word = self.terminal, awaited.encode()
        terminal.clear()
        began = time.monotonic()
        terminal.press(F2)
        while word not in terminal.written:
            if time.monotonic() - began > 30:
                raise SystemExit("screen_latency: the screen does not answer")
            select.select([], [], [], 0.002)
        outside = time.monotonic() - began
        until(lambda: self._inside(awaited) is not None, "the screen's own note")
        return (self._inside(awaited) or 0.0) * 1000, outside * 1000

    def _inside(self, awaited: str) -> float | None:
        """Seconds from the last key to the first picture after it."""
        notes = [json.loads(line) for line in self.log.read_text().splitlines()]
        keys = [at for at, (what, _when) in enumerate(notes) if what == "key"]
        if not keys:
            return None
        since = notes[keys[-1]][1]
        return next((when - since for what, when in notes[keys[-1] :] if what == awaited), None)


def press_while(
    screen: Screen, client: EngineClient, work: Work, presses: Presses, most: int
) -> None:
    """Keys in pairs, so that the language is French again, until `most` or until the work ends."""
    while len(presses.inside) < most and client.status.work is work:
        pair = [screen.press(WORDS[1]), screen.press(WORDS[0])]
        if client.status.work is work:
            presses.inside += [inside for inside, _outside in pair]
            presses.outside += [outside for _inside, outside in pair]
        time.sleep(PAUSE_S)


@contextmanager
def station(folder: Path, nodes: Sequence[str]) -> Iterator[tuple[Screen, EngineClient]]:
    """Both processes, at the plan. This one plays the terminal and must not be late either."""
    socket, log = folder / "engine.sock", folder / "screen.log"
    with ExitStack() as stack:
        os.sched_setscheduler(0, os.SCHED_OTHER, os.sched_param(0))
        os.setpriority(os.PRIO_PROCESS, 0, ENGINE_NICE)
        stack.enter_context(engine_process("disks.loop_engine", folder, *nodes))
        os.sched_setscheduler(0, os.SCHED_RR, REAL_TIME)
        client = stack.enter_context(remote(socket))
        terminal = stack.enter_context(screen_process(socket, program=(TIMED, log)))
        until(lambda: client.state.plan is not None, "a plan")
        terminal.see("Le PC a été lu")
        yield Screen(terminal, log), client


def measure(folder: Path, nodes: Sequence[str], presses: int) -> tuple[Presses, Presses]:
    """(at rest, while erasing)"""
    rest, erasing = Presses(), Presses()
    number = 0
    while (known := len(erasing.inside)) < presses:
        number += 1
        print(f"screen_latency: {known} of {presses} …", file=sys.stderr, flush=True)
        data = folder / f"round{number}"
        data.mkdir()
        with station(data, nodes) as (screen, client):
            press_while(screen, client, Work.WAITING, rest, presses // 4)
            defaults = client.status.install
            if defaults is None:
                raise SystemExit("screen_latency: the engine has no settings")
            client.confirm(Order(client.state.digest, defaults, read=client.state.read_digest))
            screen.terminal.see("Effacement en cours")
            press_while(screen, client, Work.RUNNING, erasing, presses)
            if len(erasing.inside) == known:
                raise SystemExit("screen_latency: erased too soon to press a key: give more --mib")
            client.stop()
            until(lambda: client.status.work is Work.ENDED, "the end")
    return rest, erasing


def told(rest: Presses, erasing: Presses, drives: int) -> Result:
    result = Result()
    for name, found in (("at rest", rest), (f"{drives} drives erasing", erasing)):
        result.row(
            "From a key to its whole picture, ms",
            what=name,
            presses=len(found.inside),
            median=share(0.5, found.inside),
            p95=share(0.95, found.inside),
            worst=max(found.inside),
            **{"terminal's median": share(0.5, found.outside)},
            **{"terminal's p95": share(0.95, found.outside)},
        )
    name = f"{drives} drives erasing: key to picture, 95 of 100 times"
    result.at_most(name, share(0.95, erasing.inside), MOST_MS, "ms")
    return result


def main() -> int:
    parser = argparse.ArgumentParser(description="How soon the screen answers while drives erase.")
    parser.add_argument("--drives", type=int, default=12)
    parser.add_argument("--mib", type=int, default=256, help="size of each")
    parser.add_argument("--presses", type=int, default=200)
    parser.add_argument("--json", type=Path, default=Path("build/screen_latency.json"))
    args = parser.parse_args()
    if os.geteuid() != 0:
        raise SystemExit("screen_latency: loop devices need root")
    # leave by the normal way, so that no loop device stays behind
    signal.signal(signal.SIGTERM, lambda _number, _frame: sys.exit(143))
    os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[:PROCESSORS])
    with (
        tempfile.TemporaryDirectory(dir="/dev/shm", prefix="reprise-bench-") as made,
        ExitStack() as stack,
    ):
        folder = Path(made)
        nodes = [
            stack.enter_context(disk(folder, args.mib * MIB, f"many{number}-")).node
            for number in range(args.drives)
        ]
        result = told(*measure(folder, nodes, args.presses), args.drives)
    print(result.show())
    result.write(args.json)
    return 0 if result.kept else 1


if __name__ == "__main__":
    sys.exit(main())
