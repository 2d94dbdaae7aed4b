"""What an emulated NVMe drive is, can do, and gets wrong. All times in seconds."""

from __future__ import annotations

import enum
import zlib
from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass, field

from lab.nvme.codes import Fna, Oacs, Sanicap, SanitizeStatus

LBA_FORMATS = (512, 4096)  # bytes; the index is the LBA format


class NvmeFault(enum.Enum):
    """How the drive lies or fails."""

    FORMAT_LIES = "Format NVM succeeds and erases nothing"
    FORMAT_HALF = "Format NVM succeeds and erases the first half"
    FORMAT_UNMAPS_ONLY = "Format NVM succeeds, reads give zeros, the cells keep everything"
    FORMAT_LEAVES_SPARE = "Format NVM succeeds and leaves the spare area"
    FORMAT_ONE_ONLY = "Format NVM is announced to be for all namespaces and does one"
    SANITIZE_LIES = "Sanitize runs, succeeds and erases nothing"
    SANITIZE_HALF = "Sanitize runs, succeeds and erases the first half"
    SANITIZE_UNMAPS_ONLY = "Sanitize succeeds, reads give zeros, the cells keep everything"
    SANITIZE_LEAVES_SPARE = "Sanitize succeeds and leaves the spare area"
    SANITIZE_LEAVES_DETACHED = "Sanitize succeeds and leaves what no controller is attached to"
    SANITIZE_CLEARS = "Sanitize succeeds where a purge was required, and tells that it cleared"
    SANITIZE_STUCK = "Sanitize stays at SPROG 655 and never ends, power cut or not"
    SANITIZE_FAILS_HALFWAY = "Sanitize fails at 50 %, the first half is erased"
    SANITIZE_FAILS_KEEPS_DATA = "Sanitize fails at 50 %, nothing is erased"
    SANITIZE_IGNORED = "Sanitize is accepted and never starts: the status log does not change"
    SANITIZE_FORGOTTEN = "a power cut ends the sanitize operation; the log says that none ever was"
    NO_SANITIZE_LOG = "the Sanitize Status log is refused"
    CHANGES_SERIAL = "another serial number after an erase that succeeded"


@dataclass(frozen=True)
class NamespaceConfig:
    """`unreadable`: LBAs that give Unrecovered Read Error. `content`: from the first byte on."""

    nsid: int = 1
    mib: int = 16
    sector_bytes: int = 512
    spare_sectors: int = 2048  # of 512 bytes
    attached: bool = True
    write_protected: bool = False
    unreadable: Set[int] = frozenset()
    content: bytes = b""


@dataclass(frozen=True)
class History:
    """The Sanitize Status log at the start: an operation from before our time."""

    status: SanitizeStatus = SanitizeStatus.NEVER
    cdw10: int = 0


@dataclass(frozen=True)
class NvmeConfig:
    """`refuse`: admin opcode -> status. `hang`: admin opcode -> seconds before it is carried out.
    `sanitize_s` is for one pass. `unallocated_mib`: capacity that no namespace has; it holds
    `unallocated_content` from its first byte on."""

    serial: str = "LABNVME0001"
    model: str = "Lab NVMe Drive"
    firmware: str = "LAB1.0"
    namespaces: Sequence[NamespaceConfig] = (NamespaceConfig(),)
    unallocated_mib: int = 0
    unallocated_content: bytes = b""
    oacs: Oacs = Oacs.FORMAT | Oacs.NAMESPACE_MANAGEMENT
    fna: Fna = Fna.CRYPTO
    sanicap: Sanicap = Sanicap.CRYPTO_ERASE | Sanicap.BLOCK_ERASE | Sanicap.OVERWRITE
    dlfeat: int = 1  # deallocated blocks read as zeros (NVM 4.1.5.1)
    format_s: float = 0.0
    sanitize_s: float = 2.0
    # Sanitize Status log: overwrite, block erase, crypto erase; FFFFFFFFh is "not reported".
    sanitize_estimates_s: tuple[int, int, int] = (2, 2, 2)
    history: History = History()
    faults: Set[NvmeFault] = frozenset()
    refuse: Mapping[int, int] = field(default_factory=dict)
    hang: Mapping[int, float] = field(default_factory=dict)

    @property
    def subnqn(self) -> str:
        return f"nqn.2014-08.org.example:lab:{self.serial}"

    def nguid(self, nsid: int) -> bytes:
        """16 bytes, the same for the same serial."""
        half = zlib.crc32(self.serial.encode()).to_bytes(4, "big")
        return half * 2 + bytes.fromhex("feedfa") + b"\0" + nsid.to_bytes(4, "big")
