"""The screen of an unattended station on the terminal it is started on, on fake ports:

python -m station_kit.unattended_screen FOLDER COUNTDOWN SECOND_S

FOLDER/by-hand: a person stopped the countdown; FOLDER/confirmed: it began.
"""

from __future__ import annotations

import sys
from pathlib import Path

from reprise import i18n
from reprise.domain.station.unattended import Unattended
from reprise.tui.app import StationApp
from reprise.workflow.engine.engine import Engine
from station_kit.machines import hdd, laptop
from station_kit.ports import Kit


def run(folder: Path, countdown_s: int, second_s: float) -> int:
    i18n.set_language("fr")
    kit = Kit(laptop(hdd()))
    kit.unattended = Unattended(erase=True, countdown_s=countdown_s)
    kit.sanitizer.held.add("W9A4K2XJ")
    engine = Engine(kit.services, poll_s=0.1)

    def note() -> None:
        for name, told in (
            ("by-hand", engine.state.by_hand),
            ("confirmed", engine.state.confirmed),
        ):
            if told:
                (folder / name).touch()

    def open_engine() -> Engine:
        engine.watch(note)
        engine.start()
        return engine

    StationApp(open_engine, second_s=second_s).run(mouse=False)
    return 0


if __name__ == "__main__":
    sys.exit(run(Path(sys.argv[1]), int(sys.argv[2]), float(sys.argv[3])))
