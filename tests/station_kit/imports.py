"""Who names whom among modules that lie below one folder, read from their text.

Counted is every import, wherever it stands: at the top, in a function, under TYPE_CHECKING; and a
string that names a module or something in it, as pkgutil.resolve_name and importlib.import_module
take it. An f-string names every module that its fixed beginning fits."""

from __future__ import annotations

import ast
import re
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

_NAME = re.compile(r"(\w+(?:\.\w+)+)(?::[\w.]+)?\Z")
_BEGINNING = re.compile(r"([\w.]+\.\w*)(:[\w.]*)?\Z")
# What reaches out of a program, or at any module, without an import.
_DOORS = frozenset({"open", "exec", "eval", "__import__"})


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


def imported(file: Path, module: str) -> Iterator[str]:
    """What it imports, by absolute names: of a whole package what it uses of that. What it opens
    or runs without an import is `builtins.open` and its like."""
    tree = ast.parse(file.read_text("utf-8"))
    used: dict[str, set[str]] = defaultdict(set)
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            used[node.value.id].add(node.attr)
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                uses = used[alias.asname or alias.name]
                yield from (f"{alias.name}.{use}" for use in uses) if uses else [alias.name]
        elif isinstance(node, ast.ImportFrom):
            base = _absolute(node.level, node.module or "", file, module)
            yield from (f"{base}.{alias.name}" for alias in node.names)
        elif isinstance(node, ast.Name) and node.id in _DOORS and isinstance(node.ctx, ast.Load):
            yield f"builtins.{node.id}"


def needs(root: Path) -> dict[str, set[str]]:
    """Of each module the others that it names."""
    every = modules(root)

    def module_of(name: str) -> str:
        while name and name not in every:
            name = name.rpartition(".")[0]
        return name

    def of(module: str, file: Path) -> Iterator[str]:
        whole, begun = _strings(file)
        yield from map(module_of, (*imported(file, module), *whole))
        yield from (name for name in every if name.startswith(begun))

    return {module: set(of(module, file)) - {module, ""} for module, file in every.items()}


def _strings(file: Path) -> tuple[list[str], tuple[str, ...]]:
    """The names that its strings may be, and those that its f-strings may begin."""
    whole: list[str] = []
    begun: list[str] = []
    for node in ast.walk(ast.parse(file.read_text("utf-8"))):
        if isinstance(node, ast.JoinedStr) and node.values:
            if found := _BEGINNING.match(_text(node.values[0])):
                (whole if found[2] else begun).append(found[1])
        elif found := _NAME.match(_text(node)):
            whole.append(found[1])
    return whole, tuple(begun)


def _text(node: ast.AST) -> str:
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else ""


def _absolute(level: int, name: str, file: Path, module: str) -> str:
    package = module.split(".") + (["__init__"] if file.stem == "__init__" else [])
    return ".".join([*(package[:-level] if level else []), *([name] if name else [])])
