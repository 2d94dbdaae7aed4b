"""A PC with its slots, its clock and its memory, and what the station's ports find in it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from reprise.adapters.drives.capabilities import read_capabilities
from reprise.adapters.hardware.sysfs import Roots
from reprise.domain.drives.boot_medium import BootMedium
from reprise.domain.drives.capabilities import Capabilities
from reprise.domain.drives.late import Glimpse, Storage
from reprise.domain.drives.unreached import Unreached, UnreachedKind
from reprise.domain.pc.hardware import (
    Drive,
    Health,
    Inventory,
    Machine,
    MediaKind,
    Memory,
    Partition,
    Processor,
    Reason,
    SmartFacts,
    Transport,
)
from reprise.errors import InputError
from reprise.ports import ClockReading
from simulation.baton import Host, baton
from simulation.cells import DONOR, STRANGER
from simulation.drives import SimDrive
from simulation.files import Volume
from simulation.kernel import Kernel, Node
from simulation.paths import HANDLES, SimPath

if TYPE_CHECKING:
    from simulation.stick import Stick
    from simulation.world import World

EPOCH = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)


class Process(Host):
    """A program on one PC. Its threads and its locks end with it."""

    def __init__(self, pc: Pc, name: str) -> None:
        super().__init__(f"{name} on {pc.word}")
        self.pc = pc
        self.looks: list[tuple[SimDrive, ...]] = []  # what was in the PC at each inventory
        # and at the last look, before the report; with how often it had been in use before
        self.late: dict[int, tuple[SimDrive, int]] = {}


class Boot:
    """One start of a PC, to the loss of its power."""

    def __init__(self, pc: Pc) -> None:
        self.pc = pc
        self.dead = False
        self.memory = Volume()
        self.began_s = baton().now_s
        self._processes: list[Process] = []

    def process(self, name: str) -> Process:
        made = Process(self.pc, name)
        self._processes.append(made)
        return made

    def kill(self, process: Process) -> None:
        baton().kill(process)
        HANDLES.drop(process)

    def end(self) -> None:
        self.dead = True
        for process in self._processes:  # at once: none may go on while another ends
            process.dead = True
        for process in self._processes:
            self.kill(process)


@dataclass
class PcKind:
    """`told`: whether its firmware says who it is; `deep`: whether it can be suspended."""

    told: bool = True
    deep: bool = True
    clock_wrong_s: float = 0.0
    clock_dead: bool = False  # forgets the time with the power
    hides: str = ""  # a controller that may hide drives
    aes: bool = True  # its processor makes AES fastest


class Pc:
    def __init__(self, world: World, number: int, kind: PcKind) -> None:
        self.world, self.number, self.kind = world, number, kind
        self.word = f"PC {number}"
        self.slots: list[SimDrive] = []
        self.stick: Stick | None = None
        self.boot: Boot | None = None
        self.kernel = Kernel(self)
        name = f"SN{number:04d}" if kind.told else None
        self.machine = Machine(maker="Dell", model="Latitude", serial=name, uuid=name)
        self.clock_wrong_s = kind.clock_wrong_s

    @property
    def on(self) -> bool:
        return self.boot is not None

    def power_on(self) -> Boot:
        self.boot = Boot(self)
        self.kernel = Kernel(self)
        if self.kind.clock_dead:  # back to where its firmware begins
            self.clock_wrong_s = -86400.0 * 700 - baton().now_s
        for drive in self.slots:
            drive.power_on()
            self.kernel.plug(drive)
        if self.stick is not None:
            self.kernel.plug(self.stick.drive)
        return self.boot

    def power_off(self) -> None:
        """At once, whatever it is doing."""
        boot = self.boot
        if boot is None:
            return
        self.boot = None
        for node in self.kernel.nodes.values():
            node.there = False
        for drive in self.slots:
            drive.power_off()
        boot.end()
        if self.stick is not None:
            self.stick.cut()

    # while it runs

    def happens(self, drive: SimDrive, what: str) -> None:
        if what == "rescan":
            self.kernel.rescan(drive)
        else:
            self.world.happens(self, drive, what)

    def touches(self, drive: SimDrive) -> None:
        """Something is about to be written to it, or was."""
        self.world.oracle.touched(self, drive)

    def plug(self, drive: SimDrive) -> None:
        self.slots.append(drive)
        drive.silent = False  # its plug sits as it should
        if self.on:
            drive.power_on()
            self.kernel.plug(drive)

    def unplug(self, drive: SimDrive) -> None:
        self.slots.remove(drive)
        if self.on:
            self.kernel.unplug(drive)
            drive.power_off()

    def now(self) -> datetime:
        return EPOCH + timedelta(seconds=baton().now_s + self.clock_wrong_s)


def process() -> Process:
    """The program that the running thread belongs to."""
    task = baton().current
    if task is None or task.owner is None:
        raise RuntimeError("no PC runs this")
    found: Process = task.owner
    return found


def here() -> Pc:
    """The PC that the running thread is on."""
    return process().pc


def memory_root(boot: Boot) -> SimPath:
    return SimPath("/run/reprise/memory", volume=lambda: boot.memory)


def sysfs() -> Volume:
    return here().kernel.sysfs


class SimClock:
    """ports.Clock of one PC."""

    def __init__(self, pc: Pc) -> None:
        self._pc = pc

    def read(self) -> ClockReading:
        boot = self._pc.boot
        since = boot.began_s if boot else 0.0
        return ClockReading(self._pc.now(), baton().now_s - since + 10.0)

    def trust(self) -> tuple[bool, str]:
        if self._pc.now().year < 2026:
            return False, "rtc-implausible"
        return (True, "ntp") if self._pc.clock_wrong_s == 0.0 else (False, "rtc")


class SimProbe:
    """ports.DriveProbe: what udev and the kernel read when a drive appeared; what it can do is
    asked by the real readers."""

    def __init__(self, pc: Pc) -> None:
        self._pc = pc

    def probe_inventory(self, _known: Sequence[Drive] = (), /) -> Inventory:
        baton().sleep(0.5)
        drives = tuple(self._facts(node) for node in self._pc.kernel.drives())
        process().looks.append(tuple(self._pc.slots))
        return Inventory(
            machine=self._pc.machine,
            processor=Processor("Intel Core i5", "x86_64", 2, 4),
            memory=Memory(8 << 30),
            drives=drives,
            unreached=self._unreached(),
        )

    def probe_storage(self, _known: Sequence[Drive] = (), /) -> Storage:
        """At once: a program that dies with its PC comes by here, and would not wake again."""
        process().late = {drive.number: (drive, drive.generation) for drive in self._pc.slots}
        nodes = self._pc.kernel.drives()
        return Storage(tuple(self._glimpse(node) for node in nodes), self._unreached())

    def _glimpse(self, node: Node) -> Glimpse:
        drive, stick = node.drive, self._pc.stick
        is_stick = stick is not None and drive is stick.drive
        who = replace(node.unit.identity, model=None, size_bytes=node.size_bytes)
        return Glimpse(node.path, who, Transport.USB if is_stick else drive.transport)

    def _unreached(self) -> tuple[Unreached, ...]:
        hides, silent = self._pc.kind.hides, (one for one in self._pc.slots if one.silent)
        return (
            *((Unreached(UnreachedKind.REMAPPED, "0000:00:17.0", hides),) if hides else ()),
            *(Unreached(UnreachedKind.SILENT, f"link{one.number}") for one in silent),
        )

    def probe_drive(self, node: str) -> Drive:
        baton().sleep(0.1)
        found = self._pc.kernel.node(node)
        if found is None:
            raise InputError(f"there is no drive at {node}")
        return self._facts(found)

    def probe_capabilities(self, drive: Drive) -> Capabilities:
        return read_capabilities(drive, Roots())

    def _facts(self, node: Node) -> Drive:
        drive, stick = node.drive, self._pc.stick
        is_stick = stick is not None and drive is stick.drive
        busy = drive.sanitizing()
        first = b"" if busy else drive.first_sector()
        parted = DONOR in first or STRANGER in first
        parts = (Partition(f"{node.path}1", 4096, "ext4"),) if parted and not is_stick else ()
        return Drive(
            identity=replace(
                node.unit.identity,
                size_bytes=node.size_bytes,
                wwn=None if drive.no_wwn else node.unit.identity.wwn,
            ),
            node=node.path,
            transport=drive.transport,
            media=drive.media if drive.media is not None else MediaKind.UNKNOWN,
            logical_sector_bytes=node.unit.logical_bytes,
            physical_sector_bytes=node.unit.physical_bytes,
            read_only=node.read_only,
            removable=is_stick,
            boot=BootMedium(is_stick, "mounted-live-medium" if is_stick else None),
            rotation_rpm=drive.rotation_rpm,
            partition_table="gpt" if parted else None,
            partitions=parts,
            smart=SmartFacts(Health.PASSED, 30, 1000, 10, 0, 0, 0),
            unknown={"smart.health": Reason.SANITIZING} if busy else {},
        )
