"""Whoever changes something for a person holds that person's right until it is written, by
accounts.changing: who is let go at that moment does no harm a moment after. Read from the text of
the server: from each view behind a wall, and from each function that is given a scope."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from station_kit.imports import modules
from station_kit.places import TOP

_HOLDS = "reprise.server.people.accounts.changing"
_WRITES = {"reprise.server.database.writing", "reprise.server.database.delete_in_steps"}
_ROWS = {"save", "create", "bulk_create", "get_or_create", "update_or_create", "bulk_update"}
# Copies: whoever may read the original may have one made.
_COPIES = "reprise.server.papers."
_WALLS = {"wall", "instance_wall"}


@dataclass
class Function:
    """What it does, and whom it names, while nobody's right is held."""

    name: str
    writes: bool = False  # a transaction of its own, or rows in the caller's
    opens: bool = False  # a transaction of its own
    is_view: bool = False  # or an address for programs
    has_scope: bool = False
    names: set[str] = field(default_factory=set)


class _Module:
    def __init__(self, name: str, tree: ast.Module) -> None:
        self._name = name
        own = (node.name for node in tree.body if isinstance(node, ast.FunctionDef))
        self._known = {one: f"{name}.{one}" for one in own}
        for node in ast.walk(tree):
            if isinstance(node, ast.ImportFrom):
                for alias in node.names:
                    self._known[alias.asname or alias.name] = f"{node.module}.{alias.name}"
        self.functions = list(self._functions(tree.body, name))

    def _functions(self, body: list[ast.stmt], inside: str) -> Iterator[Function]:
        for node in body:
            if isinstance(node, ast.ClassDef):
                yield from self._functions(node.body, f"{inside}.{node.name}")
            elif isinstance(node, ast.FunctionDef):
                yield self._function(node, f"{inside}.{node.name}")

    def _function(self, node: ast.FunctionDef, name: str) -> Function:
        given = [*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs]
        kinds = {ast.unparse(one.annotation) for one in given if one.annotation}
        around = {ast.unparse(one).partition("(")[0] for one in node.decorator_list}
        found = Function(name, has_scope="Scope" in kinds)
        asked = {one.attr for one in ast.walk(node) if isinstance(one, ast.Attribute)}
        found.is_view = bool(around & _WALLS) or ("Call" in kinds and "scope" in asked)
        for statement in node.body:
            self._look(statement, found)
        return found

    def _look(self, node: ast.AST, found: Function) -> None:
        if isinstance(node, ast.With) and any(map(self._holds, node.items)):
            return
        name = self._resolved(node)
        if name is not None:
            found.names.add(name)
            found.opens |= name in _WRITES
        found.writes |= found.opens or (isinstance(node, ast.Call) and _writes_rows(node))
        for child in ast.iter_child_nodes(node):
            self._look(child, found)

    def _holds(self, item: ast.withitem) -> bool:
        call = item.context_expr
        return isinstance(call, ast.Call) and self._resolved(call.func) == _HOLDS

    def _resolved(self, node: ast.AST) -> str | None:
        """Also of what is only handed on."""
        if isinstance(node, ast.Name):
            return self._known.get(node.id)
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            base = self._known.get(node.value.id)
            return None if base is None else f"{base}.{node.attr}"
        return None


def _writes_rows(call: ast.Call) -> bool:
    if not isinstance(call.func, ast.Attribute):
        return False
    return (
        call.func.attr in _ROWS
        or (call.func.attr == "update" and bool(call.keywords))  # a dict's takes none here
        or (call.func.attr == "delete" and not call.args)
    )


def functions(root: Path) -> dict[str, Function]:
    found: dict[str, Function] = {}
    for name, file in modules(root).items():
        if name.startswith("reprise.server."):
            module = _Module(name, ast.parse(file.read_text("utf-8")))
            found |= {function.name: function for function in module.functions}
    return found


def harmful(root: Path) -> set[tuple[str, str]]:
    """(function, where it writes) of what changes something while nobody's right is held."""
    known = functions(root)
    found = set()
    for start in known.values():
        if start.has_scope and start.opens and start.name != _HOLDS:
            found.add((start.name, start.name))
        if start.is_view:
            reached = _reached(known, start)
            found |= {(start.name, name) for name in reached if known[name].writes}
    return found


def _reached(known: dict[str, Function], start: Function) -> set[str]:
    reached, ahead = set[str](), {start.name}
    while ahead:
        name = ahead.pop()
        if name not in reached and name in known and not name.startswith(_COPIES):
            reached.add(name)
            ahead |= known[name].names - {_HOLDS}
    return reached


def test_whoever_changes_something_for_a_person_holds_the_right() -> None:
    known = functions(TOP / "app")
    assert sum(one.is_view for one in known.values()) > 25
    assert harmful(TOP / "app") == set()


_VIEW = """
from reprise.server.database import writing
from reprise.server.people import services
from reprise.server.people.accounts import changing
from reprise.server.people.scope import Scope
from reprise.server.people.walls import wall

@wall(Right.MANAGE_PEOPLE)
def page(request, scope: Scope):
    {body}
"""
_SERVICE = """
from reprise.server.database import writing
from reprise.server.people.accounts import changing
from reprise.server.people.scope import Scope

def well(scope: Scope, number):
    with changing(scope, 1):
        _row(number)

def ill(number):
    return [_row(one) for one in (number,)]

def _row(number):
    models.Row.objects.filter(pk=number).update(name="")

def handed_on():
    with writing():
        pass
"""


@pytest.mark.parametrize(
    ("body", "where"),
    [
        ("services.well(scope, 1)", []),
        ("services.ill(1)", ["services._row"]),
        ("map(services.handed_on, ())", ["services.handed_on"]),
        ("with writing(): pass", ["pages.page"]),
        ("models.Row.objects.all().delete()", ["pages.page"]),
        ("with changing(scope, 1): services.ill(1)", []),
    ],
)
def test_what_is_changed_without_it_is_seen(tmp_path: Path, body: str, where: list[str]) -> None:
    place = tmp_path / "reprise/server/people"
    place.mkdir(parents=True)
    (place / "pages.py").write_text(_VIEW.format(body=body))
    (place / "services.py").write_text(_SERVICE)
    found = harmful(tmp_path)
    assert {where for _view, where in found} == {f"reprise.server.people.{one}" for one in where}
