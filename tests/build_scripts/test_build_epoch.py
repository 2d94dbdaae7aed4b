"""live-build/epoch.sh: the commit's name and time, whoever owns the checkout."""

from __future__ import annotations

import os
import re
import subprocess
from pathlib import Path

import pytest

from station_kit.places import TOP

EPOCH = TOP / "live-build/epoch.sh"
COMMITTED_S = 1_795_000_000
NOBODY = 65534


def _surroundings(folder: Path, **also: str) -> dict[str, str]:
    """Without the settings of whoever runs the tests, which may trust every folder."""
    date = f"{COMMITTED_S} +0100"
    return {
        "PATH": os.environ["PATH"],
        "HOME": str(folder),
        "GIT_CONFIG_NOSYSTEM": "1",
        "GIT_CONFIG_GLOBAL": os.devnull,
        "GIT_AUTHOR_DATE": date,
        "GIT_COMMITTER_DATE": date,
        **also,
    }


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    top = tmp_path / "some clone"
    top.mkdir()
    (top / "file").write_text("1\n")
    who = ["-c", "user.name=T", "-c", "user.email=t@example.org"]
    for words in (["init", "--quiet"], ["add", "file"], [*who, "commit", "--quiet", "-m", "One"]):
        subprocess.run(["git", *words], cwd=top, check=True, env=_surroundings(tmp_path))
    return top


def _told(top: Path, **also: str) -> tuple[int, list[str], str]:
    """Exit code, the two settings, and what was said."""
    script = (
        f'refuse() {{ echo "$*" >&2; exit 2; }}; . "{EPOCH}"; echo "$commit $SOURCE_DATE_EPOCH"'
    )
    done = subprocess.run(
        ["/bin/sh", "-euc", script],
        capture_output=True,
        text=True,
        check=False,
        env=_surroundings(top.parent, top=str(top), **also),
    )
    return done.returncode, done.stdout.split(), done.stderr


def test_the_commit_gives_name_and_time(clone: Path) -> None:
    code, (name, time), said = _told(clone)
    assert (code, time, said) == (0, str(COMMITTED_S), "")
    assert re.fullmatch("[0-9a-f]{7,}", name)
    (clone / "file").write_text("2\n")
    assert _told(clone, SOURCE_DATE_EPOCH="5") == (0, [f"{name}-dirty", "5"], "")


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give files away")
def test_root_gets_them_from_somebody_elses_clone(clone: Path) -> None:
    expected = _told(clone)
    for path in (clone, *clone.rglob("*")):
        os.chown(path, NOBODY, NOBODY)
    assert _told(clone) == expected


def test_a_clone_that_git_cannot_read_is_no_copy_without_git(clone: Path) -> None:
    (clone / ".git/HEAD").unlink()
    for also in ({}, {"SOURCE_DATE_EPOCH": "5"}):
        code, settings, said = _told(clone, **also)
        assert (code, settings) == (2, [])
        assert f"Git cannot read the commit of {clone}" in said
        assert "not a git repository" in said


def test_a_copy_without_git_is_of_now(tmp_path: Path) -> None:
    code, (name, time), said = _told(tmp_path)
    assert (code, name, said) == (0, "unknown", "")
    assert int(time) > COMMITTED_S - 1e9
    assert _told(tmp_path, SOURCE_DATE_EPOCH="5") == (0, ["unknown", "5"], "")
