"""Runs the applying part and kills itself where it is told: cut.py ROOT before STEP | STEPS."""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path

from reprise_first_start import contract
from reprise_first_start.apply import Applier
from reprise_first_start.files import Root


def main(root: Root, cut: int) -> None:
    applier = Applier(root, contract.load(root))
    for index, step in enumerate(applier.steps):
        if index == cut:
            os.kill(os.getpid(), signal.SIGKILL)
        step.do()


if __name__ == "__main__":
    main(Root(Path(sys.argv[1])), int(sys.argv[2]))
