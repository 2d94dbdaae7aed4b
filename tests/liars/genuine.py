"""Reports that stations of the simulation sealed: `python -m liars.genuine FIRST SEEDS` writes the
JSON of each in a line."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from typing import Any

from reprise.adapters.signing.jws import split_jws
from simulation.play import play
from simulation.run import stage
from simulation.seeds import script_of
from station_kit.places import TESTS


def genuine(first: int, seeds: int) -> list[Any]:
    """Of so many seeds: the same ones give the same reports, as they are played in a process of
    their own."""
    done = subprocess.run(
        [sys.executable, "-m", "liars.genuine", str(first), str(seeds)],
        cwd=TESTS,
        env={**os.environ, "PYTHONHASHSEED": "0"},
        capture_output=True,
        check=True,
        text=True,
    )
    return [json.loads(line) for line in done.stdout.splitlines()]


def main(first: int, seeds: int) -> None:
    with stage() as folder:
        for seed in range(first, first + seeds):
            for jws in play(script_of(seed), folder).reports:
                sys.stdout.write(json.dumps(json.loads(split_jws(jws)[1])) + "\n")


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))
