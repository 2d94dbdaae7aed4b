"""One session, and what the oracle remembers of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reprise.domain.pc.hardware import Transport
from reprise.domain.report.events import AttemptStarted
from simulation.drives import SimDrive

if TYPE_CHECKING:
    from reprise.workflow.session.state import SessionState
    from simulation.pc import Pc
    from simulation.station import Station


class Visit:
    """One session: a PC from its start to a sealed report or a cut."""

    def __init__(self, number: int, pc: Pc, station: Station) -> None:
        self.number, self.pc, self.station = number, pc, station
        self.word = f"session {number} on {pc.word}"
        self.seen: SessionState | None = None
        self.believed: set[str] = set()
        self.told: dict[str, str] = {}  # of each drive, what the story last said
        self.touched: set[int] = set()
        self.compared = False
        self.planned: object = None  # the plan that was looked at last
        self.alone = False  # begun by a countdown that nobody stopped
        self.ended = False
        self._inventory: object = None
        self.hardware: dict[str, SimDrive] = {}  # DriveIdentity.key -> the drive that bore it
        self.units: dict[str, str] = {}  # DriveIdentity.key -> Unit.name
        self.generations: dict[int, int] = {}  # of each drive: how often it was in use before
        self.inside: dict[int, tuple[SimDrive, int]] = {}  # what any look met in the PC, likewise
        self.own: set[int] = set()  # those of them that any look met elsewhere than on USB
        self.whole: set[str] = set()  # who called the PC erased

    @property
    def state(self) -> SessionState:
        return self.station.engine.state

    @property
    def session_id(self) -> str:
        started = self.state.started
        return started.session_id if started is not None else ""

    def note_hardware(self) -> None:
        """Who bore which identity when the drives were looked at."""
        state = self.state
        if state.inventory is self._inventory or state.inventory is None or state.confirmed:
            return
        self._inventory = state.inventory
        met = self.station.met()
        self.inside.update({drive.number: (drive, drive.generation) for drive in met})
        self.own |= {one.number for one in met if one.transport is not Transport.USB}
        by_node = {node.path: (node.drive, node.unit) for node in self.pc.kernel.drives()}
        by_serial = {u.identity.serial: (one, u) for one in met for u in one.units()}
        for drive in state.inventory.drives:
            # one that was pulled while it was looked at has no node any more
            found = by_node.get(drive.node) or by_serial.get(drive.identity.serial or "")
            if found is not None:
                self.hardware[drive.identity.key], unit = found
                self.units[drive.identity.key] = unit.name
                self.generations[found[0].number] = found[0].generation

    def confirmed_hardware(self) -> frozenset[int]:
        self.note_hardware()
        keys = self.state.confirmed
        return frozenset(self.hardware[key].number for key in keys if key in self.hardware)

    def installing_on(self, drive: SimDrive) -> bool:
        install = self.state.install
        return install is not None and self.hardware.get(install.drive) is drive

    def last_attempt_s(self, key: str) -> float | None:
        """When the newest attempt on it began, by the world's clock."""
        session = self.station.engine._session
        found = None
        for stamped in session.so_far()[1] if session is not None else ():
            event = stamped.event
            if isinstance(event, AttemptStarted) and event.drive == key:
                found = stamped.monotonic_s - 10.0 + self.station.boot.began_s
        return found

    def report_bytes(self, report_id: str) -> bytes | None:
        """Wherever it is: in the PC's memory, on a stick, at the server."""
        name = f"reports/{report_id}.jws"
        places = [(f"/run/reprise/memory/{name}", self.station.boot.memory)]
        places += [(f"/{name}", stick.volume) for stick in self.pc.world.sticks]
        for path, volume in places:
            node = volume.names.get(path)
            if node is not None and node.data:
                return bytes(node.data)
        return None
