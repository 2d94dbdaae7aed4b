"""Made-up PCs for the screen. Parsers are tested on recordings elsewhere; here only what the
screen does with facts matters."""

from __future__ import annotations

from dataclasses import replace

from reprise.domain.drives.boot_medium import BootMedium
from reprise.domain.pc.hardware import (
    Drive,
    DriveIdentity,
    Firmware,
    Health,
    Inventory,
    Machine,
    MediaKind,
    Memory,
    MemorySlot,
    Partition,
    Processor,
    SmartFacts,
    Transport,
    Use,
    UseKind,
)
from reprise.domain.pc.parts import Battery, NetworkCard
from unit.domain.drives.drives import drive as made_drive
from unit.domain.drives.drives import pc

GIB = 1024**3


def hdd(node: str = "/dev/sda", serial: str = "W9A4K2XJ") -> Drive:
    return made_drive(
        identity=DriveIdentity(
            model="ST500LM012 HN-M500MBB", serial=serial, wwn=None, size_bytes=500_107_862_016
        ),
        node=node,
        boot=BootMedium(False, "not the source of the system"),
        rotation_rpm=5400,
        smart=SmartFacts(health=Health.PASSED, temperature_c=34, power_on_hours=12034),
        partition_table="gpt",
        partitions=(
            Partition(f"{node}1", 500 * 10**6, "ntfs", "Récupération"),
            Partition(f"{node}2", 250 * 10**9, "ntfs", "Windows"),
            Partition(f"{node}3", 249 * 10**9, "ext4", "données [compta]"),
        ),
    )


def ssd(node: str = "/dev/nvme0n1", serial: str = "S4EVNX0R") -> Drive:
    return replace(
        hdd(node, serial),
        identity=DriveIdentity(
            model="Samsung SSD 970 EVO", serial=serial, wwn=None, size_bytes=250 * 10**9
        ),
        transport=Transport.NVME,
        media=MediaKind.SSD,
        rotation_rpm=None,
        partitions=(),
        partition_table=None,
    )


def stick(node: str = "/dev/sdb") -> Drive:
    return replace(
        hdd(node, "AA00000000000489"),
        identity=DriveIdentity(
            model="USB DISK 3.0", serial="AA00000000000489", wwn=None, size_bytes=16 * 10**9
        ),
        transport=Transport.USB,
        media=MediaKind.FLASH,
        removable=True,
        boot=BootMedium(True, "label REPRISE_LIVE"),
        partitions=(Partition(f"{node}1", 16 * 10**9, "iso9660", "REPRISE_LIVE"),),
    )


def mounted(node: str = "/dev/sdc") -> Drive:
    return replace(hdd(node, "MOUNTED1"), uses=(Use(UseKind.MOUNT, f"{node}1", "/mnt/données"),))


def laptop(*drives: Drive) -> Inventory:
    return pc(
        *drives,
        machine=Machine(
            maker="Dell Inc.",
            model="Latitude E5440",
            version="01",
            serial="4XJ9T12",
            chassis="Notebook",
            firmware=Firmware("Dell Inc.", "A11", "2015-03-05", "uefi"),
        ),
        processor=Processor("Intel(R) Core(TM) i5-4310U CPU @ 2.00GHz", "x86_64", 2, 4),
        memory=Memory(8 * GIB, (MemorySlot("DIMM A", 8 * GIB), MemorySlot("DIMM B", 0))),
        network=(
            NetworkCard("eno1", "ethernet", None, "e1000e", "Intel I218-LM", False),
            NetworkCard("wlo1", "wifi", None, "iwlwifi", "Intel 7260", None),
        ),
        batteries=(Battery("BAT0", model="DELL N5YH9", design_wh=65.0, full_wh=41.2),),
        unknown={"machine.sku": "not-reported"},
    )
