"""NVMe Format NVM, Sanitize, and the Sanitize Status log.

Clauses: see reprise.wire.nvme.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from reprise.domain.drives.capabilities import SanitizeState
from reprise.domain.planning.techniques import Technique
from reprise.errors import ToolError
from reprise.wire.nvme import (
    ALL_NAMESPACES,
    GET_LOG_PAGE,
    IDENTIFY_BYTES,
    AdminCommand,
    number,
)

# Base 5, figure "Opcodes for Admin Commands".
_FORMAT_NVM = 0x80
_SANITIZE = 0x84

_SANITIZE_LOG = 0x81  # Base 5.16.1, Sanitize Status log page
_SANITIZE_LOG_BYTES = 512

# Base 5.14, Format NVM, CDW10 bits 11:09, Secure Erase Settings (SES).
SECURE_ERASE_SETTINGS: Mapping[Technique, int] = {
    Technique.NVME_FORMAT_USER_DATA: 0b001,
    Technique.NVME_FORMAT_CRYPTO: 0b010,
}
# Base 5.24, Sanitize, CDW10 bits 02:00, Sanitize Action (SANACT).
_EXIT_FAILURE_MODE = 0b001
SANITIZE_ACTIONS: Mapping[Technique, int] = {
    Technique.NVME_SANITIZE_BLOCK: 0b010,
    Technique.NVME_SANITIZE_OVERWRITE: 0b011,
    Technique.NVME_SANITIZE_CRYPTO: 0b100,
}
# Base 5.24, CDW10 bit 03, Allow Unrestricted Sanitize Exit: without it a drive whose sanitize
# failed accepts nothing but another sanitize, and no fallback could ever write to it.
_AUSE = 1 << 3
# Base 5.24, CDW10 bits 07:04, Overwrite Pass Count: 0 would mean 16 passes.
_ONE_PASS = 1 << 4
# CDW10 bit 11, Purge Required (PREQ), where SANICAP has bit 5 (SPRRS): purge as IEEE 2883 has it,
# or fail. SSTAT bit 11, Purged (PRGD), is the answer; without PREQ it stays 0, and the drive may
# only have cleared. Later than Base 2.0: nvme-log-sanitize(1), libnvme's NVME_CTRL_SANICAP_SPRRS.
_PURGE_REQUIRED = 1 << 11
_PURGED = 1 << 11

# Base 5.16.1, Sanitize Status log: estimated times, seconds, byte offsets.
_ESTIMATES = {
    Technique.NVME_SANITIZE_OVERWRITE: 8,
    Technique.NVME_SANITIZE_BLOCK: 12,
    Technique.NVME_SANITIZE_CRYPTO: 16,
}
_NOT_TOLD = 0xFFFF_FFFF

# Base 5.16.1, SSTAT bits 02:00. 100b: succeeded, but blocks were deallocated although the
# command asked for the contrary (ours does not ask).
_STATES = {
    0b000: SanitizeState.IDLE,
    0b001: SanitizeState.SUCCEEDED,
    0b010: SanitizeState.RUNNING,
    0b011: SanitizeState.FAILED,
    0b100: SanitizeState.SUCCEEDED,
}
_GLOBAL_DATA_ERASED = 1 << 8  # Base 5.16.1, SSTAT bit 08


@dataclass(frozen=True, slots=True)
class LbaFormat:
    """How the sectors of a namespace look: what Format NVM must be given so as to change none of
    it."""

    index: int  # 0..63
    metadata_extended: bool  # metadata at the end of each sector, not in a buffer of its own
    protection_type: int  # 0 (none) to 3
    protection_first: bool  # protection information in the first bytes of the metadata

    def cdw10(self, secure_erase: int) -> int:
        """Base 5.14, Format NVM, CDW10: LBAFL 03:00, MSET 04, PI 07:05, PIL 08, SES 11:09, LBAFU
        13:12."""
        return (
            self.index & 0xF
            | self.metadata_extended << 4
            | self.protection_type << 5
            | self.protection_first << 8
            | secure_erase << 9
            | (self.index >> 4) << 12
        )


def parse_lba_format(data: bytes) -> LbaFormat:
    """Identify Namespace (NVM 4.1.5.1): NLBAF byte 25, FLBAS byte 26, DPS byte 29, NULBAF byte 82.

    FLBAS bits 06:05 are the upper bits of the index only where there are more than 16 formats.
    Raises ToolError where the format in use is not one of those listed.
    """
    if len(data) != IDENTIFY_BYTES:
        raise ToolError(f"identify-namespace: {len(data)} bytes")
    if not number(data, 0, 8):
        raise ToolError("identify-namespace: inactive")
    formats = data[25] + 1 + data[82]
    flbas, dps = data[26], data[29]
    index = flbas & 0xF
    if formats > 16:
        index |= (flbas >> 5 & 0b11) << 4
    if index >= formats or formats > 64:
        raise ToolError("identify-namespace: FLBAS names no listed format")
    if not data[128 + 4 * index + 2]:  # LBADS 0: the format is not there
        raise ToolError("identify-namespace: FLBAS names an empty format")
    if dps & 0b111 > 3:
        raise ToolError("identify-namespace: DPS is reserved")
    return LbaFormat(index, bool(flbas & 1 << 4), dps & 0b111, bool(dps & 1 << 3))


def format_nvm(namespace_id: int, lba_format: LbaFormat, technique: Technique) -> AdminCommand:
    """Base 5.14: erase, and keep the sectors as they are."""
    return AdminCommand(
        "Format NVM",
        _FORMAT_NVM,
        namespace_id,
        cdw10=lba_format.cdw10(SECURE_ERASE_SETTINGS[technique]),
    )


def sanitize_status() -> AdminCommand:
    """Base 5.16, CDW10 bits 31:16 NUMDL (dwords, 0's based), bits 07:00 LID. The log belongs to
    the whole subsystem."""
    return AdminCommand(
        "Get Log Page Sanitize Status",
        GET_LOG_PAGE,
        ALL_NAMESPACES,
        cdw10=(_SANITIZE_LOG_BYTES // 4 - 1) << 16 | _SANITIZE_LOG,
        data_bytes=_SANITIZE_LOG_BYTES,
    )


def sanitize(
    technique: Technique, *, restricted: bool = False, purge: bool = False
) -> AdminCommand:
    """Base 5.24: one of the three sanitize operations; an overwrite makes one pass of zeros
    (CDW11, Overwrite Pattern). `restricted`: AUSE is 0, the only kind that a drive takes after a
    restricted one has failed (Base 8.21). `purge`: PREQ, for a drive that has SPRRS."""
    cdw10 = SANITIZE_ACTIONS[technique] | (0 if restricted else _AUSE)
    if purge:
        cdw10 |= _PURGE_REQUIRED
    if technique is Technique.NVME_SANITIZE_OVERWRITE:
        cdw10 |= _ONE_PASS
    return AdminCommand("Sanitize", _SANITIZE, cdw10=cdw10)


def exit_failure_mode() -> AdminCommand:
    """Base 5.24, SANACT 001b: only a sanitize that was started with AUSE can be left this way."""
    return AdminCommand("Sanitize Exit Failure Mode", _SANITIZE, cdw10=_EXIT_FAILURE_MODE)


@dataclass(frozen=True, slots=True)
class SanitizeStatus:
    """Sanitize Status log (Base 5.16.1). `estimates`: seconds, only those that the drive told."""

    progress: int  # SPROG, bytes 01:00: 65,536ths
    sstat: int  # SSTAT, bytes 03:02
    cdw10: int  # SCDW10, bytes 07:04: of the command that this is about
    estimates: Mapping[Technique, int] = field(default_factory=dict)

    @property
    def state(self) -> SanitizeState:
        return _STATES.get(self.sstat & 0b111, SanitizeState.UNKNOWN)

    @property
    def words(self) -> tuple[int, int, int]:
        """All that changes when a sanitize operation starts, moves or ends."""
        return self.progress, self.sstat, self.cdw10

    @property
    def only_cleared(self) -> bool:
        """Its command asked for a purge or a failure, and the drive tells of no purge."""
        return bool(self.cdw10 & _PURGE_REQUIRED) and not self.sstat & _PURGED

    @property
    def untouched_since(self) -> bool:
        """The drive says that no user data was written since its last successful sanitize."""
        return bool(self.sstat & _GLOBAL_DATA_ERASED)

    @property
    def rewritten(self) -> SanitizeStatus:
        """The same log after user data was written: that is all that its Global Data Erased bit
        falls for."""
        return replace(self, sstat=self.sstat & ~_GLOBAL_DATA_ERASED)


def parse_sanitize_status(data: bytes) -> SanitizeStatus:
    """Raises ToolError where the log is too short to be one."""
    if len(data) != _SANITIZE_LOG_BYTES:
        raise ToolError(f"sanitize-status: {len(data)} bytes")
    told = {technique: number(data, at, 4) for technique, at in _ESTIMATES.items()}
    return SanitizeStatus(
        progress=number(data, 0, 2),
        sstat=number(data, 2, 2),
        cdw10=number(data, 4, 4),
        estimates={name: value for name, value in told.items() if value != _NOT_TOLD},
    )
