"""NVMe admin commands as values; who a controller is and which namespaces it has.

Clauses are of the NVM Express Base Specification, revision 2.0 ("Base"), and of the NVM Command
Set Specification, revision 1.0 ("NVM"); all numbers are little-endian. Parsers raise ToolError
with a code, never anything else: what cannot be trusted is no answer.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

from reprise.domain.drives.capabilities import Support
from reprise.errors import ToolError

ALL_NAMESPACES = 0xFFFF_FFFF  # Base 3.2.1.2, broadcast NSID
IDENTIFY_BYTES = 4096  # Base 5.17: every Identify data structure

# Base 5, figure "Opcodes for Admin Commands".
GET_LOG_PAGE = 0x02
_IDENTIFY = 0x06
_NAMESPACE_ATTACHMENT = 0x15

SUPPORTED_LOGS_BYTES = 1024
_LOG_BOOT_PARTITION = 0x15

# Base 5.17, CDW10 bits 07:00, Controller or Namespace Structure (CNS).
_CNS_NAMESPACE = 0x00
_CNS_CONTROLLER = 0x01
_CNS_ACTIVE = 0x02
_CNS_ALLOCATED = 0x10


@dataclass(frozen=True, slots=True)
class AdminCommand:
    """One admin command. `data_bytes`: how much the drive sends; `payload`: what is sent to it."""

    name: str
    opcode: int
    namespace_id: int = 0
    cdw10: int = 0
    cdw11: int = 0
    data_bytes: int = 0
    payload: bytes = b""

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


def supported_logs() -> AdminCommand:
    """Base 5.16.1.1, log 00h: 256 entries of 4 bytes, bit 0 LSUPP. CDW10: NUMDL in bits 31:16."""
    return AdminCommand(
        "Get Log Page: Supported Log Pages",
        GET_LOG_PAGE,
        ALL_NAMESPACES,
        cdw10=(SUPPORTED_LOGS_BYTES // 4 - 1) << 16,
        data_bytes=SUPPORTED_LOGS_BYTES,
    )


def parse_boot_partitions(data: bytes) -> Support:
    """Of Supported Log Pages: log 15h, Boot Partition (Base 5.16.1.22), is there where the
    controller has them (CAP.BPS). Raises ToolError."""
    if len(data) != SUPPORTED_LOGS_BYTES or not data[0] & 1:  # it supports this very log
        raise ToolError("supported-logs: not a list")
    return _bit(data[4 * _LOG_BOOT_PARTITION], 0)


def attach_namespace(namespace_id: int, controller_id: int) -> AdminCommand:
    """Base 5.20, SEL 0h (Controller Attach): from now on this controller has the namespace."""
    return _attachment("Namespace Attachment: attach", namespace_id, controller_id, 0)


def detach_namespace(namespace_id: int, controller_id: int) -> AdminCommand:
    """Base 5.20, SEL 1h (Controller Detach)."""
    return _attachment("Namespace Attachment: detach", namespace_id, controller_id, 1)


def _attachment(name: str, namespace_id: int, controller_id: int, select: int) -> AdminCommand:
    """The data is a Controller List (Base 4.4.1): how many identifiers follow, then these."""
    listed = (1).to_bytes(2, "little") + controller_id.to_bytes(2, "little")
    return AdminCommand(
        name,
        _NAMESPACE_ATTACHMENT,
        namespace_id,
        cdw10=select,
        payload=listed.ljust(IDENTIFY_BYTES, b"\0"),
    )


def _identify(name: str, namespace_id: int, cns: int) -> AdminCommand:
    return AdminCommand(name, _IDENTIFY, namespace_id, cdw10=cns, data_bytes=IDENTIFY_BYTES)


@dataclass(frozen=True, slots=True)
class Controller:
    """Identify Controller (Base 5.17, CNS 01h). Capacities in bytes, None where not told."""

    serial: str  # SN, bytes 23:04
    model: str  # MN, bytes 63:24
    controller_id: int  # CNTLID, bytes 79:78
    oacs: int  # bytes 257:256
    sanicap: int  # bytes 331:328
    fna: int  # byte 524
    version: int  # VER, bytes 83:80: major in 31:16, minor in 15:08; 0 before 1.2
    rpmbs: int  # bytes 315:312
    number_of_namespaces: int  # NN, bytes 519:516
    total_bytes: int | None  # TNVMCAP, bytes 295:280
    unallocated_bytes: int | None  # UNVMCAP, bytes 311:296

    @property
    def formats(self) -> Support:
        return _bit(self.oacs, 1)

    @property
    def namespace_management(self) -> Support:
        return _bit(self.oacs, 3)

    @property
    def replay_protected(self) -> Support:
        """RPMBS bits 2:0, the number of RPMB units."""
        return Support.YES if self.rpmbs & 0b111 else Support.NO

    @property
    def tells_its_logs(self) -> bool:
        """The Supported Log Pages log came with revision 2.0, and is mandatory there."""
        return self.version >= 0x0002_0000

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
    oacs = number(data, 256, 2)
    total, unallocated = number(data, 280, 16), number(data, 296, 16)
    told = bool(oacs & 1 << 3) or total or unallocated  # only due with namespace management
    return Controller(
        serial=serial,
        model=model,
        controller_id=number(data, 78, 2),
        oacs=oacs,
        sanicap=number(data, 328, 4),
        fna=data[524],
        version=number(data, 80, 4),
        rpmbs=number(data, 312, 4),
        number_of_namespaces=number(data, 516, 4),
        total_bytes=total or None,
        unallocated_bytes=unallocated if told else None,
    )


def _ascii(data: bytes) -> str:
    """Base 1.5, ASCII strings: 20h to 7Eh, padded with spaces (some firmware pads with NUL)."""
    text = data.rstrip(b"\0")
    if not all(0x20 <= value <= 0x7E for value in text):
        raise ToolError("identify-controller: SN or MN is no text")
    trimmed = text.decode("ascii").strip()
    if not trimmed:
        raise ToolError("identify-controller: SN or MN is empty")
    return trimmed


@dataclass(frozen=True, slots=True)
class Namespace:
    """Identify Namespace (NVM 4.1.5.1, CNS 00h). `address`: NGUID, else EUI-64, in hex; "" where it
    has neither."""

    size_bytes: int
    address: str


def parse_namespace(data: bytes) -> Namespace:
    """Raises ToolError where this cannot be an active namespace's own data."""
    if len(data) != IDENTIFY_BYTES:
        raise ToolError(f"identify-namespace: {len(data)} bytes")
    flbas = data[26]  # bits 3:0, and 6:5 above them where there are more than 16 formats
    used = flbas & 0xF | (flbas >> 5 & 0b11) << 4 if data[25] > 15 else flbas & 0xF
    shift = data[128 + 4 * used + 2]  # LBADS: a power of two
    blocks = number(data, 0, 8)  # NSZE
    if not blocks or not 9 <= shift <= 16:
        raise ToolError(f"identify-namespace: nsze={blocks:#x} lbads={shift}")
    names = (data[104:120], data[120:128])  # NGUID, EUI-64: zeros where there is none
    return Namespace(blocks << shift, next((name.hex() for name in names if any(name)), ""))


def parse_namespace_list(data: bytes) -> tuple[int, ...]:
    """Base 5.17, Namespace List: up to 1,024 NSIDs, rising, then zeros. Raises ToolError."""
    if len(data) != IDENTIFY_BYTES:
        raise ToolError(f"namespace-list: {len(data)} bytes")
    entries = [number(data, at, 4) for at in range(0, IDENTIFY_BYTES, 4)]
    ids = tuple(entry for entry in entries if entry)
    rising = all(before < after for before, after in pairwise(ids))
    if any(entries[len(ids) :]) or not rising or ALL_NAMESPACES in ids:
        raise ToolError("namespace-list: not rising")
    return ids


def number(data: bytes, at: int, length: int) -> int:
    """`length` bytes, little-endian."""
    return int.from_bytes(data[at : at + length], "little")
