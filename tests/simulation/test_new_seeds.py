"""Three minutes of seeds that nobody has played before (`make test`); the first one is printed."""

from __future__ import annotations

import os
import secrets
import subprocess
import sys
from pathlib import Path

import pytest

SECONDS = float(os.environ.get("REPRISE_SIMULATE_S", "180"))


def test_new_seeds() -> None:
    seed = secrets.randbelow(1 << 40)
    print(f"make simulate SEED={seed}")
    words = ["--seed", str(seed), "--runs", "1000000", "--seconds", str(SECONDS), "--jobs", "1"]
    done = subprocess.run(
        [sys.executable, "-m", "simulation", *words],
        cwd=Path(__file__).parents[1],
        env={**os.environ, "PYTHONHASHSEED": "0"},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        pytest.fail(f"from seed {seed}:\n{done.stdout[-8000:]}{done.stderr[-2000:]}")
