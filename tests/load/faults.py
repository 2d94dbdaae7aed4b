"""What goes wrong around a server, one fault after the other, while stations send.

    python -m load.faults [--only NAME] [--on sqlite|postgresql] [--kills 100] [--out FILE]

Eight stations send 20 reports a second, and try again what was not taken; somebody asks for the
server's health each 0.2 s. Afterwards a fresh process reads the database, and every report that was
acknowledged is compared. Exit code 1 where a promise is not kept.
"""

from __future__ import annotations

import argparse
import asyncio
import logging
import sys
import tempfile
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import pytest

from load import outages
from load.figures import tell
from load.outages import Scale, Strike
from load.outcome import Outcome, table
from load.scene import compare, scene, suffered
from server.postgresql import Cluster, running_cluster

_RATE = 20.0
_ROUNDS, _HOLD_S = 3, 20.0
_DATABASES = ("sqlite", "postgresql")


@dataclass(frozen=True)
class Fault:
    strike: Strike
    wants: tuple[str, ...] = ()  # of the scene
    on: tuple[str, ...] = _DATABASES


FAULTS = {
    "killed": Fault(outages.killed),
    "one process killed": Fault(outages.one_killed),
    "PostgreSQL stopped": Fault(outages.postgresql, on=("postgresql",)),
    "disk full": Fault(outages.disk, ("small",)),
    "S3 away": Fault(outages.store, ("s3",)),
    "1,100 half-open": Fault(outages.half_open),
    "60 strangers": Fault(outages.strangers),
}


def suffer(name: str, database: str, scale: Scale, cluster: Cluster | None) -> Outcome:
    """One fault, with a server and a database of its own."""
    fault, outcome = FAULTS[name], Outcome(f"{database}: {name}")
    try:
        with (
            tempfile.TemporaryDirectory(prefix="faults-", ignore_cleanup_errors=True) as folder,
            scene(database, Path(folder), fault.wants, cluster) as made,
        ):
            asyncio.run(suffered(made, outcome, lambda: fault.strike(made, outcome, scale), _RATE))
            compare(made, outcome)
    except pytest.skip.Exception as why:
        outcome.skipped = str(why)
    except Exception as error:  # noqa: BLE001 (the other faults are made all the same)
        outcome.failed = repr(error)
    return outcome


def _all(names: Sequence[str], databases: Sequence[str], scale: Scale) -> list[Outcome]:
    found: list[Outcome] = []
    for database in databases:
        with ExitStack() as stack:
            cluster = None
            if database == "postgresql":
                try:
                    cluster = stack.enter_context(running_cluster())
                except pytest.skip.Exception as why:
                    found.append(Outcome(database, skipped=str(why)))
                    continue
            for name in names:
                if database in FAULTS[name].on:
                    print(f"{database}: {name}", file=sys.stderr)
                    found.append(suffer(name, database, scale, cluster))
                    print(found[-1].row(), file=sys.stderr)
    return found


def main() -> int:
    parser = argparse.ArgumentParser(prog="load.faults", description=__doc__)
    parser.add_argument("--only", choices=tuple(FAULTS), action="append")
    parser.add_argument("--on", choices=_DATABASES, action="append")
    parser.add_argument("--kills", type=int, default=100)
    parser.add_argument("--out", type=Path)
    args = parser.parse_args()
    logging.getLogger("werkzeug").setLevel(logging.WARNING)  # moto's: each request
    scale = Scale(args.kills, _ROUNDS, _HOLD_S)
    outcomes = _all(args.only or tuple(FAULTS), args.on or _DATABASES, scale)
    broken = [what for outcome in outcomes for what in outcome.broken()]
    return tell([table(outcomes)], broken, args.out)


if __name__ == "__main__":
    sys.exit(main())
