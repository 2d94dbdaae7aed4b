"""`make mutants`: change the core one place at a time and see that a test notices.

    python -m mutants --runs 150 --seed 1 [--jobs 1] [--only domain/report/outcome.py] [--again]

Results are kept in build/mutants and taken up again: a longer run with the same seed begins with
the shorter one. `--again` tries only those that survived. Exit code 1 below the floor."""

from __future__ import annotations

import argparse
import ast
import hashlib
import json
import os
import random
import sys
import tomllib
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from mutants.operators import Change, changes
from mutants.running import Fate, Result, try_mutant, warm
from mutants.testmap import APP, KEPT, ROOT, TestMap, record, tests_for

_CONFIGURATION = Path(__file__).with_name("mutants.toml")
_KILLED = {Fate.KILLED, Fate.TIMED_OUT}


@dataclass(frozen=True)
class Mutant:
    path: str
    number: int
    change: Change

    @property
    def key(self) -> str:
        return f"{self.path}::{self.change.where}: {self.change.title}"


def main() -> int:
    asked = _arguments()
    wanted = tomllib.loads(_CONFIGURATION.read_text())
    sample = _sample(wanted["modules"], asked)
    known = record(wanted["suites"], wanted["first"], asked.jobs)
    results = _Results(_tree_hash())
    todo = [one for one in sample if results.unknown(one, asked)]
    print(f"mutants: seed {asked.seed}, {len(sample)} chosen, {len(todo)} to try", flush=True)
    warm(known.loaded)
    _try_all(todo, known, results, asked.jobs)
    return _report(sample, results, wanted)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="mutants", description=__doc__)
    parser.add_argument("--runs", type=int, default=150)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--only", default="", help="modules whose path holds this")
    parser.add_argument("--again", action="store_true", help="those that survived, once more")
    parser.add_argument(
        "--carry", action="store_true", help="what was killed on another commit stays killed"
    )
    return parser.parse_args()


def _sample(globs: Iterable[str], asked: argparse.Namespace) -> list[Mutant]:
    paths = sorted({str(p.relative_to(APP)) for glob in globs for p in APP.glob(glob)})
    every = [one for path in paths for one in _mutants(path)]
    random.Random(asked.seed).shuffle(every)  # noqa: S311 (a sample, no secret)
    return [one for one in every if asked.only in one.path][: asked.runs]


def _mutants(path: str) -> Iterator[Mutant]:
    for number, change in enumerate(changes(ast.parse((APP / path).read_text()))):
        yield Mutant(path, number, change)


def _tree_hash() -> str:
    """Of all that a result hangs on."""
    digest = hashlib.sha256()
    for folder in (ROOT / "app", ROOT / "tests"):
        for file in sorted(folder.rglob("*.py")):
            digest.update(str(file.relative_to(ROOT)).encode() + file.read_bytes())
    return digest.hexdigest()[:16]


class _Results:
    """One line a mutant; the last one counts."""

    def __init__(self, tree: str) -> None:
        self._tree = tree
        self._file = KEPT / "results.jsonl"
        self._known: dict[str, dict[str, Any]] = {}
        lines = self._file.read_text().splitlines() if self._file.exists() else []
        for line in lines:
            self._known[json.loads(line)["key"]] = json.loads(line)

    def unknown(self, mutant: Mutant, asked: argparse.Namespace) -> bool:
        told = self._known.get(mutant.key)
        if told is None:
            return not asked.again
        killed = Fate(told["fate"]) in _KILLED
        if asked.again or asked.carry:
            return not killed and (asked.again or told["tree"] != self._tree)
        return bool(told["tree"] != self._tree)

    def keep(self, key: str, told: dict[str, Any]) -> None:
        self._known[key] = told | {"key": key, "tree": self._tree}
        with self._file.open("a") as file:
            file.write(json.dumps(self._known[key]) + "\n")

    def fate(self, mutant: Mutant) -> Fate | None:
        told = self._known.get(mutant.key)
        return Fate(told["fate"]) if told else None


def _try_all(todo: list[Mutant], known: TestMap, results: _Results, jobs: int) -> None:
    reading, writing = os.pipe()
    workers = [_worker(todo[at::jobs], known, writing) for at in range(jobs)]
    os.close(writing)
    tried: Counter[bool] = Counter()
    with os.fdopen(reading) as told:
        for line in told:
            one = json.loads(line)
            results.keep(one.pop("key"), one)
            tried[Fate(one["fate"]) in _KILLED] += 1
    ended = [os.waitpid(worker, 0)[1] for worker in workers]
    if any(ended) or tried.total() != len(todo):
        raise SystemExit("mutants: a worker ended before its time; start again to go on")


def _worker(mine: list[Mutant], known: TestMap, writing: int) -> int:
    worker = os.fork()
    if worker:
        return worker
    parent = os.getppid()
    for at, mutant in enumerate(mine, 1):
        if os.getppid() != parent:  # somebody stopped the run
            break
        tests = tests_for(mutant.path, mutant.change, known)
        result = try_mutant(mutant.path, mutant.number, tests)
        _say(f"{at}/{len(mine)} {result.fate:9} {mutant.key} ({_by(result)})")
        told = {"key": mutant.key, "fate": result.fate, "by": result.by, "tests": result.tests}
        os.write(writing, json.dumps(told).encode() + b"\n")
    os._exit(0)


def _say(line: str) -> None:
    os.write(sys.stdout.fileno(), line.encode() + b"\n")


def _by(result: Result) -> str:
    return result.by or f"{result.tests} tests"


def _report(sample: list[Mutant], results: _Results, wanted: dict[str, Any]) -> int:
    argued = {
        (a["module"], a["function"], a["mutation"]): a["reason"] for a in wanted.get("argued", ())
    }
    rows: dict[str, Counter[str]] = defaultdict(Counter)
    listed: list[str] = []
    for one in sample:
        fate = results.fate(one)
        if fate is None:
            continue
        killed = fate in _KILLED
        reason = None if killed else argued.get((one.path, one.change.where, one.change.title))
        word = "killed" if killed else "argued" if reason else "survived"
        rows[one.path][word] += 1
        rows["all"][word] += 1
        if fate is not Fate.KILLED:
            listed.append(
                f"  {word if reason else fate}: {one.key}" + (f" ({reason})" * bool(reason))
            )
    print("\n".join(sorted(listed)))
    print("\nmodule                                 killed survived argued  killed of not argued")
    for path in sorted(rows, key=lambda p: (p == "all", p)):
        row = rows[path]
        share = _share(row["killed"], row["killed"] + row["survived"])
        print(f"{path:38} {row['killed']:6} {row['survived']:8} {row['argued']:6}  {share:6.1f} %")
    total = rows["all"]
    return _floor(total, wanted)


def _floor(total: Counter[str], wanted: dict[str, Any]) -> int:
    killed = _share(total["killed"], total["killed"] + total["survived"])
    argued = 100 - _share(total.total() - total["argued"], total.total())
    low = killed < wanted["killed_percent"] or argued > wanted["argued_percent"]
    print(
        f"mutants: {total.total()} tried, {killed:.1f} % killed of those not argued harmless"
        f" (floor {wanted['killed_percent']} %), {argued:.1f} % argued"
        f" (at most {wanted['argued_percent']} %)"
    )
    return int(low)


def _share(part: int, whole: int) -> float:
    return 100.0 * part / whole if whole else 100.0


if __name__ == "__main__":
    sys.exit(main())
