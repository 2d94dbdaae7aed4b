"""Shell completion, by a real bash and the real command; and it costs a start nothing."""

from __future__ import annotations

import os
import pty
import select
import signal
import subprocess
import sys
import time
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

import reprise
from reprise.adapters.console.shell import ConsoleShell
from station_kit.places import TOP

pytestmark = pytest.mark.processes

FILES = Path(reprise.__file__).parent / "completions"


@pytest.fixture
def path(tmp_path: Path) -> str:
    command = tmp_path / "bin/reprise"
    command.parent.mkdir()
    command.write_text(f'#!/bin/sh\nexec {sys.executable} -m reprise "$@"\n')
    command.chmod(0o755)
    return f"{command.parent}:{os.environ['PATH']}"


_ASK = """
source "$1"; shift
COMP_LINE="$*"; COMP_POINT=${#COMP_LINE}; COMP_TYPE=9
read -ra COMP_WORDS <<<"$COMP_LINE"
_reprise reprise
printf '%s\\n' "${COMPREPLY[@]}"
"""


@pytest.mark.parametrize(
    ("typed", "offered"),
    [
        ("reprise inv", {"inventory"}),
        ("reprise re", {"report"}),
        ("reprise report ", {"verify", "show", "pdf"}),
        ("reprise outbox s", {"send", "status"}),
        ("reprise --lang en station d", {"demo"}),
        ("reprise station demo --fault s", {"stick-pulled", "server-down"}),
        ("reprise erase --tec", {"--technique"}),
        ("reprise erase --technique tcg", {"tcg-psid-revert"}),
        ("reprise --lang ", {"fr", "en"}),
        ("reprise nothing-of-the-kind x", set()),
    ],
)
def test_bash_offers_what_may_follow(typed: str, offered: set[str], path: str) -> None:
    done = subprocess.run(
        ["bash", "--norc", "-c", _ASK, "bash", FILES / "reprise", typed],
        capture_output=True,
        text=True,
        check=True,
        env={"PATH": path},
    )
    assert done.stderr == ""
    assert set(done.stdout.split()) == offered


def test_files_are_offered_where_a_file_is_wanted(path: str, tmp_path: Path) -> None:
    (tmp_path / "pc-42.jws").touch()
    done = subprocess.run(
        ["bash", "--norc", "-c", _ASK, "bash", FILES / "reprise", "reprise report show pc"],
        capture_output=True,
        text=True,
        check=True,
        cwd=tmp_path,
        env={"PATH": path},
    )
    assert done.stdout.split() == ["pc-42.jws"]


@pytest.fixture
def shell(path: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[int]:
    """The station's maintenance shell on a terminal of its own."""
    monkeypatch.setattr("reprise.adapters.console.shell._PATH", path)
    child, ours = pty.fork()
    if child == 0:
        ConsoleShell().run(())
        os._exit(0)
    yield ours
    os.kill(child, signal.SIGHUP)
    os.close(ours)
    os.waitpid(child, 0)


def _until(terminal: int, what: str) -> None:
    said, ends = "", time.monotonic() + 30
    while what not in said:
        ready, _, _ = select.select([terminal], [], [], ends - time.monotonic())
        assert ready, said
        said += os.read(terminal, 4096).decode("utf-8", "replace")


def test_the_maintenance_shell_completes_by_the_tab_key(shell: int) -> None:
    _until(shell, "reprise:/# ")
    os.write(shell, b"reprise inven\t")
    _until(shell, "inventory ")
    os.write(shell, b"\x15exit\n")
    _until(shell, "exit")


def test_a_start_pays_nothing_for_it() -> None:
    code = "import sys; sys.argv[1:] = ['--version']; from reprise.__main__ import main\n"
    code += "try: main()\nexcept SystemExit: pass\nprint('argcomplete' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "False"


def test_the_wheel_puts_them_where_shells_look(tmp_path: Path) -> None:
    copy = tmp_path / "copy"
    for name in ("pyproject.toml", "README.md", "LICENSE"):
        copy.mkdir(exist_ok=True)
        (copy / name).write_bytes((TOP / name).read_bytes())
    (copy / "app/reprise/completions").mkdir(parents=True)
    (copy / "app/reprise/__init__.py").write_bytes((FILES.parent / "__init__.py").read_bytes())
    for file in FILES.iterdir():
        (copy / "app/reprise/completions" / file.name).write_bytes(file.read_bytes())
    pip = [sys.executable, "-m", "pip", "wheel", "-q", "--no-deps", "--no-build-isolation"]
    subprocess.run([*pip, "-w", tmp_path, copy], check=True, capture_output=True)
    (wheel,) = tmp_path.glob("*.whl")
    version = wheel.name.split("-")[1]
    assert version == reprise.__version__
    names = set(zipfile.ZipFile(wheel).namelist())
    data = f"reprise-{version}.data/data/share"
    assert {
        f"{data}/bash-completion/completions/reprise",
        f"{data}/zsh/site-functions/_reprise",
        f"{data}/fish/vendor_completions.d/reprise.fish",
        "reprise/completions/reprise",
    } <= names
