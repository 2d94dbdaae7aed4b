"""Shows that the simulation can see: holes that were closed are put back by hand, one at a time,
and must be found.

    python -m simulation.holes [NAME …] [--keep FOLDER]
"""

from __future__ import annotations

import argparse
import multiprocessing
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from simulation import put_back
from simulation.patching import forget
from simulation.play import Played, play
from simulation.run import stage
from simulation.script import Script
from simulation.seeds import script_of
from simulation.shrink import shrink


@dataclass(frozen=True)
class Hole:
    """`row`: of the table in issue 14; "": another one."""

    row: str
    words: str
    put_back: Callable[[pytest.MonkeyPatch], None]


HOLES = {
    "identity": Hole("1", "an identity that changed does not end the drive", put_back.identity),
    "areas": Hole("2", "what an eMMC's boot areas kept is forgotten", put_back.areas),
    "tail": Hole("3", "what the adapter hides at the end is not counted", put_back.tail),
    "stale": Hole("4", "an old success is taken for ours", put_back.stale),
    "namespaces": Hole(
        "8", "detached namespaces and unallocated capacity count not", put_back.namespaces_apart
    ),
    "vanished": Hole("10", "the screen forgets a drive that was unplugged", put_back.vanished),
    "two-truths": Hole(
        "11", "a cut-off journal's report contradicts the session's", put_back.two_truths
    ),
    "key": Hole("12", "a key that cannot be read is replaced", put_back.key),
    "unattended": Hole(
        "13", "unattended, a drive with its new system is wiped", put_back.wiped_again
    ),
    "wall-clock": Hole("14", "sessions in the order of the wall clock", put_back.wall_clock),
    "flush": Hole("15", "the kernel's guess on the write cache is believed", put_back.flush),
    "noise": Hole("17", "noise is told by a look at its first 4 KiB", put_back.noise),
    "unasked": Hole("20", "a drive that tells a purge is not asked for one", put_back.unasked),
    "unanswered": Hole("", "what gets no answer now was never answered", put_back.unanswered),
    "registers": Hole("18", "hidden areas that cannot be asked for are none", put_back.registers),
    "hidden": Hole("1-3", "a hidden area that was left is forgotten", put_back.hidden),
    "pc-rule": Hole("", "one erased drive makes an erased PC", put_back.pc_rule),
    "gone": Hole("", "screen and report forget a drive that was unplugged", put_back.forgotten),
    "twins": Hole("", "one of two drives of one identity stands for both", put_back.twins),
    "docked": Hole(
        "", "a drive that is taken out and plugged in by USB drops out", put_back.docked
    ),
    "silent": Hole("", "a drive that never answered is forgotten when it is gone", put_back.silent),
    "queue": Hole(
        "", "a kept report without its place in the queue waits for ever", put_back.queue
    ),
    "surface": Hole("", "surviving marks and foreign data are ignored", put_back.surface),
}


def find(name: str, first: int, seconds: float) -> tuple[Played | None, int, float]:
    """What was found with this hole put back, after how many sessions, in how many seconds."""
    began, sessions, seed = time.monotonic(), 0, first
    with stage() as folder, pytest.MonkeyPatch.context() as patch:
        HOLES[name].put_back(patch)
        while time.monotonic() - began < seconds:
            played = play(script_of(seed), folder)
            forget()
            sessions += played.sessions
            if played.rule:
                return played, sessions, time.monotonic() - began
            seed += 1
    return None, sessions, time.monotonic() - began


def shorter(name: str, script: Script, rule: str, seconds: float) -> Played:
    with stage() as folder, pytest.MonkeyPatch.context() as patch:
        HOLES[name].put_back(patch)

        def fails(candidate: Script) -> bool:
            found = play(candidate, folder)
            forget()
            return found.rule == rule

        return play(shrink(script, fails, seconds), folder)


def main(argv: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="simulation.holes")
    parser.add_argument("names", nargs="*", default=sorted(HOLES))
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--seconds", type=float, default=300.0)
    parser.add_argument("--keep", type=Path)
    args = parser.parse_args(argv)
    missed = 0
    for name in args.names:
        with multiprocessing.Pool(1) as pool:
            found, sessions, took_s = pool.apply(find, (name, args.seed, args.seconds))
        hole = HOLES[name]
        if found is None:
            missed += 1
            print(f"| {hole.row} | {hole.words} | NOT FOUND in {sessions} sessions |", flush=True)
            continue
        told = f"{found.text.splitlines()[0]:.110}"
        print(
            f"| {hole.row} | {hole.words} | seed {found.script.seed}, {sessions} sessions,"
            f" {took_s:.0f} s: {told} |",
            flush=True,
        )
        if args.keep is not None:
            with multiprocessing.Pool(1) as pool:
                short = pool.apply(shorter, (name, found.script, found.rule, 60.0))
            (args.keep / f"{name}.json").write_text(short.script.to_json() + "\n", "utf-8")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
