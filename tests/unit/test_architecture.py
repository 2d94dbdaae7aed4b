"""The house is as docs/architecture.md says: who imports whom, how long files are, what a process
loads."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import pytest

from station_kit.places import TOP

pytestmark = pytest.mark.processes

APP = TOP / "app"
PACKAGES = ("reprise", "reprise_common", "reprise_first_start")
_ROW = re.compile(r"^\| `(\w+)` \| .+? \|(.*)\|$", re.M)


def parts() -> dict[str, Path]:
    """Each part of the house and its file or folder; of `reprise`, what is in it."""
    inside = [path for path in (APP / "reprise").iterdir() if path.suffix in ("", ".py")]
    found = {path.stem: path for path in inside if path.stem != "__init__"}
    own = {name: path for name, path in found.items() if any(_files(path))}
    return own | {name: APP / name for name in PACKAGES[1:]}


def _files(path: Path) -> Iterator[Path]:
    yield from path.rglob("*.py") if path.is_dir() else (path,)


def _part(module: str) -> str:
    first, _, rest = module.partition(".")
    return rest.partition(".")[0] if first == "reprise" else first


def imported(file: Path) -> set[str]:
    """The parts of the house that a file imports, wherever in it that stands."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(file.read_text("utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module:
            one = node.module == "reprise"
            found |= {f"reprise.{a.name}" for a in node.names} if one else {node.module}
        elif isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
    ours = {_part(name) for name in found if name.partition(".")[0] in PACKAGES}
    return ours - {"__version__", ""}


def test_each_part_imports_what_its_row_says_and_nothing_else() -> None:
    text = (TOP / "docs/architecture.md").read_text("utf-8")
    said = {name: set(re.findall(r"`(\w+)`", may)) for name, may in _ROW.findall(text)}
    does: dict[str, set[str]] = defaultdict(set)
    for name, path in parts().items():
        does[name] = set().union(*map(imported, _files(path))) - {name}
    assert len(does) > 20
    assert said == does


def test_no_file_is_longer_than_300_lines() -> None:
    folders = ("app", "tests", "live-build", "docs", "hooks")
    kinds = (".py", ".sh", ".tcss", ".chroot", ".binary")
    every = [p for folder in folders for p in (TOP / folder).rglob("*") if p.suffix in kinds]
    assert len(every) > 900
    long = {p: len(p.read_text("utf-8").splitlines()) for p in every if p.is_file()}
    assert {str(p.relative_to(TOP)): count for p, count in long.items() if count > 300} == {}


# What a process that does this must not have loaded: the erasing side, other interfaces, and what
# costs seconds at a start.
_ALONE = {
    "reprise.tui.app": (
        *("reprise.adapters", "reprise.bootstrap", "reprise.server", "reprise.documents"),
        *("reprise.workflow.session.session", "reprise.workflow.erasure.sanitize"),
        *("reprise.workflow.engine.engine", "cryptography", "reportlab", "pyudev"),
    ),
    "reprise.line_interface.conversation": (
        *("textual", "reprise.tui", "reprise.adapters", "reprise.workflow.session.session"),
        *("reprise.workflow.erasure.sanitize", "reprise.workflow.engine.engine"),
    ),
    "reprise.workflow.engine.engine": ("textual", "reprise.tui", "reprise.adapters", "reportlab"),
    "reprise.domain.report.outcome": ("reprise.i18n", "reprise.errors", "msgspec", "subprocess"),
    "reprise.server.intake": ("textual", "reprise.tui", "reprise.adapters", "pyudev"),
    "reprise_first_start.apply": ("reprise", "gi", "textual"),
}


@pytest.mark.parametrize("module", _ALONE)
def test_a_process_loads_nothing_that_it_must_not_have(module: str) -> None:
    script = f"import sys, {module}; print(*sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True, cwd=APP
    )
    loaded = set(done.stdout.split())
    assert module in loaded
    assert loaded & set(_ALONE[module]) == set()
