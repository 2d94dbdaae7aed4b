"""Three minutes of seeds that nobody has played before (`make test`); the first one is printed."""

from __future__ import annotations

import os
import secrets
import signal
import subprocess
import sys
from contextlib import suppress

import pytest

from station_kit.places import TESTS

SECONDS = float(os.environ.get("REPRISE_SIMULATE_S", "180"))
LAST_S = 300  # for the session that is begun last, and for shrinking what was found


def test_new_seeds() -> None:
    seed = secrets.randbelow(1 << 40)
    print(f"make simulate SEED={seed}")
    words = ["--seed", str(seed), "--runs", "1000000", "--seconds", str(SECONDS), "--jobs", "1"]
    search = subprocess.Popen(
        [sys.executable, "-m", "simulation", *words],
        cwd=TESTS,
        env={**os.environ, "PYTHONHASHSEED": "0"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )
    try:
        told, _none = search.communicate(timeout=SECONDS + LAST_S)
    except subprocess.TimeoutExpired:
        pytest.fail(f"from seed {seed}: a session has no end")
    finally:
        with suppress(ProcessLookupError):  # all of them have ended
            os.killpg(search.pid, signal.SIGKILL)
        search.wait()
    if search.returncode:
        pytest.fail(f"from seed {seed}:\n{told[-10000:]}")
