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

from reprise import bootstrap
from reprise.__main__ import main
from reprise.workflow.desk import server
from station_kit.machines import hdd, laptop, ssd, stick
from station_kit.ports import Kit


def run(folder: Path, *options: str) -> int:
    kit = Kit(laptop(hdd(), ssd(), stick()))
    kit.sanitizer.held.add("W9A4K2XJ")
    signal.signal(signal.SIGUSR1, lambda _number, _frame: kit.sanitizer.release.set())
    os.geteuid = lambda: 0  # the fakes need no rights
    server._FAREWELL_S = 5.0  # all that cli/station.py gives: a busy machine is slow
    services = kit.services()
    started = replace(services.started, session_id=str(uuid.uuid4()))
    bootstrap.station_services = lambda _args: replace(services, started=started)
    words = ["station", "engine", "--socket", f"{folder}/engine.sock", *options]
    return main(["--data", str(folder), *words])


if __name__ == "__main__":
    sys.exit(run(Path(sys.argv[1]), *sys.argv[2:]))
