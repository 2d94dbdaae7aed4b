"""Plays seeds, counts what happened, and tells what was wrong."""

from __future__ import annotations

import argparse
import multiprocessing
import shutil
import time
from collections import Counter
from collections.abc import Generator, Iterator
from contextlib import closing, contextmanager
from multiprocessing.synchronize import Event
from pathlib import Path

from simulation.counting import LEAST, LONG_RUN, Tally, missing, tally
from simulation.patching import forget, simulated
from simulation.play import Played, play
from simulation.script import Script, from_json
from simulation.seeds import script_of
from simulation.server import scratch
from simulation.shrink import shrink
from simulation.station import put_in_place


@contextmanager
def stage() -> Iterator[Path]:
    """The simulated parts are in place; gives a folder for databases."""
    folder = scratch()
    try:
        with simulated(put_in_place):
            yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def play_alone(script: Script) -> Played:
    with stage() as folder:
        return play(script, folder)


def shrunk(script: Script, rule: str, seconds: float) -> Played:
    with stage() as folder:

        def fails(candidate: Script) -> bool:
            found = play(candidate, folder)
            forget()
            return found.rule == rule

        return play(shrink(script, fails, seconds), folder)


def _worker(first: int, step: int, until_s: float, runs: int, out: object, enough: Event) -> None:
    with stage() as folder:
        seed, done = first, 0
        while done < runs and time.monotonic() < until_s and not enough.is_set():
            played = play(script_of(seed), folder)
            played.story = played.story if played.rule else []
            played.reports = []  # many, for a pipe
            out.put(played)  # type: ignore[attr-defined]
            forget()
            done += played.sessions
            seed += step
    out.put(None)  # type: ignore[attr-defined]


def play_seeds(
    first: int, runs: int, jobs: int, seconds: float = 1e9
) -> Generator[Played, None, None]:
    """At least `runs` sessions from seed `first` on, or as many as fit into that time, or as are
    asked for."""
    enough = multiprocessing.Event()
    queue: multiprocessing.Queue[Played | None] = multiprocessing.Queue()
    until_s = time.monotonic() + seconds
    share = -(-runs // jobs)
    workers = [
        multiprocessing.Process(
            target=_worker, args=(first + at, jobs, until_s, share, queue, enough)
        )
        for at in range(jobs)
    ]
    for worker in workers:
        worker.start()
    left = jobs
    try:
        while left:
            found = queue.get()
            if found is None:
                left -= 1
            else:
                yield found
    finally:  # a worker whose last words nobody takes never ends
        enough.set()
        while left:
            left -= queue.get() is None
        for worker in workers:
            worker.join()


def tell(found: Played) -> None:
    print(f"\nSEED {found.script.seed}: {found.text}", flush=True)
    for number, spec in enumerate(found.script.drives, 1):
        print(f"    drive {number}: {spec.kind} {spec.words} {spec.troubles or ''}")
    for line in found.story:
        print("   ", line)


def play_apart(script: Script) -> Played:
    """In a process of its own."""
    with multiprocessing.Pool(1) as pool:
        return pool.apply(play_alone, (script,))


def in_child(script: Script, rule: str, seconds: float) -> Played:
    """What is simulated stays out of this process."""
    with multiprocessing.Pool(1) as pool:
        return pool.apply(shrunk, (script, rule, seconds))


def main(argv: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="simulation")
    parser.add_argument("--runs", type=int, default=300)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--jobs", type=int, default=1)
    parser.add_argument("--seconds", type=float, default=1e9)
    parser.add_argument("--stop-after", type=int, default=5, help="findings")
    parser.add_argument("--script", type=Path)
    parser.add_argument("--shrink", type=float, default=0.0, help="seconds for each finding")
    parser.add_argument("--keep", type=Path, help="folder for the scripts of what was found")
    parser.add_argument("--counts", action="store_true")
    parser.add_argument("--tally", type=Path, help="go on from this file, and add to its counts")
    args = parser.parse_args(argv)
    if args.script is not None:
        return _one(from_json(args.script.read_text("utf-8")))
    began = time.monotonic()
    told = tally(args.tally, args.seed)
    first, bad = told.next_seed, list[Played]()
    with closing(play_seeds(first, args.runs, args.jobs, args.seconds)) as sessions:
        for played in sessions:
            told.sessions += played.sessions
            told.counts.update(played.counts)
            told.next_seed = max(told.next_seed, played.script.seed + 1)
            if played.rule:
                bad.append(played)
                shown = in_child(played.script, played.rule, args.shrink) if args.shrink else played
                tell(shown)
                if args.keep is not None:
                    args.keep.mkdir(parents=True, exist_ok=True)
                    kept = args.keep / f"{played.script.seed}.json"
                    kept.write_text(shown.script.to_json() + "\n", "utf-8")
                if len(bad) >= args.stop_after:
                    break
    told.seconds += time.monotonic() - began
    told.findings += len(bad)
    if args.tally is not None:
        told.save(args.tally)
    return _end(told, first, args, Counter(one.rule for one in bad))


def _end(told: Tally, first: int, args: argparse.Namespace, rules: Counter[str]) -> int:
    if args.counts:
        for name, count in sorted(told.counts.items()):
            print(f"{count:8d}  {name}")
    few = missing(told.counts) if told.sessions >= LONG_RUN else {}
    if few:
        print(f"met less than {LEAST} times: {few}")
    print(
        f"{told.sessions} sessions to seed {told.next_seed - 1} (from {first}) in"
        f" {told.seconds:.0f} s ({told.sessions / told.seconds:.1f} a second):"
        f" {dict(rules) or 'nothing found'}; {told.findings} findings in all"
    )
    return 1 if told.findings or few else 0


def _one(script: Script) -> int:
    played = play_alone(script)
    tell(played)
    print(played.digest)
    return 1 if played.rule else 0
