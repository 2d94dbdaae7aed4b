"""What each part of the house may take from outside: of the world, only what is named here.

A list of what is forbidden would let through whatever nobody thought of."""

from __future__ import annotations

import ast
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import pytest

from station_kit.imports import imported, modules, part_of
from station_kit.places import TOP

APP = TOP / "app"
HOUSE = {"reprise", "reprise_common", "reprise_first_start"}
# It computes, and reaches nothing but its arguments. A module that can do more is named by what is
# taken of it.
PURE = {
    *("__future__", "abc", "array", "bisect", "collections", "contextlib.contextmanager"),
    *("dataclasses", "datetime.MAXYEAR", "datetime.MINYEAR", "datetime.UTC", "datetime.date"),
    *("datetime.datetime", "datetime.timedelta", "difflib", "enum", "errno", "fnmatch"),
    *("functools", "hashlib", "heapq", "html", "ipaddress", "itertools", "json", "math"),
    *("pathlib.PurePath", "re", "shlex", "struct", "tomllib", "types", "typing", "unicodedata"),
    *("urllib.parse", "uuid.NAMESPACE_OID", "uuid.UUID", "uuid.uuid5", "zlib"),
}
# They read the PC's clock, whosever they are.
CLOCKS = {"now", "today", "utcnow"}

# Their work is what reaches the world.
FREE = {"__main__", "cli", "bootstrap", "adapters", "server", "reprise_first_start"}
# What each other part takes beside what is pure.
BESIDE: dict[str, set[str]] = {
    "codec": {"inspect.cleandoc", "msgspec", "threading.Lock"},
    "documents": {"io.BytesIO", "os.strerror", "reportlab", "segno"},
    "errors": {"logging.Logger", "logging.getLogger"},
    "i18n": {"contextvars", "gettext", "os.environ", "pathlib.Path"},
    "line_interface": {"pkgutil.resolve_name", "queue", "threading"},
    "schemas": {"pathlib.Path"},  # writes itself anew
    "settings": {"msgspec"},
    "strict_toml": {"msgspec"},
    "system_words": {"os.strerror"},
    "terminal_output": {"fcntl", "select", "termios"},
    "tui": {
        *(
            "asyncio.get_running_loop",
            "codecs.getincrementaldecoder",
            "logging.getLogger",
            "os.read",
        ),
        *(
            "pkgutil.get_data",
            "pkgutil.resolve_name",
            "rich",
            "segno",
            "select",
            "textual",
            "threading",
        ),
        "time.monotonic",
    },
    "workflow": {
        *("clock services.today", "concurrent.futures.Future"),
        *("concurrent.futures.ThreadPoolExecutor", "contextvars", "logging.getLogger"),
        *("secrets.token_bytes", "threading", "uuid.uuid4"),
    },
}


def taken(app: Path) -> dict[str, set[str]]:
    """Of each part that is held what it takes from outside."""
    found: dict[str, set[str]] = defaultdict(set)
    for module, file in modules(app).items():
        own = {name for name in imported(file, module) if name.partition(".")[0] not in HOUSE}
        found[part_of(module)] |= own | set(clocks(file))
    return {part: names for part, names in found.items() if part not in FREE}


def clocks(file: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(file.read_text("utf-8"))):
        if isinstance(node, ast.Attribute) and node.attr in CLOCKS:
            yield f"clock {ast.unparse(node)}"


def _under(name: str, allowed: set[str]) -> set[str]:
    return {one for one in allowed if f"{name}.".startswith(f"{one}.")}


def effects(names: set[str]) -> set[str]:
    return {name for name in names if not _under(name, PURE)}


def test_each_part_takes_from_outside_what_is_named_and_nothing_else() -> None:
    does = {part: effects(names) for part, names in taken(APP).items()}
    assert len(does) > 15
    too_much = {
        part: {name for name in names if not _under(name, BESIDE.get(part, set()))}
        for part, names in does.items()
    }
    assert {part: names for part, names in too_much.items() if names} == {}
    needed = {
        part: set().union(*(_under(name, allowed) for name in does[part]))
        for part, allowed in BESIDE.items()
    }
    assert needed == BESIDE
    every = set().union(*taken(APP).values())
    assert set().union(*(_under(name, PURE) for name in every)) == PURE


@pytest.mark.parametrize(
    ("line", "name"),
    [
        ("import joserfc", "joserfc"),
        ("import http.client", "http.client"),
        ("import urllib.request", "urllib.request"),
        ("from urllib import request", "urllib.request"),
        ("import os\nos.remove('x')", "os.remove"),
        ("import os as system\nsystem.remove('x')", "os.remove"),
        ("import os\nremove = vars(os)['remove']", "os"),
        ("def late():\n    from os import system", "os.system"),
        ("from pathlib import Path", "pathlib.Path"),
        ("open('x')", "builtins.open"),
        ("__import__('os')", "builtins.__import__"),
        ("__builtins__['open']('x')", "builtins.__builtins__"),
        ("input()", "builtins.input"),
        ("breakpoint()", "builtins.breakpoint"),
        ("compile('', '', 'exec')", "builtins.compile"),
        ("import os\nos.path\nvars(os)['remove']", "os"),
        ("import urllib.parse\nurllib.request.urlopen('x')", "urllib.request.urlopen"),
        ("from datetime import datetime\ndatetime.now()", "clock datetime.now"),
        ("import datetime\ndatetime.datetime.now()", "clock datetime.datetime.now"),
        ("def day(when):\n    return type(when).today()", "clock type(when).today"),
        ("import datetime as time\ntime.date.today", "clock time.date.today"),
        ("import uuid\nuuid.uuid1()", "uuid.uuid1"),
        ("from uuid import uuid4", "uuid.uuid4"),
        ("import contextlib\ncontextlib.chdir('/')", "contextlib.chdir"),
        ("from contextlib import *", "contextlib.*"),
    ],
)
def test_an_effect_is_seen(tmp_path: Path, line: str, name: str) -> None:
    domain = tmp_path / "reprise/domain"
    domain.mkdir(parents=True)
    (domain / "one.py").write_text(f"import math\nfrom collections import abc\n{line}")
    found = taken(tmp_path)["domain"]
    assert {"math", "collections.abc"} < found
    assert name in effects(found)
    assert effects(found) <= {name, "os.path"}


@pytest.mark.parametrize(
    ("line", "name"),
    [
        ("import logging.handlers\nlogging.handlers.HTTPHandler", "logging.handlers.HTTPHandler"),
        ("from logging import FileHandler", "logging.FileHandler"),
        ("from concurrent.futures import ProcessPoolExecutor", None),
        ("from concurrent import futures\nfutures.ProcessPoolExecutor", "concurrent.futures"),
    ],
)
def test_of_a_module_is_taken_what_is_named(tmp_path: Path, line: str, name: str | None) -> None:
    workflow = tmp_path / "reprise/workflow"
    workflow.mkdir(parents=True)
    (workflow / "one.py").write_text(f"from concurrent.futures import Future\n{line}")
    found = effects(taken(tmp_path)["workflow"])
    too_much = {one for one in found if not _under(one, BESIDE["workflow"])}
    assert too_much == {name or "concurrent.futures.ProcessPoolExecutor"}
