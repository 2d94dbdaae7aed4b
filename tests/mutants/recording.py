"""A plugin of pytest: which functions of `app` each test ran, how long it took, and
which modules of others were loaded. By function, not by line: the map then outlives edits."""

from __future__ import annotations

import json
import os
import sys
import tempfile
from pathlib import Path
from typing import Any

import pytest

from mutants.calls import TOOL, monitored, watch
from mutants.hook import record_children


class Recorder:
    def __init__(self, app: str, outs: dict[str, Path]) -> None:
        self._outs = outs
        self._now: set[str] = set()
        self._tests: dict[str, dict[str, Any]] = {}
        self._calls = Path(tempfile.mkdtemp()) / "calls"
        self._calls.touch()
        record_children(self._calls)
        watch(app, self._ran)

    def _ran(self, function: str) -> object:
        self._now.add(function)
        return monitored().DISABLE

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item: pytest.Item, nextitem: pytest.Item | None) -> Any:
        self._now = set()
        os.truncate(self._calls, 0)
        monitored().restart_events()
        self._tests[item.nodeid] = {"s": 0.0, "passed": True, "ran": []}
        result = yield
        self._tests[item.nodeid]["ran"] = sorted(
            self._now | {*self._calls.read_text().splitlines()}
        )
        if nextitem is None or nextitem.path != item.path:
            self._keep(item.path)
        return result

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        test = self._tests[report.nodeid]
        test["s"] += report.duration
        test["passed"] &= report.passed

    def _keep(self, file: Path) -> None:
        """As soon as a file is through: a map that is cut off goes on from there."""
        root = Path.cwd() / "tests"
        ours = {
            "reprise",
            "reprise_common",
            "reprise_first_start",
            "__main__",
            "conftest",
            "tests",
            "mutants",
        }
        ours |= {one.name.removesuffix(".py") for one in root.iterdir()}
        loaded = [name for name in sys.modules if name.partition(".")[0] not in ours]
        self._outs[str(file)].write_text(json.dumps({"tests": self._tests, "loaded": loaded}))
        self._tests = {}

    def pytest_sessionfinish(self) -> None:
        monitored().set_events(TOOL, 0)


def pytest_configure(config: pytest.Config) -> None:
    """MUTANTS_OUT: JSON, the path of each test file and where its part of the map goes."""
    outs = {file: Path(out) for file, out in json.loads(os.environ["MUTANTS_OUT"]).items()}
    config.pluginmanager.register(Recorder(os.environ["MUTANTS_APP"], outs))
