"""Made-up drives and PCs for every suite: each names only what matters to it."""

from __future__ import annotations

from dataclasses import replace

from reprise.domain.drives.boot_medium import BootMedium
from reprise.domain.erasure.pattern import Stream
from reprise.domain.pc.hardware import (
    Drive,
    DriveIdentity,
    Health,
    Inventory,
    Machine,
    MediaKind,
    Memory,
    Partition,
    Processor,
    SmartFacts,
    Transport,
)
from station_kit.facts import with_facts


def drive(**changes: object) -> Drive:
    """A plain internal hard disk; `changes` are fields of Drive."""
    facts: dict[str, object] = {
        "identity": DriveIdentity(
            model="M", serial="S1", wwn="0x5000c500a1b2c3d4", size_bytes=1 << 39
        ),
        "node": "/dev/sda",
        "transport": Transport.SATA,
        "media": MediaKind.HDD,
        "logical_sector_bytes": 512,
        "physical_sector_bytes": 4096,
        "read_only": False,
        "removable": False,
        "boot": BootMedium(is_boot=False),
    }
    return Drive(**facts | changes)  # type: ignore[arg-type]


def pc(*drives: Drive, **facts: object) -> Inventory:
    """A PC of which nothing else is known; `facts` are fields of Inventory."""
    bare: dict[str, object] = {
        "machine": Machine(),
        "processor": Processor(),
        "memory": Memory(),
        "drives": drives,
    }
    return Inventory(**bare | facts)  # type: ignore[arg-type]


def hdd(number: int = 1, /, **changes: object) -> Drive:
    made = drive(
        identity=DriveIdentity(
            model="ST500LM021-1KJ152",
            serial=f"W62A{number:04d}",
            wwn=f"0x5000c500{number:08x}",
            size_bytes=500_107_862_016,
        ),
        node=f"/dev/sd{chr(ord('a') + number - 1)}",
        vendor="Seagate",
        firmware="0002LIM1",
        rotation_rpm=7200,
        smart=SmartFacts(
            health=Health.PASSED, temperature_c=34, power_on_hours=14_211, reallocated_sectors=0
        ),
        partition_table="gpt",
        partitions=(
            Partition("/dev/sda1", 104_857_600, "vfat"),
            Partition("/dev/sda2", 499_000_000_000, "ntfs"),
        ),
    )
    return with_facts(made, **changes)


def nvme(**changes: object) -> Drive:
    made = drive(
        identity=DriveIdentity(
            model="SAMSUNG MZVLB256HAHQ-000L7",
            serial="S41GNX0M123456",
            wwn="eui.0025388b91b1a1c2",
            size_bytes=256_060_514_304,
        ),
        node="/dev/nvme0n1",
        transport=Transport.NVME,
        media=MediaKind.SSD,
        physical_sector_bytes=512,
        vendor="Samsung",
        firmware="4L2QEXD7",
        smart=SmartFacts(health=Health.PASSED, power_on_hours=3_020, percentage_used=4),
        partition_table="gpt",
        unknown={"rotation_rpm": "not-supported"},
    )
    return with_facts(made, **changes)


def stick() -> Drive:
    return replace(
        hdd(9),
        identity=DriveIdentity(
            model="Cruzer Blade", serial="4C530001230523115225", size_bytes=15_376_000_000
        ),
        transport=Transport.USB,
        media=MediaKind.FLASH,
        removable=True,
        vendor="SanDisk",
        rotation_rpm=None,
        boot=BootMedium(is_boot=True, how="mounted-live-medium"),
    )


def aes() -> Stream:
    """What this PC makes fastest."""
    return Stream.AES_256_CTR
