"""The mutants' tool itself: what it changes, and that the changed module is what tests import."""

from __future__ import annotations

import ast
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

from mutants.operators import changes
from station_kit.places import TOP


def titles(source: str) -> list[str]:
    return [one.title for one in changes(ast.parse(textwrap.dedent(source)))]


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("A = 1 < b", ["1 < b -> 1 <= b", "1 -> 2"]),
        ("A = b is not c", ["b is not c -> b is c"]),
        ("A = b not in c", ["b not in c -> b in c"]),
        ("A = b and c", ["b and c -> b or c"]),
        ("A = not b", ["not b -> b"]),
        ("A = True", ["True -> False"]),
        ("A = 'x'", ["'x' -> ''"]),
        ("A = ''", ["'' -> 'mutant'"]),
        ("A = frozenset({b, c})", ["{b, c} -> {c}", "{b, c} -> {b}"]),
        ("A = {b: c}", ["{b: c} -> {}"]),
        ("A = (b, c)", ["(b, c) -> (c,)", "(b, c) -> (b,)"]),
        ("def f(): go()", ["go() -> pass"]),
        ("def f(): a = b()", ["a = b() -> a = None"]),
        ("def f(a): a = b()", ["a = b() -> pass"]),
        ("def f(): self.a = b", ["self.a = b -> pass"]),
        ("def f(): yield a", ["yield a -> pass"]),
        ("def f(): return a", ["return a -> return None"]),
        ("def f(): raise E('words')", ["raise E('words') -> pass"]),
    ],
)
def test_each_operator(source: str, expected: list[str]) -> None:
    assert titles(source) == expected


@pytest.mark.parametrize(
    "source",
    [
        '"""Words."""',
        "from a import b",
        "@slow(3)\nclass A: pass",
        "a: Literal['x']",
        "def f(a: 'x') -> 'y': pass",
        "def f(): return None",
        "class P(Protocol):\n    a = 1",
        "A = b(Spacer(0, 5))",
        "A = [Spacer(0, 5)]",
    ],
)
def test_what_is_left_alone(source: str) -> None:
    assert titles(source) == []


def test_the_same_change_twice_in_one_function_has_two_names() -> None:
    source = "def f(): return g(a is b, a is b)"
    assert titles(source)[1:] == ["a is b -> a is not b", "a is b -> a is not b #2"]


def test_a_change_is_one_change() -> None:
    source = "def f(a):\n    return a < 1 and a > 0\n"
    for number in range(len(changes(ast.parse(source)))):
        tree = ast.parse(source)
        one = changes(tree)[number]
        one.apply()
        assert ast.unparse(ast.fix_missing_locations(tree)) != ast.unparse(ast.parse(source))
        compile(tree, "f", "exec")


_TRY = """
import ast
from mutants.operators import changes
from mutants.running import try_mutant
from mutants.testmap import APP, Test

path, file = "reprise_common/passphrase.py", "tests/build_scripts/test_mutants.py"
victim = Test(file, f"{file}::test_victim", 0.1, 1.0)
for number, one in enumerate(changes(ast.parse((APP / path).read_text()))):
    print(try_mutant(path, number, [victim]).fate, one.title, sep="|")
print(try_mutant(path, 0, []).fate)
"""


def test_victim() -> None:
    """What one mutant of the next test dies of."""
    from reprise_common import passphrase

    assert passphrase.SHORTEST == 12
    assert "SHORTEST = 12" in Path(passphrase.__file__).read_text()


@pytest.mark.whole
def test_the_mutant_is_what_is_imported_and_the_checkout_stays() -> None:
    run = [sys.executable, "-c", _TRY]
    done = subprocess.run(run, cwd=TOP / "tests", capture_output=True, text=True, check=True)
    told = done.stdout.split("\n")
    assert "killed|12 -> 13" in told
    lived = [line for line in told if line.startswith("survived|return ")]
    assert len(lived) == 1, told
    assert told[-2] == "untested"
