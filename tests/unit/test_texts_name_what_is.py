"""What the texts name is there: files and folders, modules and what is in them, and the names of
the code. Only CHANGELOG.md speaks of what was."""

from __future__ import annotations

import ast
import io
import re
import tokenize
from collections.abc import Iterable, Iterator
from fnmatch import filter as matching
from functools import cache
from pathlib import Path

import pytest

from station_kit.places import TOP

_HOUSE = ("app", "config", "docs", "hooks", "live-build", "tests")
_FENCED = re.compile(r"^```.*?^```", re.M | re.S)
_QUOTED = re.compile(r"`([^`]+)`")
# A word with slashes, or a file of Python; `NAME` and `X` in it stand for any name.
_PATH = re.compile(r"(?<![\w/.~-])[\w{][\w{},.-]*(?:/[\w{},.-]+)+|(?<![\w/.-])\w+\.py\b")
_DOTTED = re.compile(r"(?<![\w/.-])[a-z_]\w*(?:\.\w+)+(?![\w/-])")
# Names as only code has them: with a capital first, of what it defines; or with a line below.
_DEFINED = re.compile(r"[A-Z][a-z]\w+")
_NAME = re.compile(r"[a-z]*_[a-z_]+")
_FILES = (".py", ".c", ".h", ".json", ".md", ".pem", ".po", ".sh", ".tcss", ".toml")
# QEMU's, Mesa's, urllib3's, Textual's, Python's, a standard's; and one that stands for any.
_OTHERS = {
    *("docs/interop/qcow2.txt", "vblank_mode", "LocationParseError", "Footer", "ProgressBar"),
    *("Sparkline", "True", "False", "EdDSA", "Ed25519", "NameCheck"),
    "reports/station-",  # on a stick
}
# What pages for people have beside: keys, and what is written on a button.
_KEYS = {
    *("Alt", "Cmd", "Copiez", "Copy", "Del", "Enter", "Entrée", "Esc", "Fin", "Home", "Maj"),
    *("Option", "Shift", "Suppr", "Tab"),
}


@cache
def _everything() -> dict[str, Path]:
    """All files and folders of the house, by their path from its top."""
    found = [path for name in _HOUSE for path in (TOP / name, *(TOP / name).rglob("*"))]
    every = (*found, *(path for path in TOP.glob("[!.]*") if path.is_file()))
    return {str(path.relative_to(TOP)): path for path in every if "__pycache__" not in path.parts}


@cache
def _called() -> dict[str, list[Path]]:
    """And by all that they may be called: from any folder on, with `.py` or without."""
    by_name: dict[str, list[Path]] = {}
    for name, path in _everything().items():
        parts = name.split("/")
        for at in range(len(parts)):
            end = "/".join(parts[at:])
            for called in {end, end.removesuffix(".py")}:
                by_name.setdefault(called, []).append(path)
    return by_name


@cache
def _words(path: Path) -> frozenset[str]:
    """Of the code in a file, without its comments and docstrings, or in all files of a folder."""
    if path.is_dir():
        return frozenset().union(*map(_words, path.rglob("*.py")))
    text = path.read_text("utf-8", errors="ignore")
    if path.suffix == ".py":
        for said in (said for _line, said in _prose(text)):
            text = text.replace(said, "")
    return frozenset(re.findall(r"\w+", text))


@cache
def _prose(source: str) -> tuple[tuple[int, str], ...]:
    return tuple(_said(source))


def _said(source: str) -> Iterator[tuple[int, str]]:
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        if token.type == tokenize.COMMENT:
            yield token.start[0], token.string
    yield from _parsed(source)[0]


@cache
def _parsed(source: str) -> tuple[list[tuple[int, str]], set[str]]:
    """Its docstrings by their lines, and what it defines."""
    docstrings: list[tuple[int, str]] = []
    defined: set[str] = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            said = ast.get_docstring(node, clean=False)
            docstrings += [(node.body[0].lineno, said)] if said else []
        defined.update(_definitions(node))
    return docstrings, defined


