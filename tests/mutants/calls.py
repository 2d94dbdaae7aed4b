"""Which functions of `app` run, by sys.monitoring: here and in processes of the tests."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from types import CodeType
from typing import Any

TOOL = 4  # 0 to 2 and 5 have a meaning


def monitored() -> Any:
    return sys.monitoring  # type: ignore[attr-defined]  # of Python 3.12


def watch(app: str, ran: Callable[[str], object]) -> None:
    """`ran` is called with "path::qualname"; where it answers sys.monitoring.DISABLE, not again
    for that function until restart_events."""

    def started(code: CodeType, _offset: int) -> object:
        if not code.co_filename.startswith(app):
            return disable
        return ran(f"{code.co_filename[len(app) :]}::{_outer(code.co_qualname)}")

    monitoring = monitored()
    disable = monitoring.DISABLE  # a process may still call while it ends
    monitoring.use_tool_id(TOOL, "reprise-mutants")
    monitoring.register_callback(TOOL, monitoring.events.PY_START, started)
    monitoring.set_events(TOOL, monitoring.events.PY_START)


def tell(app: str, calls: str) -> None:
    """Write them to the file `calls`, each once until somebody empties the file."""
    told: set[str] = set()
    out = os.open(calls, os.O_WRONLY | os.O_APPEND | os.O_CREAT)
    write, size = os.write, os.fstat

    def ran(function: str) -> None:
        if told and not size(out).st_size:
            told.clear()
        if function not in told:
            told.add(function)
            write(out, function.encode() + b"\n")

    watch(app, ran)


def _outer(qualname: str) -> str:
    """A lambda or an inner generator belongs to the function around it."""
    head, sep, _ = qualname.partition(".<locals>.<")
    return head if sep else qualname
