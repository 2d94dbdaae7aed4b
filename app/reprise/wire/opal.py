"""TCG Storage: Level 0 Discovery, and the password that is printed on a drive's label.

Clauses are of the TCG Storage Architecture Core Specification 2.01 ("Core"), the Opal, Pyrite and
Enterprise SSCs and the PSID feature set; numbers are big-endian. Parsers raise ToolError with a
code, never anything else.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum

from reprise.domain.drives.capabilities import Support
from reprise.errors import ToolError

# Core, Level 0 Discovery: IF-RECV with security protocol 01h and ComID 0001h.
DISCOVERY_PROTOCOL, DISCOVERY_COMID = 0x01, 0x0001
DISCOVERY_BYTES = 2048  # what <block/sed-opal.c> asks for; no drive known sends more
_HEADER_BYTES = 48


class Feature(IntEnum):
    """Feature codes of Level 0 Discovery (Core; SSC documents)."""

    TPER = 0x0001
    LOCKING = 0x0002
    ENTERPRISE = 0x0100
    OPAL_1 = 0x0200
    OPAL_2 = 0x0203
    OPALITE = 0x0301
    PYRITE_1 = 0x0302
    PYRITE_2 = 0x0303
    RUBY = 0x0304


# The SSCs that demand that all user data is encrypted; Pyrite demands only that it is locked, and
# its revert may leave every byte where it was.
_ENCRYPTING = frozenset({Feature.OPAL_1, Feature.OPAL_2, Feature.OPALITE, Feature.RUBY})
_PYRITE = frozenset({Feature.PYRITE_1, Feature.PYRITE_2})
# Those that the kernel can open a session with (block/sed-opal.c, opal_discovery0_end).
_KERNEL_KNOWS = frozenset({Feature.OPAL_1, Feature.OPAL_2})

# Core, Locking feature descriptor, byte 4.
_ENABLED, _LOCKED, _MEDIA_ENCRYPTION = 1 << 1, 1 << 2, 1 << 3

# Core, status codes of a method; what <block/sed-opal.c> hands through as a positive number.
_STATUS = {
    0x00: "SUCCESS",
    0x01: "NOT_AUTHORIZED",
    0x03: "SP_BUSY",
    0x04: "SP_FAILED",
    0x05: "SP_DISABLED",
    0x06: "SP_FROZEN",
    0x07: "NO_SESSIONS_AVAILABLE",
    0x0C: "INVALID_PARAMETER",
    0x0F: "TPER_MALFUNCTION",
    0x10: "TRANSACTION_FAILURE",
    0x12: "AUTHORITY_LOCKED_OUT",
    0x3F: "FAIL",
}
NOT_AUTHORIZED, AUTHORITY_LOCKED_OUT = 0x01, 0x12

PSID_LENGTH = 32  # PSID feature set, as printed by every maker


def status_name(code: int) -> str:
    return _STATUS.get(code, f"status {code:02X}h")


@dataclass(frozen=True, slots=True)
class Discovery:
    """`features` as the drive lists them; the locking bits are None where it lists no locking."""

    features: frozenset[int]
    enabled: bool | None = None  # the Locking SP is activated: somebody may have set a password
    locked: bool | None = None
    encrypts: bool | None = None

    @property
    def revertible(self) -> Support:
        """Whether a revert by PSID is known to throw away the key of all user data, through the
        means that this kernel has."""
        if self.features & _KERNEL_KNOWS and self.encrypts:
            return Support.YES
        if self.features & _ENCRYPTING or Feature.ENTERPRISE in self.features:
            return Support.UNKNOWN
        return Support.NO

    @property
    def opened(self) -> Support:
        """Whether it can be locked and is open now: without power it locks itself (Core, Locking
        table, LockOnReset: a power cycle unless the owner chose otherwise, which only they see)."""
        if self.enabled is None or self.locked is None:
            return Support.NO
        return Support.YES if self.enabled and not self.locked else Support.NO

    @property
    def words(self) -> str:
        """For the evidence."""
        codes = " ".join(f"{code:04x}" for code in sorted(self.features)) or "none"
        pyrite = " pyrite: locks, does not encrypt" if self.features & _PYRITE else ""
        bits = f"enabled={self.enabled} locked={self.locked} encrypts={self.encrypts}"
        return f"features={codes} {bits}{pyrite}"


def parse_discovery(data: bytes) -> Discovery:
    """Core, Level 0 Discovery response: LENGTH (bytes 0 to 3, of what follows), 48 bytes of
    header, feature descriptors (code, version, length, data). Raises ToolError; all zeros is what
    a drive without any security answers, and is an empty Discovery."""
    if len(data) < _HEADER_BYTES:
        raise ToolError(f"level-0-discovery: {len(data)} bytes")
    length = int.from_bytes(data[:4], "big")
    if length == 0 and not any(data):
        return Discovery(frozenset())
    end = 4 + length
    if not _HEADER_BYTES <= end <= len(data):
        raise ToolError(f"level-0-discovery: length {length}")
    features: set[int] = set()
    locking: int | None = None
    at = _HEADER_BYTES
    while at + 4 <= end:
        code, size = int.from_bytes(data[at : at + 2], "big"), data[at + 3]
        if at + 4 + size > end:
            raise ToolError("level-0-discovery: a descriptor is cut off")
        if code:  # 0000h: reserved, seen as padding
            features.add(code)
        if code == Feature.LOCKING and size:
            locking = data[at + 4]
        at += 4 + size
    if locking is None:
        return Discovery(frozenset(features))
    bits = (bool(locking & bit) for bit in (_ENABLED, _LOCKED, _MEDIA_ENCRYPTION))
    return Discovery(frozenset(features), *bits)


def normal_psid(typed: str) -> str | None:
    """What was typed, as it goes to the drive: 32 letters and digits, without spaces and dashes.
    None where it cannot be a PSID. Labels show capitals: what was typed all small is meant so."""
    kept = "".join(typed.split()).replace("-", "")
    if len(kept) != PSID_LENGTH or not (kept.isascii() and kept.isalnum()):
        return None
    return kept.upper() if kept == kept.lower() else kept
