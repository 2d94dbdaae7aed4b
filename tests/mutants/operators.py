"""What a mutant changes: one place of a module's syntax tree, so small that a person says at once
what a test should have seen. A mutant is named by its function and by the texts before and after,
never by a line, so that an argument for it outlives what is written above it."""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass

_SWAPPED: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Lt: ast.LtE,
    ast.LtE: ast.Lt,
    ast.Gt: ast.GtE,
    ast.GtE: ast.Gt,
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
}
_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)
_WIDTH = 160
_DISTANCES = {"Spacer", "CondPageBreak"}  # of a page: no reader is told anything by them


@dataclass(frozen=True)
class Change:
    """`where`: dotted name of the function, the class or "" for the module. `names`: what is
    bound there outside of a function, by which the users are found. `apply` changes the tree."""

    where: str
    names: tuple[str, ...]
    in_function: bool
    before: str
    after: str
    count: int
    apply: Callable[[], None]

    @property
    def title(self) -> str:
        again = f" #{self.count}" if self.count > 1 else ""
        return f"{self.before} -> {self.after}{again}"


def changes(tree: ast.Module) -> list[Change]:
    """Every single change of this module, always in the same order."""
    seen: Counter[tuple[str, str, str]] = Counter()
    found: list[Change] = []
    for place, old, new in _Walk().module(tree):
        before, after = _text(old), _text(new)
        seen[place.where, before, after] += 1
        count = seen[place.where, before, after]
        put = _put(place.parent, place.field, place.index, new)
        found.append(Change(place.where, place.names, place.in_function, before, after, count, put))
    return found


def _text(node: ast.AST) -> str:
    text = " ".join(ast.unparse(node).split())
    return text if len(text) <= _WIDTH else text[: _WIDTH - 3] + "..."


def _put(parent: ast.AST, field: str, index: int | None, new: ast.AST) -> Callable[[], None]:
    def put() -> None:
        if index is None:
            setattr(parent, field, new)
        else:
            getattr(parent, field)[index] = new

    return put


@dataclass(frozen=True)
class _Place:
    parent: ast.AST
    field: str
    index: int | None
    where: str
    names: tuple[str, ...]
    in_function: bool


_Found = Iterator[tuple[_Place, ast.AST, ast.AST]]


class _Walk:
    """Decorators, annotations, imports, docstrings, the words of a `raise` and the distances of a
    page are left alone: nobody's verdict hangs on them."""

    def __init__(self) -> None:
        self._scope: list[str] = []
        self._names: tuple[str, ...] = ()
        self._depth = 0
        self._rebound: list[set[str]] = [set()]

    def module(self, tree: ast.Module) -> _Found:
        yield from self._body(tree)

    def _place(self, parent: ast.AST, field: str, index: int | None) -> _Place:
        scope = ".".join(self._scope)
        return _Place(parent, field, index, scope, self._names, self._depth > 0)

    def _body(self, node: ast.AST) -> _Found:
        for field, value in ast.iter_fields(node):
            if field in ("decorator_list", "annotation", "returns", "type_params"):
                continue
            if isinstance(value, list):
                for index, child in enumerate(value):
                    if isinstance(child, ast.AST) and not _silent(child, node):
                        yield from self._child(node, field, index, child)
            elif isinstance(value, ast.AST):
                yield from self._child(node, field, None, value)

    def _child(self, parent: ast.AST, field: str, index: int | None, node: ast.AST) -> _Found:
        if isinstance(node, ast.ClassDef):
            if not any("Protocol" in ast.unparse(base) for base in node.bases):
                yield from self._scoped(node, node.name, 0)
            return
        if isinstance(node, _FUNCTIONS):
            local = "<locals>." if self._depth else ""
            self._rebound.append(_rebound(node))
            yield from self._scoped(node, local + node.name, 1)
            self._rebound.pop()
            return
        outer = self._names
        if not self._depth:
            self._names = (*outer, *_bound(node))
        place = self._place(parent, field, index)
        for new in self._instead(node, parent, field):
            yield place, node, new
        if not isinstance(node, ast.Raise) and not _is_distance(node):
            yield from self._body(node)
        self._names = outer

    def _scoped(self, node: ast.AST, name: str, deeper: int) -> _Found:
        outer = self._names
        if not self._depth:
            self._names = (*outer, name)
        self._scope.append(name)
        self._depth += deeper
        yield from self._body(node)
        self._depth -= deeper
        self._scope.pop()
        self._names = outer

    def _instead(self, node: ast.AST, parent: ast.AST, field: str) -> Iterator[ast.AST]:
        if isinstance(node, ast.stmt):
            if self._depth:
                yield from _statement(node, self._rebound[-1])
        elif isinstance(node, ast.Compare):
            yield from _compare(node)
        elif isinstance(node, ast.BoolOp):
            yield ast.BoolOp(ast.Or() if isinstance(node.op, ast.And) else ast.And(), node.values)
        elif isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
            yield node.operand
        elif isinstance(node, ast.Constant):
            yield from _constant(node)
        else:
            yield from _elements(node, parent, field)


