"""What an emulated ATA drive is, can do, and gets wrong. All times in seconds."""

from __future__ import annotations

import enum
import zlib
from collections.abc import Mapping, Set
from dataclasses import dataclass, field

from lab.faults import Fault
from lab.media import Kind


class Feature(enum.Flag):
    """Feature sets and commands that IDENTIFY DEVICE announces."""

    SMART = enum.auto()
    SECURITY = enum.auto()
    ENHANCED_ERASE = enum.auto()
    HPA = enum.auto()
    DCO = enum.auto()
    AMAC = enum.auto()  # never together with HPA (ACS-3 4.2)
    BLOCK_ERASE = enum.auto()
    CRYPTO_SCRAMBLE = enum.auto()
    OVERWRITE = enum.auto()
    ANTIFREEZE = enum.auto()
    TRIM = enum.auto()
    WRITE_CACHE = enum.auto()  # volatile cache on: a suspend with it hung the guest


_COMMON = Feature.SMART | Feature.SECURITY | Feature.ENHANCED_ERASE
HDD = _COMMON | Feature.HPA | Feature.DCO | Feature.OVERWRITE
SSD = (
    _COMMON
    | Feature.HPA
    | Feature.BLOCK_ERASE
    | Feature.CRYPTO_SCRAMBLE
    | Feature.ANTIFREEZE
    | Feature.TRIM
)


@dataclass(frozen=True)
class Security:
    """The security feature set at power-on. A `user_password` makes the drive start locked."""

    user_password: bytes | None = None
    master_password: bytes = b" " * 32
    maximum: bool = False
    frozen: bool = False  # by the firmware of the PC, at each power-on
    thaws_on_resume: bool = True  # False: suspend does not cut this drive's power
    erase_minutes: int = 2  # IDENTIFY DEVICE word 89 says this, whatever `erase_s` is
    enhanced_minutes: int = 2


@dataclass(frozen=True)
class Smart:
    """SMART attributes by number: raw value. `failing`: RETURN STATUS says threshold exceeded."""

    failing: bool = False
    raw: Mapping[int, int] = field(
        default_factory=lambda: {5: 0, 9: 12_345, 12: 678, 194: 31, 197: 0, 198: 0, 199: 0}
    )


@dataclass(frozen=True)
class AtaConfig:
    """`sectors` is the true size; the hidden areas are taken from its end: what the host sees is
    sectors - dco_sectors - (hpa_sectors or amac_sectors)."""

    serial: str = "LAB0001"
    model: str = "REPRISE LAB ATA"
    firmware: str = "LAB1.0"
    kind: Kind = "hdd"
    sectors: int = 65_536
    sector_bytes: int = 512
    physical_sector_bytes: int = 4096
    spare_sectors: int = 2048
    features: Feature | None = None  # None: HDD or SSD, by kind
    hpa_sectors: int = 0
    dco_sectors: int = 0
    amac_sectors: int = 0
    # A restore of the configuration raises what READ NATIVE MAX tells, and leaves the limit that a
    # non-volatile SET MAX gave; one that asks for the limit that is kept, not for that of now.
    restore_keeps_max: bool = False
    restore_asks_kept: bool = False
    security: Security = Security()
    smart: Smart = field(default_factory=Smart)
    sanitize_s: float = 1.0
    erase_s: float = 0.5
    sanitize_frozen: bool = False  # by the firmware of the PC, at each power-on
    faults: Set[Fault] = frozenset()
    missed_sectors: int = 256  # what SANITIZE_MISSES_END leaves
    bad_reads: tuple[range, ...] = ()  # LBAs that give a medium error
    bad_writes: tuple[range, ...] = ()
    hang_s: Mapping[int, float] = field(default_factory=dict)  # command code: how long it hangs

    @property
    def can(self) -> Feature:
        if self.features is not None:
            return self.features
        chosen = HDD if self.kind == "hdd" else SSD
        return (chosen & ~Feature.HPA | Feature.AMAC) if self.amac_sectors else chosen

    @property
    def wwn(self) -> int:
        """NAA 5 (IEEE registered), a made-up company, and the serial number's CRC."""
        return 0x5 << 60 | 0x00_0C_50 << 36 | zlib.crc32(self.serial.encode())
