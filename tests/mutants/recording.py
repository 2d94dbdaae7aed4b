"""A plugin of pytest: which functions of `app/reprise` each test ran, how long it took, and
which modules of others were loaded. By function, not by line: the map then outlives edits."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from types import CodeType
from typing import Any

import pytest

_TOOL = 4  # sys.monitoring: 0 to 5, of which 0 to 2 and 5 have a meaning


class Recorder:
    def __init__(self, app: str, outs: dict[str, Path]) -> None:
        self._app, self._outs = app, outs
        self._now: set[str] = set()
        self._tests: dict[str, dict[str, Any]] = {}
        watch = sys.monitoring
        self._disable = watch.DISABLE  # a forked process may still call while it ends
        watch.use_tool_id(_TOOL, "reprise-mutants")
        watch.register_callback(_TOOL, watch.events.PY_START, self._started)
        watch.set_events(_TOOL, watch.events.PY_START)

    def _started(self, code: CodeType, _offset: int) -> object:
        if code.co_filename.startswith(self._app):
            self._now.add(f"{code.co_filename[len(self._app) :]}::{_outer(code.co_qualname)}")
        return self._disable

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item: pytest.Item, nextitem: pytest.Item | None) -> Any:
        self._now = set()
        sys.monitoring.restart_events()
        self._tests[item.nodeid] = {"s": 0.0, "passed": True, "ran": []}
        result = yield
        self._tests[item.nodeid]["ran"] = sorted(self._now)
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
        ours = {"reprise", "reprise_first_start", "__main__", "conftest", "tests", "mutants"}
        ours |= {one.name.removesuffix(".py") for one in root.iterdir()}
        loaded = [name for name in sys.modules if name.partition(".")[0] not in ours]
        self._outs[str(file)].write_text(json.dumps({"tests": self._tests, "loaded": loaded}))
        self._tests = {}

    def pytest_sessionfinish(self) -> None:
        sys.monitoring.set_events(_TOOL, 0)


def _outer(qualname: str) -> str:
    """A lambda or an inner generator belongs to the function around it."""
    head, sep, _ = qualname.partition(".<locals>.<")
    return head if sep else qualname


def pytest_configure(config: pytest.Config) -> None:
    """MUTANTS_OUT: JSON, the path of each test file and where its part of the map goes."""
    outs = {file: Path(out) for file, out in json.loads(os.environ["MUTANTS_OUT"]).items()}
    config.pluginmanager.register(Recorder(os.environ["MUTANTS_APP"], outs))
