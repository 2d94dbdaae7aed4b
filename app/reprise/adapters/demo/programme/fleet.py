"""The programme's PCs: of models that are found in offices, none of them anybody's."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

from reprise.adapters.demo.machines import Disk, Manner, Recorded
from reprise.domain.drives.boot_medium import BootMedium
from reprise.domain.drives.capabilities import (
    AtaCapabilities,
    Capabilities,
    NvmeCapabilities,
    SanitizeState,
    Support,
)
from reprise.domain.pc.hardware import (
    Drive,
    DriveIdentity,
    Firmware,
    Health,
    Machine,
    MediaKind,
    Memory,
    MemorySlot,
    Partition,
    Processor,
    SmartFacts,
    Transport,
)
from reprise.domain.pc.parts import Battery, NetworkCard
from reprise.domain.planning.techniques import Technique
from reprise.strict_toml import dataclass_from_toml

_FILE = Path(__file__).parent / "fleet.toml"
_SECTOR = 512
_GIB = 1 << 30
_USED_HOURS = (3_000, 24_000)
_YES, _NO = Support.YES, Support.NO


@dataclass(frozen=True, slots=True)
class Kind:
    """A model of a PC. `often`: how many there are, beside the others; `bios`: its date;
    `battery_wh`: 0 where it has none; `drives`: names of DiskKind, one of which is in it."""

    maker: str
    model: str
    chassis: str
    often: int
    bios: str
    processor: str
    cores: int
    threads: int
    memory_gib: tuple[int, ...]
    battery_wh: float
    drives: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class DiskKind:
    """A model of a drive. `rpm`: 0 where nothing turns; the rest: see machines.Manner."""

    name: str
    transport: Transport
    vendor: str
    model: str
    size_bytes: int
    write_bytes_s: float
    read_bytes_s: float
    rpm: int = 0
    erase_s: Mapping[Technique, float] = field(default_factory=dict)

    @property
    def turns(self) -> bool:
        return self.rpm > 0


@dataclass(frozen=True, slots=True)
class Fleet:
    """The file's tables, one to one."""

    kind: tuple[Kind, ...]
    disk: tuple[DiskKind, ...]


def fleet() -> Fleet:
    return dataclass_from_toml(_FILE.read_text("utf-8"), Fleet, str(_FILE))


def build(of: Fleet, number: int, random: Random, *, turning: bool = False) -> Recorded:
    """PC `number` of the programme, with one drive. `turning`: one with a hard disk."""
    disks = {disk.name: disk for disk in of.disk}
    kinds = [
        (kind, [disks[name] for name in kind.drives if disks[name].turns or not turning])
        for kind in of.kind
    ]
    kinds = [(kind, choice) for kind, choice in kinds if choice]
    kind, choice = random.choices(kinds, [kind.often for kind, _choice in kinds])[0]
    return Recorded(
        machine=_machine(kind, number),
        processor=Processor(kind.processor, "x86_64", kind.cores, kind.threads),
        memory=_memory(random.choice(kind.memory_gib)),
        disk=(_disk(random.choice(choice), number, random),),
        network=_network(kind),
        batteries=_batteries(kind, random),
    )


def _machine(kind: Kind, number: int) -> Machine:
    return Machine(
        maker=kind.maker,
        model=kind.model,
        serial=f"DEMO-{number:05}",
        uuid=f"00000000-0000-4000-8000-{0xD0000000 + number:012x}",
        chassis=kind.chassis,
        firmware=Firmware(kind.maker, "1.0", kind.bios, "uefi"),
        named_by="system",
    )


def _memory(gib: int) -> Memory:
    slot = MemorySlot("DIMM1", gib * _GIB, "DDR4", 2400)
    return Memory(int(gib * _GIB * 0.96), (slot, MemorySlot("DIMM2")), gib * _GIB)


def _network(kind: Kind) -> tuple[NetworkCard, ...]:
    cable = NetworkCard("enp0s31f6", "ethernet", None, "e1000e", "Intel Ethernet", link=True)
    if not kind.battery_wh:
        return (cable,)
    return (cable, NetworkCard("wlp2s0", "wifi", None, "iwlwifi", "Intel Wireless-AC"))


