"""The station's engine as a process of its own, through the real command, over loop devices that
pass for internal drives:

    python -m disks.loop_engine FOLDER NODE…

Journal, store, key, outbox, overwrite and report are the real ones, in FOLDER; it listens at
FOLDER/engine.sock. Nothing but the drives' bus is made up, and the PC is never switched off.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from disks.rig import LoopProbe
from reprise.__main__ import main
from reprise.bootstrap import drives, station
from reprise.domain.drives.boot_medium import BootMedium
from reprise.domain.pc.hardware import Drive, Inventory, Machine, MediaKind, Transport
from reprise.workflow.session.services import StationServices
from station_kit.places import only_this_checkout
from station_kit.ports import FakeInstaller, FakePower
from unit.domain.drives.drives import pc

_SERVICES = station.station_services


class InternalProbe(LoopProbe):
    """These loop devices and no others: no real drive of this machine is ever looked at."""

    def __init__(self, nodes: Sequence[str]) -> None:
        self._nodes = tuple(nodes)

    def probe_inventory(self, _known: Sequence[Drive] = (), /) -> Inventory:
        drives = (self.probe_drive(node) for node in self._nodes)
        return pc(*drives, machine=Machine(serial="BENCH-1"))

    def probe_drive(self, node: str) -> Drive:
        return replace(
            super().probe_drive(node),
            transport=Transport.SATA,
            media=MediaKind.HDD,
            boot=BootMedium(is_boot=False),
        )


def services(given: Sequence[Any], nodes: Sequence[str]) -> StationServices:
    probe = InternalProbe(nodes)
    whole = _SERVICES(*given)
    return replace(
        whole,
        probe=probe,
        sanitizers=drives.sanitizers(probe, whole.policy),
        installer=FakeInstaller(names=()),
        power=FakePower(),
        preparer=None,
        suspender=None,
    )


def run(folder: Path, nodes: Sequence[str]) -> int:
    only_this_checkout()
    station.station_services = lambda *given: services(given, nodes)
    return main(["--data", str(folder), "station", "engine", "--socket", f"{folder}/engine.sock"])


if __name__ == "__main__":
    sys.exit(run(Path(sys.argv[1]), sys.argv[2:]))
