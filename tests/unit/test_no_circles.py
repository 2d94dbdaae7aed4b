"""No module of ours needs itself by way of others: who reads one never goes round in a circle.

What counts as needing is told in station_kit.imports."""

from __future__ import annotations

from collections.abc import Mapping
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

from station_kit.imports import needs
from station_kit.places import TOP


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
    assert "reprise.adapters.checks.usb" in graph["reprise.bootstrap.checks"]  # by an f-string
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
        "ROW = 'house.b:Thing.part'",
        "def late(name):\n    return import_module(f'house.b{name}')",
        "def late(name):\n    return resolve_name(f'house.b{name}:Thing')",
        "def late(name):\n    return resolve_name(f'house.b:{name}')",
        "def late(name):\n    return import_module('house.' + name)",
        "def late(name):\n    return import_module('house.b' + name)",
        "def late(name):\n    return import_module('house.%s' % name)",
        "def late(name):\n    return import_module('house.{}'.format(name))",
        "def late(name):\n    return resolve_name('house.b:{}'.format(name))",
        "BEGINNING = 'house.'",
        "def late():\n    return import_module('.b', 'house')",
        "def late():\n    return importlib.import_module('..b', package='house.a')",
        "import house.d\nhouse.b.thing()",
        "from house import *",
        "from . import *",
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
    assert set(circle(needs(tmp_path))) in (
        {"house.a", "house.c"},
        {"house.a", "house.b", "house.c"},
    )


def test_a_package_that_takes_from_its_own_modules_is_no_circle_by_itself(tmp_path: Path) -> None:
    house = tmp_path / "house"
    house.mkdir()
    (house / "__init__.py").write_text("from . import a\nfrom .a import thing")
    (house / "a.py").write_text("from house.b import thing")
    (house / "b.py").write_text("")
    assert circle(needs(tmp_path)) == []
    (house / "b.py").write_text("from house import thing")
    assert circle(needs(tmp_path)) != []
