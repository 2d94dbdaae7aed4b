"""The played PC as a whole: its drives by their names, the stick, a suspend."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

from reprise.adapters.demo.clock import PlayedTime
from reprise.adapters.demo.drive import PlayedDevice, PlayedDrive
from reprise.adapters.demo.faults import HIDDEN, apply
from reprise.adapters.demo.machines import Recorded
from reprise.adapters.demo.names import Fault
from reprise.adapters.drives.blockio import DriveGoneError
from reprise.adapters.drives.surface.opening import Asks
from reprise.domain.drives.capabilities import Capabilities, OwnWord
from reprise.domain.drives.late import Storage, glimpse_of
from reprise.domain.drives.volumes import Volume
from reprise.domain.erasure.preparing import SystemSuspended
from reprise.domain.pc.hardware import Drive, Inventory
from reprise.domain.station.stick import StickReason, StickState, StickStatus
from reprise.errors import InputError
from reprise.i18n import _
from reprise.ports import StopFlag

_SLEEP_S = 21.4
_STICK_AWAY_S = 1800.0
_STICK_PULLED_AT = 0.3  # of the first drive's first pass


class DemoPc:
    """Implements ports.DriveProbe, ports.VolumeReader and ports.Suspender; opens played drives."""

    def __init__(self, recorded: Recorded, time: PlayedTime, faults: Sequence[Fault] = ()) -> None:
        """Raises InputError where a fault does not fit the machine."""
        self._recorded, self._time = recorded, time
        self.drives = tuple(PlayedDrive(disk, time) for disk in recorded.disks)
        self._unreached = HIDDEN if Fault.HIDDEN in faults else ()
        self._stick_due = Fault.STICK in faults
        self._stick_away_s: float | None = None  # since when
        for fault in faults:
            apply(fault, self.drives)

    # ports.DriveProbe

    def probe_inventory(self, _known: Sequence[Drive] = (), /) -> Inventory:
        seen = tuple(played.drive for played in self.drives if not played.gone)
        return replace(self._recorded.inventory(seen), unreached=self._unreached)

    def probe_drive(self, node: str) -> Drive:
        return self._at(node).drive

    def probe_capabilities(self, drive: Drive) -> Capabilities:
        return self._at(drive.node).capabilities

    def probe_storage(self, _known: Sequence[Drive] = (), /) -> Storage:
        return glimpse_of(self.probe_inventory())

    # ports.VolumeReader

    def read(self, drive: Drive, stop: StopFlag) -> Iterator[Volume]:
        if drive.partitions and not stop.is_set():
            yield from self._at(drive.node).volumes

    def _at(self, node: str) -> PlayedDrive:
        for played in self.drives:
            if played.recorded.node == node and not played.gone:
                return played
        raise InputError(_("there is no drive at {node}.").format(node=node))

    def claim(self, node: str) -> PlayedDevice:
        try:
            return PlayedDevice(self._at(node))
        except InputError as error:
            raise DriveGoneError(node) from error

    @property
    def ways(self) -> tuple[Asks, Callable[[str], PlayedDevice]]:
        """See surface.opening.open_planned: a played drive is told by its node alone."""
        return lambda *_who: OwnWord(), self.claim

    # ports.Suspender

    def obstacle(self) -> str:
        return ""

    def suspend(self) -> SystemSuspended:
        self._time.sleep(_SLEEP_S)
        for played in self.drives:
            played.thaw()
        return SystemSuspended(ok=True, duration_s=_SLEEP_S, detail="")

    # the stick

    def stick(self) -> StickState:
        """What was last seen of it."""
        if self._stick_due and any(played.progress >= _STICK_PULLED_AT for played in self.drives):
            self._stick_due, self._stick_away_s = False, self._time.monotonic()
        away = self._stick_away_s
        if away is not None and self._time.monotonic() - away < _STICK_AWAY_S:
            return StickState(StickStatus.MEMORY, StickReason.NO_STICK)
        return StickState(StickStatus.READY, device=self._stick_node())

    def _stick_node(self) -> str:
        boots = (played.recorded for played in self.drives if played.recorded.boot.is_boot)
        return next((drive.partitions[-1].node for drive in boots), "")