def _silent(node: ast.AST, parent: ast.AST) -> bool:
    if isinstance(node, (ast.Import, ast.ImportFrom)):
        return True
    if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test):
        return True
    if isinstance(parent, ast.arguments) and isinstance(node, ast.arg):
        return True
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)


def _is_distance(node: ast.AST) -> bool:
    called = node.func if isinstance(node, ast.Call) else None
    return isinstance(called, ast.Name) and called.id in _DISTANCES


def _bound(node: ast.AST) -> tuple[str, ...]:
    targets: list[ast.expr] = []
    if isinstance(node, ast.Assign):
        targets = node.targets
    elif isinstance(node, ast.AnnAssign):
        targets = [node.target]
    return tuple(one.id for one in targets if isinstance(one, ast.Name))


def _rebound(function: ast.AST) -> set[str]:
    """Names that are bound more than once in this function, or that come as a parameter."""
    count: Counter[str] = Counter()
    for node in ast.walk(function):
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            count[node.id] += 1
        elif isinstance(node, ast.arg):
            count[node.arg] += 1
    return {name for name, times in count.items() if times > 1}


def _statement(node: ast.stmt, rebound: set[str]) -> Iterator[ast.AST]:
    """Removed; what would only end in an unbound name gets None in its place."""
    if isinstance(node, (ast.Raise, ast.AugAssign, ast.Delete, ast.Continue, ast.Break, ast.Expr)):
        yield ast.Pass()
    elif isinstance(node, ast.Assign):
        single = all(isinstance(one, ast.Name) and one.id not in rebound for one in node.targets)
        if not single:
            yield ast.Pass()
        elif not _is_none(node.value):
            yield ast.Assign(node.targets, ast.Constant(None), lineno=node.lineno)
    elif isinstance(node, ast.Return) and node.value is not None:
        # None is as false as False and "": these are changed as constants
        yield from () if isinstance(node.value, ast.Constant) else [ast.Return(ast.Constant(None))]


def _is_none(node: ast.AST) -> bool:
    return isinstance(node, ast.Constant) and node.value is None


def _compare(node: ast.Compare) -> Iterator[ast.AST]:
    for at, op in enumerate(node.ops):
        ops = [*node.ops]
        ops[at] = _SWAPPED[type(op)]()
        yield ast.Compare(node.left, ops, node.comparators)


def _constant(node: ast.Constant) -> Iterator[ast.AST]:
    value = node.value
    if isinstance(value, bool):
        yield ast.Constant(not value)
    elif isinstance(value, (int, float)):
        yield ast.Constant(value + 1)
    elif isinstance(value, str):
        yield ast.Constant("" if value else "mutant")
    elif isinstance(value, bytes):
        yield ast.Constant(b"" if value else b"mutant")


def _elements(node: ast.AST, parent: ast.AST, field: str) -> Iterator[ast.AST]:
    """Of a literal, one element less. A pair that is taken apart would only fail to unpack."""
    if isinstance(node, ast.Dict):
        for at in range(len(node.keys)):
            keys, values = [*node.keys], [*node.values]
            del keys[at], values[at]
            yield ast.Dict(keys, values)
    elif isinstance(node, (ast.Tuple, ast.List, ast.Set)) and not _taken_apart(node, parent, field):
        for at, one in enumerate(node.elts):
            if _is_distance(one):
                continue
            rest = [*node.elts]
            del rest[at]
            yield _like(node, rest)


def _taken_apart(node: ast.Tuple | ast.List | ast.Set, parent: ast.AST, field: str) -> bool:
    if isinstance(node, ast.Set):
        return False
    if not isinstance(node.ctx, ast.Load) or field == "slice":
        return True
    if isinstance(parent, ast.Assign):
        return any(isinstance(one, (ast.Tuple, ast.List)) for one in parent.targets)
    pair = isinstance(node, ast.Tuple) and not any(isinstance(e, ast.Starred) for e in node.elts)
    return pair and isinstance(parent, (ast.Return, ast.Yield, ast.ListComp, ast.GeneratorExp))


def _like(node: ast.Tuple | ast.List | ast.Set, rest: list[ast.expr]) -> ast.expr:
    if isinstance(node, ast.Set):
        return ast.Set(rest) if rest else ast.Call(ast.Name("set", ast.Load()), [], [])
    return type(node)(rest, ast.Load())
