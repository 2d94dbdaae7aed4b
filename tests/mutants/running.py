"""One mutant: a forked process in which the changed module is what Python imports.

The parent has loaded every library that the tests need and nothing of Reprise, so that a child
starts within milliseconds and imports Reprise from the source, the one changed module from memory.
No file of the checkout is written, and any number of workers may run at the same time."""

from __future__ import annotations

import importlib
import json
import os
import select
import shutil
import signal
import sys
import tempfile
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

import pytest

from mutants import hook
from mutants.testmap import APP, ROOT, Test

_FEW_FILES = 5  # of the second round
_ALL_S = 20.0  # of tests a mutant, by what they took when recorded
_PATIENCE_S = 40.0
_PATIENCE_TIMES = 10


class Fate(StrEnum):
    KILLED = "killed"
    TIMED_OUT = "timed-out"  # counts as killed, and is listed
    SURVIVED = "survived"
    UNTESTED = "untested"  # no test imports the module, or runs the place: counts as survived


@dataclass(frozen=True)
class Result:
    fate: Fate
    by: str  # the test that failed
    tests: int


class _Chosen:
    """Only these tests, in this order; `failed` is the first that did not pass."""

    def __init__(self, nodes: Sequence[str]) -> None:
        self._order = {node: at for at, node in enumerate(nodes)}
        self.failed, self.ran = "", 0

    @pytest.hookimpl(trylast=True)
    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        chosen = [one for one in items if one.nodeid in self._order]
        # a mutant may change the very names of the tests: then all of the files
        items[:] = sorted(chosen, key=lambda one: self._order[one.nodeid]) or items

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        self.ran += report.when == "call"
        if report.failed and not self.failed:
            self.failed = report.nodeid

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        if report.failed and not self.failed:
            self.failed = report.nodeid


def warm(loaded: Sequence[str]) -> None:
    """Load what the tests load, but for Reprise and the tests themselves."""
    for name in loaded:
        with suppress(Exception):  # what cannot be loaded alone is loaded by who needs it
            importlib.import_module(name)
    early = [name for name in sys.modules if name.startswith("reprise")]
    if early:
        raise SystemExit(f"mutants: loaded before any mutant: {early}")


def try_mutant(path: str, number: int, tests: Sequence[Test]) -> Result:
    """`path`: relative to app; `number`: of the change within the module."""
    if not tests:
        return Result(Fate.UNTESTED, "", 0)
    so_far = Result(Fate.UNTESTED, "", 0)
    for some in _rounds(tests):
        found = _round(path, number, some)
        fate = so_far.fate if found.fate is Fate.UNTESTED else found.fate
        so_far = Result(fate, found.by, so_far.tests + found.tests)
        if fate in (Fate.KILLED, Fate.TIMED_OUT):
            break
    return so_far


def _rounds(tests: Sequence[Test]) -> list[list[Test]]:
    """Few files at first: most mutants die there, and the others are not even collected."""
    rounds: list[list[Test]] = [[], [], []]
    spent, files = 0.0, set[str]()
    for one in tests:
        spent += one.duration_s
        files.add(one.file)
        if spent <= _ALL_S or len(files) == 1:
            rounds[0 if len(files) == 1 else 1 if len(files) <= _FEW_FILES else 2].append(one)
    return [some for some in rounds if some]


def _round(path: str, number: int, tests: list[Test]) -> Result:
    patience = _PATIENCE_S + _PATIENCE_TIMES * sum(one.duration_s for one in tests)
    reading, writing = os.pipe()
    work = tempfile.mkdtemp(prefix="mutant-")
    child = os.fork()
    if child == 0:
        os.close(reading)
        _child(path, number, tests, work, writing)
    os.close(writing)
    try:
        answer = _answer(reading, time.monotonic() + patience)
    finally:
        os.close(reading)
        with suppress(ProcessLookupError):
            os.killpg(child, signal.SIGKILL)
        os.waitpid(child, 0)
        shutil.rmtree(work, ignore_errors=True)
    if answer is None:
        return Result(Fate.TIMED_OUT, "", len(tests))
    if not answer:
        return Result(Fate.KILLED, "the process ended", len(tests))
    told = json.loads(answer)
    if told["code"] == 0 and told["ran"]:
        return Result(Fate.SURVIVED if told["loaded"] else Fate.UNTESTED, "", told["ran"])
    return Result(Fate.KILLED, told["failed"], told["ran"])


def _answer(reading: int, until: float) -> bytes | None:
    """What the child says before it ends; None: not in time."""
    told = b""
    while (left := until - time.monotonic()) > 0:
        if not select.select([reading], [], [], left)[0]:
            return None
        piece = os.read(reading, 65536)
        if not piece:
            return told
        told += piece
        if told.endswith(b"\n"):  # a process that a test left behind may hold the pipe
            return told
    return None


def _child(path: str, number: int, tests: list[Test], work: str, writing: int) -> None:
    os.setsid()
    os.chdir(ROOT)
    quiet = os.open(Path(work) / "output", os.O_WRONLY | os.O_CREAT)
    os.dup2(quiet, 1)
    os.dup2(quiet, 2)
    os.environ["TMPDIR"] = work
    tempfile.tempdir = None
    sign = Path(work) / "imported"
    sys.path.insert(0, str(APP))  # this checkout, whatever is installed
    hook.install(APP, path, number, sign)
    hook.for_children(APP, path, number, sign)
    chosen = _Chosen([one.node for one in tests])
    files = list(dict.fromkeys(one.file for one in tests))
    argv = ["-x", "-q", "-p", "no:cacheprovider", "--rootdir", str(ROOT), "--basetemp"]
    code = pytest.main([*argv, f"{work}/tests", *files], plugins=[chosen])
    told = {"code": code, "failed": chosen.failed, "ran": chosen.ran, "loaded": sign.exists()}
    os.write(writing, json.dumps(told).encode() + b"\n")
    os._exit(0)
