"""Which tests to run for a change: recorded once per test file and kept beside its hash."""

from __future__ import annotations

import ast
import hashlib
import json
import os
import re
import subprocess
import sys
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from mutants.operators import Change

ROOT = Path(__file__).resolve().parents[2]
APP = ROOT / "app"
KEPT = ROOT / "build" / "mutants"
_TOGETHER = 20  # test files a process
_DEEP = 3  # names bound from names, module by module


@dataclass(frozen=True)
class Test:
    file: str
    node: str
    duration_s: float
    specific: float  # the fewer functions a test runs, the more it says of each


@dataclass(frozen=True)
class TestMap:
    by_function: dict[str, list[Test]]
    by_file: dict[str, list[Test]]
    loaded: tuple[str, ...]
    first: tuple[str, ...]


def record(suites: Iterable[str], first: Iterable[str], jobs: int) -> TestMap:
    """The map of `suites` (folders); only files that changed are run again. `first`: files that
    look at every name there is."""
    KEPT.mkdir(parents=True, exist_ok=True)
    files = [f for s in suites for f in sorted((ROOT / s).rglob("test_*.py"))]
    stale = [file for file in files if not _entry(file).exists()]
    running: list[subprocess.Popen[bytes]] = []
    for at in range(0, len(stale), _TOGETHER):
        if len(running) >= jobs:
            running.pop(0).wait()
        print(f"mutants: which test runs what, {at} of {len(stale)} files", flush=True)
        running.append(_run(stale[at : at + _TOGETHER]))
    for one in running:
        one.wait()
    return _joined(files, tuple(first))


def _entry(file: Path) -> Path:
    name = str(file.relative_to(ROOT / "tests")).replace("/", "-").removesuffix(".py")
    digest = hashlib.sha256(file.read_bytes()).hexdigest()[:16]
    return KEPT / f"map-{name}-{digest}.json"


def _run(files: list[Path]) -> subprocess.Popen[bytes]:
    env = os.environ | {
        "MUTANTS_APP": f"{APP}/",
        "MUTANTS_OUT": json.dumps({str(file): str(_entry(file)) for file in files}),
        "PYTHONPATH": f"{APP}{os.pathsep}{ROOT / 'tests'}",
    }
    argv = [sys.executable, "-m", "pytest", "-q", "-p", "mutants.recording", "-p"]
    argv += ["no:cacheprovider", *map(str, files)]
    return subprocess.Popen(argv, cwd=ROOT, env=env, stdout=subprocess.DEVNULL)


def _joined(files: list[Path], first: tuple[str, ...]) -> TestMap:
    by_function: dict[str, list[Test]] = defaultdict(list)
    by_file: dict[str, list[Test]] = {}
    loaded: set[str] = set()
    for file in files:
        if not _entry(file).exists():
            print(f"mutants: no test of {file} ran", flush=True)
            continue
        kept = json.loads(_entry(file).read_text())
        loaded.update(kept["loaded"])
        name = str(file.relative_to(ROOT))
        tests = by_file[name] = []
        for node, test in kept["tests"].items():
            if not test["passed"]:
                print(f"mutants: left out, does not pass unchanged: {node}", flush=True)
                continue
            one = Test(name, node, test["s"], 1 / (1 + len(test["ran"])))
            tests.append(one)
            for function in test["ran"]:
                by_function[function].append(one)
    return TestMap(by_function, by_file, tuple(sorted(loaded)), first)


def tests_for(path: str, change: Change, known: TestMap) -> list[Test]:
    """Of `path` (relative to app): those that run the changed function, or that use what
    the changed line binds; the file that says most about it first."""
    if change.in_function:
        wanted = {f"{path}::{change.where}"}
        named: set[str] = set()
    else:
        named = _names(change.names)
        wanted = set().union(*(_users().get(name, set()) for name in named))
        wanted |= {one for one in known.by_function if one.startswith(f"{path}::")}
    found = {one.node: one for function in wanted for one in known.by_function.get(function, ())}
    telling = {file for file in known.by_file if _mentions(file, named)}
    first = () if change.in_function else known.first
    for file in (*telling, *first):
        found |= {one.node: one for one in known.by_file[file]}
    ordered = _ordered(found.values(), telling, _dotted(path))
    return sorted(ordered, key=lambda one: one.file not in first)


def _ordered(found: Iterable[Test], telling: set[str], module: str) -> list[Test]:
    files: dict[str, list[Test]] = defaultdict(list)
    for one in found:
        files[one.file].append(one)

    def weight(file: str) -> tuple[int, float]:
        says = sum(one.specific for one in files[file])
        takes = 0.5 + sum(one.duration_s for one in files[file])
        return int(file in telling) + int(_imports(file, module)), says / takes

    ranked = sorted(files, key=weight, reverse=True)
    return [one for file in ranked for one in sorted(files[file], key=lambda t: t.duration_s)]


def _dotted(path: str) -> str:
    return path.removesuffix(".py").replace("/", ".")


@cache
def _source(file: str) -> str:
    return (ROOT / file).read_text()


@cache
def _imports(file: str, module: str) -> bool:
    return re.search(rf"\b{re.escape(module)}\b", _source(file)) is not None


def _mentions(file: str, names: set[str]) -> bool:
    words = re.findall(r"\w+", _source(file)) if names else ()
    return not names.isdisjoint(words)


def _names(names: tuple[str, ...]) -> set[str]:
    """With all that other modules bind from them."""
    found = set(names[-1:]) if names else set()
    for _ in range(_DEEP):
        found |= {name for one in found for name in _bindings().get(one, ())}
    return found


@cache
def _users() -> dict[str, set[str]]:
    """Name -> functions of the application in which it stands."""
    users: dict[str, set[str]] = defaultdict(set)
    for path, tree in _trees():
        for where, node in _functions(tree, ""):
            for name in _words(node):
                users[name].add(f"{path}::{where}")
    return users


@cache
def _bindings() -> dict[str, set[str]]:
    """Name -> names that a module binds from it, outside of functions."""
    bound: dict[str, set[str]] = defaultdict(set)
    for _, tree in _trees():
        for node in tree.body:
            if isinstance(node, ast.Assign) and node.value:
                for target in node.targets:
                    for name in _words(node.value):
                        bound[name].update(_words(target))
    return bound


def _trees() -> list[tuple[str, ast.Module]]:
    return [(str(p.relative_to(APP)), ast.parse(p.read_text())) for p in sorted(APP.rglob("*.py"))]


def _functions(node: ast.AST, outer: str) -> Iterable[tuple[str, ast.AST]]:
    for child in ast.iter_child_nodes(node):
        if isinstance(child, (ast.FunctionDef, ast.AsyncFunctionDef)):
            yield outer + child.name, child
        elif isinstance(child, ast.ClassDef):
            yield from _functions(child, f"{outer}{child.name}.")


def _words(node: ast.AST) -> set[str]:
    names = {one.id for one in ast.walk(node) if isinstance(one, ast.Name)}
    return names | {one.attr for one in ast.walk(node) if isinstance(one, ast.Attribute)}