def _comments() -> Iterator[tuple[str, str]]:
    for name, path in _everything().items():
        if path.suffix == ".py" and path.name != Path(__file__).name:
            for line, said in _prose(path.read_text("utf-8")):
                yield f"{name}:{line}", re.sub(r"(?<=[-/])\n\s*", "", said)


def _settings() -> Iterator[tuple[str, str]]:
    """Every line of Makefile and pyproject.toml; of other settings and scripts the comments."""
    kinds = {".toml", ".sh", ".cfg", ".chroot", ".binary"}
    for name, path in _everything().items():
        whole = name in ("Makefile", "pyproject.toml")
        if whole or (path.suffix in kinds and path.is_file()):
            for line, text in enumerate(path.read_text("utf-8").splitlines(), 1):
                comment = text if whole else re.split(r"(?:^|\s)#", text)[1:]
                yield f"{name}:{line}", "".join(comment)


def _quoted(page: Path) -> Iterator[str]:
    for said in _QUOTED.findall(_FENCED.sub("", page.read_text("utf-8"))):
        yield " ".join(said.split())


def _pictures(page: Path) -> list[str]:
    return _FENCED.findall(page.read_text("utf-8"))


def _expanded(word: str) -> list[str]:
    braces = re.search(r"\{([^{}]*)\}", word)
    if braces is None:
        return [word]
    before, after = word[: braces.start()], word[braces.end() :]
    return [one for name in braces[1].split(",") for one in _expanded(before + name + after)]


@cache
def _folders() -> frozenset[str]:
    """A path that begins with one of these is one of ours; `reprise/` is a stick's folder, too."""
    inside = (path for name, path in _everything().items() if name.startswith(("app/", "tests/")))
    return frozenset(path.name for path in inside if path.is_dir()).union(_HOUSE) - {"reprise"}


def _is_ours(path: str) -> bool:
    first = path.partition("/")[0]
    if first == "build":  # what a command makes
        return False
    return path.endswith(".py") or (first in _folders() and not path.endswith(".h"))


def _is_there(path: str) -> bool:
    path = path.rstrip("/.")
    pattern = re.sub(r"\b(?:NAME|X)\b|(?<=decisions/\d{4})$", "*", path)
    if path in _called() or (pattern != path and matching(_called(), pattern)):
        return True
    module, _, name = path.rpartition(".")
    return any(name in _words(file) for file in _called().get(module, ()))


def _is_known(dotted: str) -> bool:
    """Modules as far as they go, and then names in the last one."""
    words = dotted.removeprefix("reprise.").split(".")
    for count in range(len(words), 0, -1):
        files = [file for file in _called().get("/".join(words[:count]), ()) if "app" in file.parts]
        if files:
            return any(set(words[count:]) <= _words(file) for file in files)
    return words[0] == "subprocess" or not words[-1][0].isupper()  # only a module has such names


def _paths_missing(said: str) -> list[str]:
    words = [one for path in _PATH.findall(said) for one in _expanded(path.rstrip(",."))]
    return [word for word in words if _is_ours(word) and not _is_there(word)]


@cache
def _code() -> frozenset[str]:
    files = (path for path in _everything().values() if path.is_file())
    ours = (path for path in files if path.suffix not in (".md", ".po", ".png", ".svg"))
    return frozenset().union(*(_words(path) for path in ours if path.name != Path(__file__).name))


@cache
def _defined() -> frozenset[str]:
    """Classes, functions, values and what is imported from outside: no use of a name, and no
    word."""
    files = (path for path in _everything().values() if path.suffix == ".py" and path.is_file())
    return frozenset().union(*(_parsed(path.read_text("utf-8"))[1] for path in files))


