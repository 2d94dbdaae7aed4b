"""The house is as docs/architecture.md says: who imports whom, how long files are, what a process
loads."""

from __future__ import annotations

import re
import subprocess
import sys
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import pytest

from station_kit.imports import imported, modules, needs, part_of
from station_kit.places import TOP

pytestmark = pytest.mark.processes

APP = TOP / "app"
_ROW = re.compile(r"^\| `(\w+)` \| .+? \|(.*)\|$", re.M)


def uses(app: Path) -> dict[str, set[str]]:
    """Of each part of the house those that it names, wherever in it that stands."""
    does: dict[str, set[str]] = defaultdict(set)
    for module, needed in needs(app).items():
        does[part_of(module)] |= set(map(part_of, needed))
    return {part: others - {part, ""} for part, others in does.items() if part}


def test_each_part_imports_what_its_row_says_and_nothing_else() -> None:
    text = (TOP / "docs/architecture.md").read_text("utf-8")
    said = {name: set(re.findall(r"`(\w+)`", may)) for name, may in _ROW.findall(text)}
    does = uses(APP)
    assert len(does) > 20
    assert said == does


@pytest.mark.parametrize(
    "line",
    [
        "from reprise.adapters.drives.overwrite import Overwrite",
        "def late():\n    from ..adapters.drives.overwrite import Overwrite",
        "def late():\n    from .. import adapters",
        "ROW = 'reprise.adapters.drives.overwrite:Overwrite'",
        "ROW = 'reprise.adapters.drives.overwrite:Overwrite.erase'",
        "def late(name):\n    return import_module(f'reprise.adapters.drives.{name}')",
        "def late(name):\n    return import_module('reprise.adapters.' + name)",
        "def late(name):\n    return import_module('reprise.{}.drives'.format(name))",
        "def late(name):\n    return import_module('reprise.%s' % name)",
        "def late():\n    return import_module('.adapters.drives', 'reprise')",
        "import reprise.tui\nreprise.adapters.drives.overwrite.Overwrite()",
        "from reprise import *",
    ],
)
def test_what_a_part_imports_is_seen_however_it_does(tmp_path: Path, line: str) -> None:
    screens, drives = tmp_path / "reprise/tui", tmp_path / "reprise/adapters/drives"
    for folder in (screens, drives):
        folder.mkdir(parents=True)
        for package in (folder, folder.parent):
            (package / "__init__.py").write_text("")
    (drives / "overwrite.py").write_text("class Overwrite: ...")
    (screens / "app.py").write_text(line)
    assert uses(tmp_path) == {"tui": {"adapters"}, "adapters": set()}


# They load by a name that is put together or handed over: what that may be, no test can read.
_LOAD_BY_NAME = {
    "reprise.__main__": "importlib.import_module",
    "reprise.bootstrap.checks": "importlib.import_module",
    "reprise.cli.commands.line_station": "pkgutil.resolve_name",
    "reprise.line_interface.sheets": "pkgutil.resolve_name",
    "reprise.tui.app": "pkgutil.resolve_name",
    "reprise.tui.sheets": "pkgutil.resolve_name",
}
_LOADS_DATA = "pkgutil.get_data"  # of a package: bytes, no module
_LOADERS = ("importlib", "pkgutil", "runpy", "sys.modules", "builtins.__import__")


def loaders(app: Path) -> dict[str, str]:
    return {
        module: name
        for module, file in modules(app).items()
        for name in imported(file, module)
        if name.startswith(_LOADERS) and name != _LOADS_DATA
    }


def test_few_modules_load_others_by_a_name() -> None:
    assert loaders(APP) == _LOAD_BY_NAME


@pytest.mark.parametrize(
    "line",
    [
        "from pkgutil import resolve_name",
        "import importlib\nimportlib.import_module('x')",
        "def late():\n    from importlib import import_module as load",
        "__import__('x')",
        "import sys\nsys.modules['x']",
    ],
)
def test_who_loads_by_a_name_is_seen(tmp_path: Path, line: str) -> None:
    (tmp_path / "one.py").write_text(line)
    assert loaders(tmp_path).keys() == {"one"}


# Whose subjects are folders: no test lies loose beside those.
_OF_FOLDERS = {"adapters", "domain", "workflow"}
_ELSEWHERE = {
    "common": APP / "reprise_common",
    "first_start": APP / "reprise_first_start",
    "lab": TOP / "tests/lab",
}
# They import nothing of the wing that they test.
_BY_ANOTHER_WAY = {
    "adapters/demo/test_logs.py": "bootstrap puts a demonstration together",
    "cli/test_completion.py": "it asks the program, as a shell does",
    "wording/test_codes.py": "it looks at the codes that are given words there",
}


def test_unit_tests_lie_in_the_folder_of_what_they_test() -> None:
    unit = TOP / "tests/unit"
    folders = {test.parent.relative_to(unit) for test in unit.glob("*/**/test_*.py")}
    assert len(folders) > 30
    places = {str(name): _ELSEWHERE.get(str(name), APP / "reprise" / name) for name in folders}
    assert {name for name, place in places.items() if not place.is_dir()} == set()
    assert places.keys() & _OF_FOLDERS == set()


def _reached(module: str, tests: dict[str, Path], seen: set[str]) -> Iterator[str]:
    """What a test imports, and what the modules do that it takes its parts from."""
    seen.add(module)
    for name in imported(tests[module], module):
        yield name
        kits = {name, name.rpartition(".")[0]} & tests.keys() - seen
        for kit in kits:
            yield from _reached(kit, tests, seen)


def _wings(folder: str) -> tuple[str, ...]:
    if folder == "cli":
        return ("reprise.cli.", "reprise.__main__.")
    place = _ELSEWHERE.get(folder)
    return (f"{place.name if place else 'reprise.' + folder.replace('/', '.')}.",)


def test_a_unit_test_imports_from_the_wing_that_it_lies_under() -> None:
    unit = TOP / "tests/unit"
    tests = modules(TOP / "tests")
    others = []
    for module, test in tests.items():
        if unit in test.parent.parents and test.name.startswith("test_"):
            names = [f"{name}." for name in _reached(module, tests, set())]
            if not any(
                name.startswith(_wings(str(test.parent.relative_to(unit)))) for name in names
            ):
                others.append(str(test.relative_to(unit)))
    assert sorted(others) == sorted(_BY_ANOTHER_WAY)


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
    "reprise.server.reports.intake": ("textual", "reprise.tui", "reprise.adapters", "pyudev"),
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
