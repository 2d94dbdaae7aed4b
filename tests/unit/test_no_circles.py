"""No module of ours needs itself by way of others: who reads one never goes round in a circle.

Counted is every import, wherever it stands: at the top, in a function, under TYPE_CHECKING; and a
string that names a module of ours or something in it, as pkgutil.resolve_name takes it."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

from station_kit.places import TOP

_NAME = re.compile(r"[\w.]+(?=:\w+$)|[\w.]+$")


def modules(root: Path) -> dict[str, Path]:
    found = {}
    for file in root.rglob("*.py"):
        parts = file.relative_to(root).with_suffix("").parts
        found[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = file
    return found


def named(file: Path, module: str) -> Iterator[str]:
    """Whatever the file may mean by a name of another module."""
    for node in ast.walk(ast.parse(file.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            package = module.split(".") + (["__init__"] if file.stem == "__init__" else [])
            base = package[: -node.level] if node.level else []
            base += node.module.split(".") if node.module else []
            yield from (".".join([*base, alias.name]) for alias in node.names)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            name = _NAME.match(node.value)
            yield name[0] if name and "." in name[0] else ""


def needs(root: Path) -> dict[str, set[str]]:
    """Of each module the others that it names."""
    every = modules(root)

    def module_of(name: str) -> str:
        while name and name not in every:
            name = name.rpartition(".")[0]
        return name

    return {
        module: {module_of(name) for name in named(file, module)} - {module, ""}
        for module, file in every.items()
    }


def circle(graph: Mapping[str, set[str]]) -> list[str]:
    """One, if there is any."""
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        return list(error.args[1])
    return []


def test_no_module_needs_itself_by_way_of_others() -> None:
    graph = needs(TOP / "app")
    assert len(graph) > 500
    assert "reprise.tui.screens.machine" in graph["reprise.tui.steps"]  # by a string
    assert "reprise.tui.screens.panel" in graph["reprise.tui.app"]  # in a function
    assert "reprise.tui.checking" in graph["reprise.tui.station"]  # for types alone
    assert circle(graph) == []


@pytest.mark.parametrize(
    "back",
    [
        "from house.b import thing",
        "import house.b",
        "from house import b",
        "from .b import thing",
        "from . import b",
        "def late():\n    from house.b import thing",
        "if TYPE_CHECKING:\n    from house.b import thing",
        "ROW = 'house.b:Thing'",
        "ROW = 'house.b'",
    ],
)
def test_a_circle_is_found_however_it_is_closed(tmp_path: Path, back: str) -> None:
    house = tmp_path / "house"
    house.mkdir()
    (house / "__init__.py").write_text("")
    (house / "a.py").write_text("import os\n" + back)
    (house / "b.py").write_text("from house.c import thing")
    (house / "c.py").write_text('"""house.a is what this is about."""\n')
    assert circle(needs(tmp_path)) == []
    (house / "c.py").write_text("from house.a import late")
    assert set(circle(needs(tmp_path))) == {"house.a", "house.b", "house.c"}


def test_a_package_that_takes_from_its_own_modules_is_no_circle_by_itself(tmp_path: Path) -> None:
    house = tmp_path / "house"
    house.mkdir()
    (house / "__init__.py").write_text("from . import a\nfrom .a import thing")
    (house / "a.py").write_text("from house.b import thing")
    (house / "b.py").write_text("")
    assert circle(needs(tmp_path)) == []
    (house / "b.py").write_text("from house import thing")
    assert circle(needs(tmp_path)) != []
