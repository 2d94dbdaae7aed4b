"""The import hook: the module from its file, with one change. Also in the processes that a test
starts, by `site/sitecustomize.py`, so it needs nothing but the standard library."""

from __future__ import annotations

import ast
import importlib.abc
import importlib.machinery
import importlib.util
import os
import sys
from pathlib import Path
from types import CodeType
from typing import Any

from mutants.operators import changes

SITE = Path(__file__).with_name("site")


class _Loader(importlib.machinery.SourceFileLoader):
    def __init__(self, name: str, path: Path, number: int, sign: Path) -> None:
        super().__init__(name, str(path))
        self._number, self._sign = number, sign

    def get_code(self, fullname: str) -> CodeType:
        tree = ast.parse(Path(self.path).read_text())
        changes(tree)[self._number].apply()
        self._sign.touch()
        return compile(ast.fix_missing_locations(tree), self.path, "exec", dont_inherit=True)


class _Finder(importlib.abc.MetaPathFinder):
    def __init__(self, name: str, loader: _Loader) -> None:
        self._name, self._loader = name, loader

    def find_spec(self, fullname: str, path: object, target: object = None) -> Any:
        if fullname != self._name:
            return None
        return importlib.util.spec_from_file_location(
            fullname, self._loader.path, loader=self._loader
        )


def install(app: Path, path: str, number: int, sign: Path) -> None:
    """`path` of the module, relative to `app`; `sign`: a file that appears once it is imported."""
    name = path.removesuffix(".py").replace("/", ".")
    sys.meta_path.insert(0, _Finder(name, _Loader(name, app / path, number, sign)))


def for_children(app: Path, path: str, number: int, sign: Path) -> None:
    """Every process that is started from here on imports the change, too."""
    os.environ["MUTANT"] = f"{app}|{path}|{number}|{sign}"
    _site()


def _site() -> None:
    tests = SITE.parents[1]
    paths = [str(SITE), str(tests), str(tests.parent / "app"), os.environ.get("PYTHONPATH", "")]
    os.environ["PYTHONPATH"] = os.pathsep.join(one for one in paths if one)


def record_children(calls: Path) -> None:
    """Every process that is started from here on writes the functions that it runs to `calls`."""
    os.environ["MUTANTS_CALLS"] = str(calls)
    _site()
