"""What each part of the house may take from outside: of the world, only what is named here.

A list of what is forbidden would let through whatever nobody thought of."""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path

import pytest

from station_kit.imports import imported, modules, part_of
from station_kit.places import TOP

APP = TOP / "app"
HOUSE = {"reprise", "reprise_common", "reprise_first_start"}
# It computes, and reaches nothing but its arguments.
PURE = {
    *("__future__", "abc", "array", "bisect", "collections", "contextlib", "dataclasses"),
    *("datetime", "difflib", "enum", "errno", "fnmatch", "functools", "hashlib", "heapq", "html"),
    *(
        "ipaddress",
        "itertools",
        "json",
        "math",
        "pathlib.PurePath",
        "re",
        "shlex",
        "struct",
        "tomllib",
        "types",
    ),
    *("typing", "unicodedata", "urllib.parse", "uuid", "zlib"),
}

# Their work is what reaches the world.
FREE = {"__main__", "cli", "bootstrap", "adapters", "server", "reprise_first_start"}
# What each other part takes beside what is pure.
BESIDE: dict[str, set[str]] = {
    "codec": {"inspect.cleandoc", "msgspec", "threading.Lock"},
    "documents": {"io.BytesIO", "os.strerror", "reportlab", "segno"},
    "errors": {"logging"},
    "i18n": {"contextvars", "gettext", "os.environ", "pathlib.Path"},
    "line_interface": {"pkgutil.resolve_name", "queue", "threading"},
    "schemas": {"pathlib.Path"},  # writes itself anew
    "settings": {"msgspec"},
    "strict_toml": {"msgspec"},
    "system_words": {"os.strerror"},
    "terminal_output": {"fcntl", "select", "termios"},
    "tui": {
        *("asyncio.get_running_loop", "codecs.getincrementaldecoder", "logging", "os.read"),
        *("pkgutil.resolve_name", "rich", "segno", "select", "textual", "threading"),
        "time.monotonic",
    },
    "workflow": {"concurrent.futures", "contextvars", "logging", "secrets", "threading"},
}


def taken(app: Path) -> dict[str, set[str]]:
    """Of each part that is held what it takes from outside."""
    found: dict[str, set[str]] = defaultdict(set)
    for module, file in modules(app).items():
        own = {name for name in imported(file, module) if name.partition(".")[0] not in HOUSE}
        found[part_of(module)] |= own
    return {part: names for part, names in found.items() if part not in FREE}


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
    ],
)
def test_an_effect_is_seen(tmp_path: Path, line: str, name: str) -> None:
    domain = tmp_path / "reprise/domain"
    domain.mkdir(parents=True)
    (domain / "one.py").write_text(f"import math\nfrom collections import abc\n{line}")
    found = taken(tmp_path)["domain"]
    assert {"math", "collections.abc"} < found
    assert effects(found) == {name}
