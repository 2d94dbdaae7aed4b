"""Each in a process of its own, as at a start: what is imported once stays."""

from __future__ import annotations

import marshal
import subprocess
import sys
from pathlib import Path

import pytest

_COLLECT = """
import sys
from pathlib import Path
from reprise import made_classes
Path(sys.argv[1]).write_bytes(made_classes.collected())
"""
# Prints how many texts are known, how many were asked for, and how many of these were not known.
_START = """
import dataclasses, marshal, sys
from pathlib import Path
from reprise import made_classes
path = Path(sys.argv[1])
known = made_classes.use(path)
texts, execute = [], vars(dataclasses).get("exec", exec)
def counting(text, names, made):
    texts.append(text)
    execute(text, names, made)
vars(dataclasses)["exec"] = counting
import reprise.cli.outbox
from reprise.domain.hardware import DriveIdentity
one, same = (DriveIdentity(model="M", serial="S", size_bytes=1) for _again in range(2))
assert one == same != DriveIdentity(model="M", serial="T", size_bytes=1)
assert {one: 1}[same] == 1
try:
    one.serial = "T"
except dataclasses.FrozenInstanceError:
    there = marshal.loads(path.read_bytes()[4:]) if path.exists() else {}
    print(known, len(texts), len(set(texts) - set(there)))
"""


def _run(code: str, path: Path) -> str:
    argv = [sys.executable, "-c", code, str(path)]
    done = subprocess.run(argv, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("made") / "dataclasses"
    _run(_COLLECT, path)
    return path


def test_no_class_of_a_start_is_compiled_again(made: Path) -> None:
    known, asked, unknown = map(int, _run(_START, made).split())
    assert known > 100
    assert asked > 50
    assert unknown == 0


def test_what_the_file_holds_is_what_runs(made: Path, tmp_path: Path) -> None:
    texts = marshal.loads(made.read_bytes()[4:])  # noqa: S302 (made above)
    code = marshal.dumps(compile("raise LookupError('ours')", "<string>", "exec"))
    other = dict.fromkeys(texts, code)
    path = tmp_path / "dataclasses"
    path.write_bytes(made.read_bytes()[:4] + marshal.dumps(other, 2))
    with pytest.raises(AssertionError, match="LookupError: ours"):
        _run(_START, path)


def test_without_the_file_everything_is_compiled_as_ever(tmp_path: Path) -> None:
    known, asked, unknown = map(int, _run(_START, tmp_path / "none").split())
    assert known == 0
    assert asked > 50
    assert unknown > 0


def test_what_another_python_made_is_not_used(made: Path, tmp_path: Path) -> None:
    other = tmp_path / "dataclasses"
    other.write_bytes(b"\0\0\r\n" + made.read_bytes()[4:])
    assert _run(_START, other).split()[0] == "0"


def test_the_same_bytes_each_time(made: Path, tmp_path: Path) -> None:
    """The image's must be: tests/reproducible."""
    _run(_COLLECT, tmp_path / "again")
    assert (tmp_path / "again").read_bytes() == made.read_bytes()
