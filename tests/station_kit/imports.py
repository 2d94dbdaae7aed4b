"""Who names whom among modules that lie below one folder, read from their text.

Counted is every import, wherever it stands: at the top, in a function, under TYPE_CHECKING; and a
string that names a module or something in it, as pkgutil.resolve_name and importlib.import_module
take it. A string that something is put behind or into names every module that its beginning fits:
an f-string, one that ends in a dot, one with `+`, `%` or `.format`."""

from __future__ import annotations

import ast
import re
from collections import defaultdict
from collections.abc import Iterator
from functools import cache
from pathlib import Path

_NAME = re.compile(r"(\w+(?:\.\w+)+)(?::[\w.]+)?\Z")
_BEGINNING = re.compile(r"(\w+\.[\w.]*)(:[\w.]*)?")
# What reaches out of a program, or at any module, without an import.
_DOORS = frozenset(
    {"open", "input", "exec", "eval", "compile", "breakpoint", "__import__", "__builtins__"}
)


def modules(root: Path) -> dict[str, Path]:
    found = {}
    for file in root.rglob("*.py"):
        parts = file.relative_to(root).with_suffix("").parts
        found[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = file
    return found


def part_of(module: str) -> str:
    """Of the house; of `reprise` what is in it, and "" is the package itself with its version."""
    first, _, rest = module.partition(".")
    return rest.partition(".")[0] if first == "reprise" else first


def imported(file: Path, module: str) -> tuple[str, ...]:
    """What it imports, by absolute names: of a whole package what it uses of that. What it opens
    or runs without an import is `builtins.open` and its like."""
    return _imported(file.read_text("utf-8"), file, module)


@cache
def _imported(source: str, file: Path, module: str) -> tuple[str, ...]:
    return tuple(_names(ast.parse(source), file, module))


def _names(tree: ast.Module, file: Path, module: str) -> Iterator[str]:
    used = _used(tree)
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield from _of_import(alias, used)
        elif isinstance(node, ast.ImportFrom):
            base = _absolute(node.level, node.module or "", file, module)
            yield from (f"{base}.{alias.name}" for alias in node.names)
        elif isinstance(node, ast.Name) and node.id in _DOORS and isinstance(node.ctx, ast.Load):
            yield f"builtins.{node.id}"


def _used(tree: ast.Module) -> dict[str, set[str]]:
    """Of each name what follows it, dots and all: of `os.path.join` ".path.join" of "os"."""
    inner = {node.value for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
    used: dict[str, set[str]] = defaultdict(set)
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute | ast.Name) and node not in inner:
            first, dot, rest = _dotted(node).partition(".")
            used[first].add(dot + rest)
    return used


def _dotted(node: ast.AST) -> str:
    """As it is written; "" of what begins with no name."""
    if isinstance(node, ast.Attribute):
        before = _dotted(node.value)
        return before and f"{before}.{node.attr}"
    return node.id if isinstance(node, ast.Name) else ""


def _of_import(alias: ast.alias, used: dict[str, set[str]]) -> Iterator[str]:
    """`import urllib.parse` binds `urllib`, and with it whatever anybody has loaded below that."""
    bound = alias.name if alias.asname else alias.name.partition(".")[0]
    names = {bound + rest for rest in used[alias.asname or bound]}
    yield from names
    if not any(name.startswith(f"{alias.name}.") for name in names):
        yield alias.name


def needs(root: Path) -> dict[str, set[str]]:
    """Of each module the others that it names."""
    every = modules(root)

    def module_of(name: str) -> str:
        while name and name not in every:
            name = name.rpartition(".")[0]
        return name

    def of(module: str, file: Path) -> Iterator[str]:
        whole, begun = _strings(file)
        named = {*imported(file, module), *whole}
        yield from map(module_of, named)
        stars = tuple(name[:-1] for name in named if name.endswith(".*"))
        yield from (name for name in every if name.startswith((*begun, *stars)))

    return {module: set(of(module, file)) - {module, ""} for module, file in every.items()}


def _strings(file: Path) -> tuple[list[str], tuple[str, ...]]:
    """The names that its strings may be, and those that they may begin."""
    whole: list[str] = []
    begun: list[str] = []
    for node in ast.walk(ast.parse(file.read_text("utf-8"))):
        if found := _BEGINNING.match(_continued(node)):
            (whole if found[2] else begun).append(found[1])
        elif found := _NAME.match(_text(node)):
            whole.append(found[1])
        elif isinstance(node, ast.Call) and (relative := _relative(node)):
            whole.append(relative)
    return whole, tuple(begun)


def _continued(node: ast.AST) -> str:
    """Of a string that something is put behind or into what is before that; "" of any other."""
    text = ""
    if isinstance(node, ast.JoinedStr) and node.values:
        text = _text(node.values[0])
    elif isinstance(node, ast.BinOp):
        text = _text(node.left)
    elif isinstance(node, ast.Attribute):
        text = _text(node.value)
    elif re.fullmatch(r"[\w.]+\.", _text(node)):
        text = _text(node)
    begin = re.split(r"[{%]", text)[0]
    return begin if _BEGINNING.fullmatch(begin) else ""


def _relative(call: ast.Call) -> str:
    """What `import_module(".x", "package")` loads."""
    if not _dotted(call.func).endswith("import_module") or not call.args:
        return ""
    name = _text(call.args[0])
    package = [_text(given) for given in (*call.args[1:], *(one.value for one in call.keywords))]
    above = len(name) - len(name.lstrip("."))
    if not above or not package:
        return ""
    return ".".join([*package[0].split(".")[: 1 - above or None], name.lstrip(".")])


def _text(node: ast.AST) -> str:
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else ""


def _absolute(level: int, name: str, file: Path, module: str) -> str:
    package = module.split(".") + (["__init__"] if file.stem == "__init__" else [])
    return ".".join([*(package[:-level] if level else []), *([name] if name else [])])
