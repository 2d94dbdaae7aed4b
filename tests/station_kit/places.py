"""Where things of this checkout lie."""

from __future__ import annotations

import os
from pathlib import Path

TESTS = Path(__file__).resolve().parents[1]
TOP = TESTS.parent
RECORDED = TESTS / "unit" / "recorded"  # what real tools wrote
PATHS = os.pathsep.join((str(TOP / "app"), str(TESTS)))  # PYTHONPATH of a process of a test


def only_this_checkout() -> None:
    """Raises SystemExit in a process whose Reprise is another one: what a test replaces in it would
    not be what runs, and a real engine would look at this machine's drives."""
    import reprise

    if Path(reprise.__file__).resolve().parents[1] != TOP / "app":
        raise SystemExit(f"{reprise.__file__} is not of {TOP}")