def _batteries(kind: Kind, random: Random) -> tuple[Battery, ...]:
    if not kind.battery_wh:
        return ()
    full_wh = round(kind.battery_wh * random.uniform(0.38, 0.93), 1)
    cycles = random.randrange(90, 700)
    battery = Battery(
        "BAT0", kind.maker, "Primary", None, "Li-ion", kind.battery_wh, full_wh, 90, cycles, "Full"
    )
    return (battery,)


def _disk(kind: DiskKind, number: int, random: Random) -> Disk:
    nvme = kind.transport is Transport.NVME
    return Disk(
        Drive(
            identity=DriveIdentity(
                model=kind.model,
                serial=f"DEMO{number:08}",
                wwn=f"eui.0000000000dead{number:04x}" if nvme else f"0x5000000dead{number:05x}",
                size_bytes=kind.size_bytes,
            ),
            node="/dev/nvme0n1" if nvme else "/dev/sda",
            transport=kind.transport,
            media=MediaKind.HDD if kind.turns else MediaKind.SSD,
            logical_sector_bytes=_SECTOR,
            physical_sector_bytes=4096 if kind.turns else _SECTOR,
            read_only=False,
            removable=False,
            boot=BootMedium(is_boot=False),
            vendor=kind.vendor,
            rotation_rpm=kind.rpm or None,
            smart=_smart(kind, random),
            partition_table="gpt",
            partitions=_partitions(kind, nvme=nvme),
        ),
        Manner(
            kind.write_bytes_s,
            kind.read_bytes_s,
            inner=0.55 if kind.turns else 1.0,
            erase_s=kind.erase_s,
        ),
        _nvme(kind) if nvme else _ata(kind),
    )


def _smart(kind: DiskKind, random: Random) -> SmartFacts:
    return SmartFacts(
        health=Health.PASSED,
        temperature_c=random.randrange(27, 42),
        power_on_hours=random.randrange(*_USED_HOURS),
        reallocated_sectors=0 if kind.transport is Transport.SATA else None,
        percentage_used=None if kind.turns else random.randrange(3, 40),
    )


def _partitions(kind: DiskKind, *, nvme: bool) -> tuple[Partition, ...]:
    part = "/dev/nvme0n1p" if nvme else "/dev/sda"
    rest = kind.size_bytes - 300_000_000
    return (
        Partition(f"{part}1", 272_629_760, "vfat", "SYSTEM"),
        Partition(f"{part}2", rest - rest % _SECTOR, "ntfs", "Windows"),
    )


def _nvme(kind: DiskKind) -> Capabilities:
    return Capabilities(
        nvme=NvmeCapabilities(
            format=_YES,
            format_crypto=_NO,
            sanitize_block=_YES,
            sanitize_crypto=_NO,
            sanitize_overwrite=_NO,
            sanitize_state=SanitizeState.IDLE,
            namespace_id=1,
            namespaces=1,
            namespaces_allocated=1,
            total_bytes=kind.size_bytes,
            unallocated_bytes=0,
        )
    )


def _ata(kind: DiskKind) -> Capabilities:
    """A hard disk of these is overwritten; an SSD erases itself, once a suspend has thawed it."""
    sectors = kind.size_bytes // _SECTOR
    own = _YES if kind.erase_s else _NO
    return Capabilities(
        ata=AtaCapabilities(
            security=own,
            security_enhanced=own,
            security_enabled=_NO,
            security_locked=_NO,
            security_frozen=own,
            security_expired=_NO,
            erase_minutes=2 if kind.erase_s else None,
            erase_enhanced_minutes=2 if kind.erase_s else None,
            sanitize=_NO,
            visible_sectors=sectors,
            native_sectors=sectors,
            dco_sectors=sectors,
            hpa=_YES,
            amac=_NO,
            dco=_YES,
            rotational=_YES if kind.turns else _NO,
        )
    )
