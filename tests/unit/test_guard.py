"""What holds the other unit tests: see station_kit.guard."""

from __future__ import annotations

import multiprocessing
import os
import re
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from station_kit.guard import ForbiddenError


def _is_heard() -> bool:
    try:
        subprocess.run(["true"], check=True)
    except ForbiddenError:
        return True
    return False


AS_IT_IS_IMPORTED = _is_heard()


@pytest.fixture(scope="module")
def of_module() -> bool:
    return _is_heard()


@pytest.fixture(scope="session")
def of_session() -> bool:
    return _is_heard()


@pytest.fixture
def as_it_ends() -> Iterator[None]:
    yield
    assert _is_heard()


@pytest.mark.usefixtures("as_it_ends")
def test_no_fixture_and_no_import_starts_a_process(of_module: bool, of_session: bool) -> None:
    assert (AS_IT_IS_IMPORTED, of_module, of_session) == (True, True, True)


def test_a_unit_test_starts_no_process() -> None:
    with pytest.raises(ForbiddenError):
        subprocess.run(["true"], check=True)
    with pytest.raises(ForbiddenError):
        os.system("true")  # noqa: S605
    with pytest.raises(ForbiddenError):
        os.posix_spawn("/bin/true", ["true"], {})
    with pytest.raises(ForbiddenError):
        multiprocessing.get_context("spawn").Process(target=print).start()


@pytest.mark.processes
def test_one_that_says_so_does() -> None:
    subprocess.run(["true"], check=True)


@pytest.mark.parametrize("name", ["sda", "nvme0n1", "loop0", "disk/by-id/x", "../dev/sr0"])
def test_no_unit_test_opens_a_device(name: str) -> None:
    with pytest.raises(ForbiddenError):
        os.open(f"/dev/{name}", os.O_RDONLY)
    with pytest.raises(ForbiddenError):
        Path(f"/dev/{name}").read_bytes()
    with pytest.raises(ForbiddenError):
        os.truncate(f"/dev/{name}", 0)
    for way in (f"/dev/{name}", Path(f"/dev/{name}"), f"file:/dev/{name}?mode=ro"):
        with pytest.raises(ForbiddenError):
            sqlite3.connect(way, uri=True)


def test_no_unit_test_opens_a_device_by_a_detour(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "drive").symlink_to("/dev/sda")
    (tmp_path / "folder").symlink_to("/dev")
    for way in ("drive", "folder/sda"):
        with pytest.raises(ForbiddenError):
            (tmp_path / way).read_bytes()
    top = os.open("/", os.O_RDONLY | os.O_DIRECTORY)
    try:
        with pytest.raises(ForbiddenError):
            os.open("dev/sda", os.O_RDONLY, dir_fd=top)
    finally:
        os.close(top)
    monkeypatch.chdir("/")
    with pytest.raises(ForbiddenError):
        Path("dev/sda").read_bytes()


def test_what_every_program_opens_may_be_opened() -> None:
    assert Path("/dev/null").read_bytes() == b""


def test_what_every_program_opens_may_be_opened_by_a_detour(tmp_path: Path) -> None:
    (tmp_path / "nothing").symlink_to("/dev/null")
    assert (tmp_path / "nothing").read_bytes() == b""
    folder = os.open(tmp_path, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.close(os.open("made", os.O_WRONLY | os.O_CREAT, dir_fd=folder))
    finally:
        os.close(folder)
    assert (tmp_path / "made").exists()


_UNMARKED = """
import subprocess
import pytest

@pytest.mark.parametrize("word", ["serve", "/usr/lib/postgresql/bin/initdb", "/bin/chromium", "-c"])
def test_unmarked(word):
    subprocess.run(["true", word])

@pytest.mark.whole
def test_marked():
    subprocess.run(["true", "serve"])
"""


@pytest.mark.processes
@pytest.mark.whole
@pytest.mark.parametrize(
    ("which", "fails", "passes"), [("not whole", 3, 1), ("whole", 0, 1), ("", 0, 5)]
)
def test_make_check_starts_nothing_whole(
    which: str, fails: int, passes: int, tmp_path: Path
) -> None:
    (tmp_path / "test_made.py").write_text(_UNMARKED, "utf-8")
    settings = Path(__file__).parents[2] / "pyproject.toml"
    argv: list[str | Path] = [sys.executable, "-m", "pytest", "-p", "conftest"]
    argv += ["-c", settings, "--rootdir", tmp_path, "-m", which, tmp_path]
    told = subprocess.run(
        [*argv, "-m", which, tmp_path], check=False, capture_output=True, text=True
    )
    last = told.stdout.splitlines()[-1]
    assert re.findall(r"(\d+) failed", last) == [str(fails)] * bool(fails)
    assert re.findall(r"(\d+) passed", last) == [str(passes)]
    assert ("mark it pytest.mark.whole" in told.stdout) == bool(fails)
