"""make run, make test and their like do their own set-up: only the clone comes before them."""

from __future__ import annotations

import os
import re
import subprocess
from pathlib import Path

from station_kit.places import TOP

DEPS = TOP / "live-build/deps.sh"
NOBODY = 65534


def _deps(
    *packages: str, installed: str, tmp_path: Path, user: int | None = None
) -> subprocess.CompletedProcess[str]:
    """deps.sh with a dpkg-query that knows what is `installed`, and an APT that says its words."""
    tools = tmp_path / "bin"
    tools.mkdir()
    lines = "".join(f'printf "installed {name}\\n"; ' for name in installed.split())
    for name, script in (
        ("dpkg-query", f'{lines}printf "config-files gone\\n"; echo "no such" >&2; exit 1'),
        ("apt-get", 'echo "apt-get $*"'),
        ("id", f"echo {0 if user is None else user}"),
    ):
        (tools / name).write_text(f"#!/bin/sh\n{script}\n")
        (tools / name).chmod(0o755)
    return subprocess.run(
        ["/bin/sh", DEPS, *packages],
        capture_output=True,
        text=True,
        check=False,
        env={"PATH": f"{tools}:/usr/bin:/bin"},
    )


def test_it_installs_what_is_missing_and_no_more(tmp_path: Path) -> None:
    done = _deps("here", "gone", "new", installed="here", tmp_path=tmp_path)
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines() == [
        "apt-get update -q",
        "apt-get install -y -q --no-install-recommends gone new",
    ]


def test_it_asks_no_apt_where_all_is_there(tmp_path: Path) -> None:
    done = _deps("here", "there", installed="here there", tmp_path=tmp_path)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_it_says_in_one_line_what_is_missing_where_it_may_not_install(tmp_path: Path) -> None:
    done = _deps("here", "gone", installed="here", tmp_path=tmp_path, user=NOBODY)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == (
        "make: packages are missing; as root: apt-get install --no-install-recommends gone\n"
    )


def test_the_real_list_is_read_and_asked_for_at_once(tmp_path: Path) -> None:
    """A process for each of some sixty packages took longer than the second that this may take."""
    done = _deps(installed="make git", tmp_path=tmp_path)
    asked = done.stdout.splitlines()[-1].split()
    assert "qemu-system-x86" in asked
    assert "make" not in asked
    assert "#" not in done.stdout
    before = os.times().children_user
    real = {"PATH": os.environ["PATH"]}
    subprocess.run([DEPS, "make"], check=True, env=real)
    assert os.times().children_user - before < 0.5


def _database() -> str:
    """What make understood. Never --dry-run: a line with $(MAKE) in it runs all the same."""
    return subprocess.run(
        ["make", "-pRrq", "nothing"],
        cwd=TOP,
        capture_output=True,
        text=True,
        check=False,
        env={"PATH": os.environ["PATH"]},
    ).stdout


def _needs(database: str, target: str) -> list[str]:
    """The prerequisites, in the order in which make sees to them."""
    found = re.search(rf"^{target}: ?(.*)$", database, re.M)
    assert found, target
    return found[1].split()


def test_a_target_that_needs_packages_installs_them_first() -> None:
    database = _database()
    for target in (
        *("run", "test", "image", "lightos", "desktop", "stick", "netboot", "lab", "bench"),
        *("release", "test-reproducible", "test-desktop", "measure-desktop"),
    ):
        needs = [one for one in _needs(database, target) if one != "stick-named"]
        assert needs[0] == "deps", target
    assert ".NOTPARALLEL:" in database


def test_what_needs_no_root_needs_pythons_own_packages_only() -> None:
    database = _database()
    for target in ("check", "demo", "venv"):
        assert "deps" not in _needs(database, target), target
    asks = re.search(r"^\.venv/\.done:.*?\n\n", database, re.M | re.S)
    assert asks
    assert "|| live-build/deps.sh ca-certificates python3 python3-venv\n" in asks[0]