def _definitions(node: ast.AST) -> Iterable[str]:
    if isinstance(node, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
        return (node.name,)
    if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
        return (node.id,)
    if isinstance(node, ast.ImportFrom) and not (node.module or "").startswith("reprise"):
        return (alias.asname or alias.name for alias in node.names)
    return ()


def _names_missing(said: str) -> list[str]:
    if not re.fullmatch(r"\w+(\.\w+)*(\([\w()., ]*\))?", said) or _is_there(said):
        return []
    names = set(re.findall(r"\w+", said)) - _OTHERS - _KEYS
    classes = {name for name in names if _DEFINED.fullmatch(name)}
    lost = {name for name in classes if not {name, name.replace("X", "Clock")} & _defined()}
    return sorted(lost | {name for name in names if _NAME.fullmatch(name)} - _code())


_DECISIONS = sorted(TOP.glob("docs/decisions/*.md"))
_PAGES = (*TOP.glob("docs/*.md"), *TOP.glob("README*.md"), TOP / "CONTRIBUTING.md", *_DECISIONS)


def test_each_path_in_a_page_leads_somewhere() -> None:
    missing = [
        (str(page.relative_to(TOP)), path)
        for page in _PAGES
        for said in (*_quoted(page), *_pictures(page))
        for path in _paths_missing(said)
        if path not in _OTHERS
    ]
    assert missing == []


def test_each_name_of_the_code_in_a_page_is_in_the_code() -> None:
    missing = [
        (page.name, name)
        for page in _PAGES
        for said in _quoted(page)
        for name in _names_missing(said)
    ]
    assert missing == []


@pytest.mark.parametrize(
    ("said", "missing"),
    [
        ("Board", ["Board"]),  # a word of SMBIOS, and once a class
        ("StationApp(here(services))", []),
        ("StationApp(Board())", ["Board"]),
        ("Engine._status_of", []),
        ("Engine._status_off", ["_status_off"]),
        ("Enter", []),
    ],
)
def test_a_name_counts_where_it_is_defined(said: str, missing: list[str]) -> None:
    assert _names_missing(said) == missing


def test_each_path_and_module_in_a_comment_is_there() -> None:
    missing = []
    for where, said in _comments():
        missing += [(where, path) for path in _paths_missing(said) if path not in _OTHERS]
        if where.startswith("app/"):
            dotted = [word for word in _DOTTED.findall(said) if not word.endswith(_FILES)]
            missing += [(where, word) for word in dotted if not _is_known(word)]
    assert missing == []


def test_each_path_in_a_file_of_settings_is_there() -> None:
    every = list(_settings())
    assert {name.partition(":")[0] for name, _text in every} > {"Makefile", "pyproject.toml"}
    missing = [(where, path) for where, text in every for path in _paths_missing(text)]
    assert missing == []


def _not_of(package: Path) -> list[str]:
    """Words in backticks of a package's docstring that are neither one of its modules, nor a name
    that it defines, nor a program of ours."""
    source = package.read_text("utf-8")
    inside = {path.stem for path in package.parent.iterdir()} | _parsed(source)[1]
    programs = {path.name for path in (TOP / "app").iterdir()}
    said = _QUOTED.findall(ast.get_docstring(ast.parse(source)) or "")
    return [word for word in said if word.isidentifier() and word not in inside | programs]


def test_a_package_names_its_own_modules() -> None:
    packages = [*(TOP / "app").rglob("__init__.py")]
    assert len(packages) > 50
    missing = {str(path.relative_to(TOP)): _not_of(path) for path in packages}
    assert {path: words for path, words in missing.items() if words} == {}


def test_a_module_that_was_renamed_is_missed_in_its_package(tmp_path: Path) -> None:
    (tmp_path / "listener.py").write_text("")
    package = tmp_path / "__init__.py"
    package.write_text('"""`listener` hears, `server` serves, `NOW` and `reprise` are."""\nNOW = 1')
    assert _not_of(package) == ["server"]
