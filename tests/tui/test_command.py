"""`reprise station` from the outside, where it must refuse."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest


def run(*words: str) -> subprocess.CompletedProcess[str]:
    code = (
        "import os, sys; os.geteuid = lambda: 1000;"
        "from reprise.__main__ import main; sys.exit(main(sys.argv[1:]))"
    )
    return subprocess.run(
        [sys.executable, "-c", code, *words],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
        env={**os.environ, "LC_ALL": "C.UTF-8"},
    )


@pytest.mark.parametrize("action", ["run", "prepare"])
@pytest.mark.parametrize(("lang", "word"), [("fr", "root"), ("en", "must run as root")])
def test_it_refuses_without_root_in_one_line(action: str, lang: str, word: str) -> None:
    done = run("--lang", lang, "station", action)
    assert done.returncode == 3
    assert done.stdout == ""
    assert done.stderr.startswith("reprise: ")
    assert done.stderr.count("\n") == 1
    assert word in done.stderr


def test_an_action_is_needed() -> None:
    assert run("station").returncode == 2
