"""A recorded machine: what its probe says, and how its drives behave. One TOML file each."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from reprise.adapters.drives.surface.erased_pattern import Pattern
from reprise.domain.drives.capabilities import Capabilities
from reprise.domain.drives.volumes import Volume
from reprise.domain.pc.hardware import Drive, Inventory, Machine, Memory, Processor
from reprise.domain.pc.parts import Battery, Display, NetworkCard, PciDevice
from reprise.domain.planning.techniques import Technique
from reprise.strict_toml import dataclass_from_toml


@dataclass(frozen=True, slots=True)
class Bad:
    """Sectors that fail. `fails`: "write" (a write is refused, a read too) or "read"."""

    lba: int
    count: int
    fails: str


@dataclass(frozen=True, slots=True)
class Manner:
    """How a drive behaves. Rates are those at its outer edge; the inner one is `inner` of that.

    `erase_s`: how long each of its own erase commands takes; `erase_fails` of those end with an
    error half-way. `erased_shows`: what is read after one that worked.
    """

    write_bytes_s: float
    read_bytes_s: float
    inner: float = 1.0
    erase_s: Mapping[Technique, float] = field(default_factory=dict)
    erase_fails: tuple[Technique, ...] = ()
    erased_shows: Pattern = Pattern.ZEROS
    bad: tuple[Bad, ...] = ()


@dataclass(frozen=True, slots=True)
class Twin:
    """Another drive of the same kind."""

    node: str
    serial: str
    wwn: str


@dataclass(frozen=True, slots=True)
class Disk:
    drive: Drive
    manner: Manner | None = None  # None: nothing is ever done to it (the stick)
    capabilities: Capabilities = field(default_factory=Capabilities)
    twins: tuple[Twin, ...] = ()
    volumes: tuple[Volume, ...] = ()  # what is found inside


@dataclass(frozen=True, slots=True)
class Recorded:
    """The file's tables, one to one."""

    machine: Machine
    processor: Processor
    memory: Memory
    disk: tuple[Disk, ...]
    network: tuple[NetworkCard, ...] = ()
    batteries: tuple[Battery, ...] = ()
    displays: tuple[Display, ...] = ()
    gpus: tuple[PciDevice, ...] = ()
    tools: Mapping[str, str] = field(default_factory=dict)
    unknown: Mapping[str, str] = field(default_factory=dict)

    @property
    def disks(self) -> tuple[Disk, ...]:
        """Every drive, twins included, in the order of their names."""
        singles = (single for disk in self.disk for single in _with_twins(disk))
        return tuple(sorted(singles, key=lambda disk: disk.drive.node))

    def inventory(self, drives: tuple[Drive, ...]) -> Inventory:
        return Inventory(
            machine=self.machine,
            processor=self.processor,
            memory=self.memory,
            drives=drives,
            gpus=self.gpus,
            network=self.network,
            batteries=self.batteries,
            displays=self.displays,
            tools=self.tools,
            unknown=self.unknown,
        )


def _with_twins(disk: Disk) -> Iterator[Disk]:
    yield replace(disk, twins=())
    for twin in disk.twins:
        identity = replace(disk.drive.identity, serial=twin.serial, wwn=twin.wwn)
        drive = replace(disk.drive, node=twin.node, identity=identity)
        yield replace(disk, drive=drive, twins=())


def recorded(name: str) -> Recorded:
    """One of names.MACHINES. Raises InputError where its file is not as it should be."""
    path = Path(__file__).parent / f"{name}.toml"
    return dataclass_from_toml(path.read_text("utf-8"), Recorded, str(path))
