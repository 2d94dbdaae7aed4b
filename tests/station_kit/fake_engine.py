"""The station's engine as a process of its own, through the real command, on fake ports:

    python -m station_kit.fake_engine FOLDER [options of `reprise station engine`]

listens at FOLDER/engine.sock. The hard disk's erasure is held until SIGUSR1.
"""

from __future__ import annotations

import os
import signal
import sys
import uuid
from dataclasses import replace
from pathlib import Path

from reprise.__main__ import main
from reprise.bootstrap import station
from reprise.workflow.engine import listener
from station_kit.guard import guarded
from station_kit.machines import hdd, laptop, ssd, stick
from station_kit.places import only_this_checkout
from station_kit.ports import Kit


def run(folder: Path, *options: str) -> int:
    only_this_checkout()
    kit = Kit(laptop(hdd(), ssd(), stick()))
    kit.sanitizer.held.add("W9A4K2XJ")
    signal.signal(signal.SIGUSR1, lambda _number, _frame: kit.sanitizer.release.set())
    os.geteuid = lambda: 0  # the fakes need no rights
    listener._FAREWELL_S = 5.0  # all that cli/commands/station.py gives: a busy machine is slow
    services = kit.services()
    started = replace(services.started, session_id=str(uuid.uuid4()))
    station.station_services = lambda *_given: replace(services, started=started)
    words = ["station", "engine", "--socket", f"{folder}/engine.sock", *options]
    with guarded(processes=True):  # whatever is not replaced finds no drive
        return main(["--data", str(folder), *words])


if __name__ == "__main__":
    sys.exit(run(Path(sys.argv[1]), *sys.argv[2:]))
