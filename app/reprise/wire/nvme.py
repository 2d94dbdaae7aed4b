"""NVMe admin commands as values, and what a drive answers to them.

Clauses are of the NVM Express Base Specification, revision 2.0 ("Base"), and of the NVM Command
Set Specification, revision 1.0 ("NVM"); all numbers are little-endian. Parsers raise ToolError
with a code, never anything else: what cannot be trusted is no answer.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import pairwise

from reprise.domain.capabilities import SanitizeState, Support
from reprise.domain.techniques import Technique
from reprise.errors import ToolError

ALL_NAMESPACES = 0xFFFF_FFFF  # Base 3.2.1.2, broadcast NSID
IDENTIFY_BYTES = 4096  # Base 5.17: every Identify data structure

# Base 5, figure "Opcodes for Admin Commands".
_GET_LOG_PAGE = 0x02
_IDENTIFY = 0x06
_FORMAT_NVM = 0x80
_SANITIZE = 0x84

# Base 5.17, CDW10 bits 07:00, Controller or Namespace Structure (CNS).
_CNS_NAMESPACE = 0x00
_CNS_CONTROLLER = 0x01
_CNS_ACTIVE = 0x02
_CNS_ALLOCATED = 0x10

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


@dataclass(frozen=True, slots=True)
class AdminCommand:
    """One admin command. `data_bytes`: how much the drive sends; nothing is ever sent to it."""

    name: str
    opcode: int
    namespace_id: int = 0
    cdw10: int = 0
    cdw11: int = 0
    data_bytes: int = 0

    @property
    def words(self) -> tuple[str, ...]:
        """For the evidence: what was sent, as hexadecimal words."""
        return (
            "NVMe",
            self.name,
            f"opcode={self.opcode:02x}",
            f"nsid={self.namespace_id:08x}",
            f"cdw10={self.cdw10:08x}",
            f"cdw11={self.cdw11:08x}",
        )


def identify_controller() -> AdminCommand:
    """Base 5.17, CNS 01h."""
    return _identify("Identify Controller", 0, _CNS_CONTROLLER)


def identify_namespace(namespace_id: int) -> AdminCommand:
    """NVM 4.1.5.1, CNS 00h."""
    return _identify("Identify Namespace", namespace_id, _CNS_NAMESPACE)


def active_namespaces() -> AdminCommand:
    """Base 5.17, CNS 02h: the NSIDs above 0 that this controller has attached."""
    return _identify("Identify Active Namespaces", 0, _CNS_ACTIVE)


def allocated_namespaces() -> AdminCommand:
    """Base 5.17, CNS 10h: the NSIDs above 0 of the whole subsystem; only where namespaces can be
    managed."""
    return _identify("Identify Allocated Namespaces", 0, _CNS_ALLOCATED)


def _identify(name: str, namespace_id: int, cns: int) -> AdminCommand:
    return AdminCommand(name, _IDENTIFY, namespace_id, cdw10=cns, data_bytes=IDENTIFY_BYTES)


def sanitize_status() -> AdminCommand:
    """Base 5.16, CDW10 bits 31:16 NUMDL (dwords, 0's based), bits 07:00 LID. The log belongs to
    the whole subsystem."""
    return AdminCommand(
        "Get Log Page Sanitize Status",
        _GET_LOG_PAGE,
        ALL_NAMESPACES,
        cdw10=(_SANITIZE_LOG_BYTES // 4 - 1) << 16 | _SANITIZE_LOG,
        data_bytes=_SANITIZE_LOG_BYTES,
    )


def sanitize(technique: Technique) -> AdminCommand:
    """Base 5.24: one of the three sanitize operations; an overwrite makes one pass of zeros
    (CDW11, Overwrite Pattern)."""
    cdw10 = SANITIZE_ACTIONS[technique] | _AUSE
    if technique is Technique.NVME_SANITIZE_OVERWRITE:
        cdw10 |= _ONE_PASS
    return AdminCommand("Sanitize", _SANITIZE, cdw10=cdw10)


def exit_failure_mode() -> AdminCommand:
    """Base 5.24, SANACT 001b: only a sanitize that was started with AUSE can be left this way."""
    return AdminCommand("Sanitize Exit Failure Mode", _SANITIZE, cdw10=_EXIT_FAILURE_MODE)


@dataclass(frozen=True, slots=True)
class Controller:
    """Identify Controller (Base 5.17, CNS 01h). Capacities in bytes, None where not told."""

    serial: str  # SN, bytes 23:04
    model: str  # MN, bytes 63:24
    oacs: int  # bytes 257:256
    sanicap: int  # bytes 331:328
    fna: int  # byte 524
    number_of_namespaces: int  # NN, bytes 519:516
    total_bytes: int | None  # TNVMCAP, bytes 295:280
    unallocated_bytes: int | None  # UNVMCAP, bytes 311:296

    @property
    def formats(self) -> Support:
        return _bit(self.oacs, 1)

    @property
    def manages_namespaces(self) -> bool:
        return bool(self.oacs & 1 << 3)

    @property
    def format_reaches_all(self) -> bool:
        """FNA bit 0 (any format) or bit 1 (a secure erase): all namespaces are hit."""
        return bool(self.fna & 0b011)

    @property
    def takes_broadcast(self) -> bool:
        """FNA bit 3 is set where Format NVM does not know NSID FFFFFFFFh."""
        return not self.fna & 1 << 3

    def fna_bit(self, number: int) -> Support:
        return _bit(self.fna, number)

    def sanicap_bit(self, number: int) -> Support:
        return _bit(self.sanicap, number)


def _bit(value: int, number: int) -> Support:
    return Support.YES if value >> number & 1 else Support.NO


def parse_controller(data: bytes) -> Controller:
    """Raises ToolError where this cannot be a controller's own data."""
    if len(data) != IDENTIFY_BYTES:
        raise ToolError(f"identify-controller: {len(data)} bytes")
    serial, model = _ascii(data[4:24]), _ascii(data[24:64])
    oacs = _number(data, 256, 2)
    total, unallocated = _number(data, 280, 16), _number(data, 296, 16)
    told = bool(oacs & 1 << 3) or total or unallocated  # only due with namespace management
    return Controller(
        serial=serial,
        model=model,
        oacs=oacs,
        sanicap=_number(data, 328, 4),
        fna=data[524],
        number_of_namespaces=_number(data, 516, 4),
        total_bytes=total or None,
        unallocated_bytes=unallocated if told else None,
    )


def _ascii(data: bytes) -> str:
    """Base 1.5, ASCII strings: 20h to 7Eh, padded with spaces (some firmware pads with NUL)."""
    text = data.rstrip(b"\0")
    if not all(0x20 <= value <= 0x7E for value in text):
        raise ToolError("identify-controller: SN or MN is no text")
    found = text.decode("ascii").strip()
    if not found:
        raise ToolError("identify-controller: SN or MN is empty")
    return found


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
    if not _number(data, 0, 8):
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


def parse_namespace_list(data: bytes) -> tuple[int, ...]:
    """Base 5.17, Namespace List: up to 1,024 NSIDs, rising, then zeros. Raises ToolError."""
    if len(data) != IDENTIFY_BYTES:
        raise ToolError(f"namespace-list: {len(data)} bytes")
    entries = [_number(data, at, 4) for at in range(0, IDENTIFY_BYTES, 4)]
    found = tuple(entry for entry in entries if entry)
    rising = all(one < two for one, two in pairwise(found))
    if any(entries[len(found) :]) or not rising or ALL_NAMESPACES in found:
        raise ToolError("namespace-list: not rising")
    return found


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


def parse_sanitize_status(data: bytes) -> SanitizeStatus:
    """Raises ToolError where the log is too short to be one."""
    if len(data) != _SANITIZE_LOG_BYTES:
        raise ToolError(f"sanitize-status: {len(data)} bytes")
    told = {technique: _number(data, at, 4) for technique, at in _ESTIMATES.items()}
    return SanitizeStatus(
        progress=_number(data, 0, 2),
        sstat=_number(data, 2, 2),
        cdw10=_number(data, 4, 4),
        estimates={name: value for name, value in told.items() if value != _NOT_TOLD},
    )


def _number(data: bytes, at: int, length: int) -> int:
    return int.from_bytes(data[at : at + length], "little")
