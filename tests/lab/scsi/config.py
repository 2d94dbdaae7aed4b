"""What an emulated SCSI or SAS drive is, can do, and gets wrong. All times in seconds."""

from __future__ import annotations

import zlib
from collections.abc import Mapping, Set
from dataclasses import dataclass, field

from lab.faults import Fault
from lab.media import Kind

OVERWRITE, BLOCK_ERASE, CRYPTO, EXIT_FAILURE = 0x01, 0x02, 0x03, 0x1F  # SBC-4 5.30.1


@dataclass(frozen=True)
class ScsiConfig:
    """`sanitizes`: which service actions of SANITIZE the drive has (EXIT FAILURE MODE comes with
    any of them)."""

    serial: str = "LABS001"
    vendor: str = "REPRISE"
    product: str = "LAB SCSI"
    revision: str = "S1.0"
    kind: Kind = "hdd"
    sectors: int = 65_536
    sector_bytes: int = 512
    physical_sector_bytes: int = 4096
    spare_sectors: int = 2048
    sanitizes: Set[int] = frozenset({OVERWRITE, BLOCK_ERASE, CRYPTO})
    sanitize_s: float = 1.0
    unmaps: bool = False
    temperature_c: int = 33
    faults: Set[Fault] = frozenset()
    missed_sectors: int = 256
    bad_reads: tuple[range, ...] = ()
    bad_writes: tuple[range, ...] = ()
    hang_s: Mapping[int, float] = field(default_factory=dict)  # operation code: how long
    hides_capacity: bool = False  # True: READ CAPACITY is refused while a sanitize runs
    reports_opcodes: bool = True  # False: REPORT SUPPORTED OPERATION CODES is not there

    @property
    def wwn(self) -> int:
        return 0x5 << 60 | 0x00_0C_50 << 36 | zlib.crc32(self.serial.encode())
