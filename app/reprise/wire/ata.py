"""ATA commands as frozen taskfiles.

Clauses are of ATA Command Set 4 (ACS-4, "Command descriptions", 7.x), but for what that edition
made obsolete: host protected area and device configuration overlay are of ACS-2 (READ NATIVE MAX
ADDRESS, SET MAX ADDRESS, DEVICE CONFIGURATION OVERLAY feature set).
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum

from reprise.domain.planning.techniques import Technique

BLOCK_BYTES = 512  # of every data block here, whatever the drive's sectors
PASSWORD_BYTES = 32  # SECURITY SET PASSWORD: words 1 to 16 of the data

# DEVICE field: bit 6 (LBA) is to be one where a command carries an address.
_LBA_DEVICE = 0x40


class Protocol(IntEnum):
    """SAT-4, 12.2.2.3, PROTOCOL field."""

    NON_DATA = 3
    PIO_IN = 4
    PIO_OUT = 5


@dataclass(frozen=True, slots=True)
class AtaCommand:
    """One command. Fields as in the standard; `data`: the block that the drive is sent. 48-bit
    where `extended`."""

    name: str
    command: int
    protocol: Protocol = Protocol.NON_DATA
    feature: int = 0
    count: int = 0
    lba: int = 0
    device: int = 0
    extended: bool = False
    data: bytes = b""
    registers: bool = True  # asked for in any case, which some translations cannot do

    @property
    def data_in(self) -> int:
        """Bytes that the drive sends."""
        return BLOCK_BYTES if self.protocol is Protocol.PIO_IN else 0


def identify_device(*, registers: bool = True) -> AtaCommand:
    """IDENTIFY DEVICE, ECh."""
    return AtaCommand("IDENTIFY DEVICE", 0xEC, Protocol.PIO_IN, count=1, registers=registers)


def flush_cache(*, extended: bool) -> AtaCommand:
    """FLUSH CACHE EXT, EAh; without 48-bit addresses FLUSH CACHE, E7h."""
    if extended:
        return AtaCommand("FLUSH CACHE EXT", 0xEA, extended=True, registers=False)
    return AtaCommand("FLUSH CACHE", 0xE7, registers=False)


# SANITIZE DEVICE, B4h: FEATURE and the LBA that keeps a stray command from erasing a drive.
_SANITIZE = 0xB4
_SANITIZES = {
    # LBA(31:0) "Cryp"
    Technique.ATA_SANITIZE_CRYPTO: ("CRYPTO SCRAMBLE EXT", 0x0011, 0, 0x4372_7970),
    # LBA(31:0) "BkEr"
    Technique.ATA_SANITIZE_BLOCK: ("BLOCK ERASE EXT", 0x0012, 0, 0x426B_4572),
    # LBA(47:32) "OW", LBA(31:0) the pattern; COUNT(3:0) passes, where 0 would mean 16
    Technique.ATA_SANITIZE_OVERWRITE: ("OVERWRITE EXT", 0x0014, 1, 0x4F57 << 32),
}


def sanitize_device(technique: Technique) -> AtaCommand:
    """CRYPTO SCRAMBLE EXT, BLOCK ERASE EXT, or OVERWRITE EXT (one pass of zeros).

    COUNT bit 4 (FAILURE MODE) stays zero: a drive that fails lets nobody at its data until
    another sanitize succeeds.
    """
    name, feature, count, lba = _SANITIZES[technique]
    return _sanitize(name, feature, count, lba)


def sanitize_status() -> AtaCommand:
    """SANITIZE STATUS EXT, FEATURE 0000h. COUNT bit 0 (clear the failed state) stays zero."""
    return _sanitize("SANITIZE STATUS EXT", 0x0000, 0, 0)


def _sanitize(name: str, feature: int, count: int, lba: int) -> AtaCommand:
    return AtaCommand(
        name, _SANITIZE, feature=feature, count=count, lba=lba, device=_LBA_DEVICE, extended=True
    )


def security_set_password(password: str) -> AtaCommand:
    """SECURITY SET PASSWORD, F1h: the user password, at level high (the master password can then
    unlock the drive too). Word 0 bit 0 and bit 8 stay zero."""
    return _with_password("SECURITY SET PASSWORD", 0xF1, 0, password)


def security_unlock(password: str) -> AtaCommand:
    """SECURITY UNLOCK, F2h, by the user password."""
    return _with_password("SECURITY UNLOCK", 0xF2, 0, password)


def security_erase_prepare() -> AtaCommand:
    """SECURITY ERASE PREPARE, F3h: SECURITY ERASE UNIT is to be the very next command."""
    return AtaCommand("SECURITY ERASE PREPARE", 0xF3)


def security_erase_unit(password: str, *, enhanced: bool) -> AtaCommand:
    """SECURITY ERASE UNIT, F4h. Word 0 bit 1: ERASE MODE enhanced."""
    name = "SECURITY ERASE UNIT" + (" (enhanced)" if enhanced else "")
    return _with_password(name, 0xF4, 0x0002 if enhanced else 0, password)


def security_disable_password(password: str) -> AtaCommand:
    """SECURITY DISABLE PASSWORD, F6h, by the user password."""
    return _with_password("SECURITY DISABLE PASSWORD", 0xF6, 0, password)


def _with_password(name: str, command: int, control: int, password: str) -> AtaCommand:
    """Raises ValueError where the password does not fit words 1 to 16."""
    raw = password.encode("ascii")
    if not 0 < len(raw) <= PASSWORD_BYTES:
        raise ValueError("an ATA password has 1 to 32 bytes")
    data = (control.to_bytes(2, "little") + raw).ljust(BLOCK_BYTES, b"\0")
    return AtaCommand(name, command, Protocol.PIO_OUT, count=1, data=data)


def read_native_max(*, extended: bool) -> AtaCommand:
    """READ NATIVE MAX ADDRESS (EXT), F8h (27h)."""
    if extended:
        return AtaCommand("READ NATIVE MAX ADDRESS EXT", 0x27, device=_LBA_DEVICE, extended=True)
    return AtaCommand("READ NATIVE MAX ADDRESS", 0xF8, device=_LBA_DEVICE)


def set_max(last_lba: int, *, extended: bool, kept: bool) -> AtaCommand:
    """SET MAX ADDRESS (EXT), F9h (37h). The command before it must be READ NATIVE MAX ADDRESS
    (EXT). `kept`: COUNT bit 0, over a power cycle; a drive takes one such command until its next
    power-on or hardware reset, and answers a second with ID NOT FOUND."""
    count = int(kept)
    if extended:
        return AtaCommand(
            "SET MAX ADDRESS EXT",
            0x37,
            count=count,
            lba=last_lba,
            device=_LBA_DEVICE,
            extended=True,
        )
    device = _LBA_DEVICE | last_lba >> 24 & 0x0F
    return AtaCommand("SET MAX ADDRESS", 0xF9, count=count, lba=last_lba & 0xFF_FFFF, device=device)


def get_native_max() -> AtaCommand:
    """GET NATIVE MAX ADDRESS EXT (ACCESSIBLE MAX ADDRESS CONFIGURATION, 78h, FEATURE 0000h)."""
    return AtaCommand("GET NATIVE MAX ADDRESS EXT", 0x78, device=_LBA_DEVICE, extended=True)


def set_accessible_max(last_lba: int) -> AtaCommand:
    """SET ACCESSIBLE MAX ADDRESS EXT (78h, FEATURE 0001h)."""
    return AtaCommand(
        "SET ACCESSIBLE MAX ADDRESS EXT",
        0x78,
        feature=0x0001,
        lba=last_lba,
        device=_LBA_DEVICE,
        extended=True,
    )


def device_configuration_identify() -> AtaCommand:
    """DEVICE CONFIGURATION IDENTIFY, B1h, FEATURE C2h."""
    return AtaCommand("DEVICE CONFIGURATION IDENTIFY", 0xB1, Protocol.PIO_IN, feature=0xC2, count=1)


def device_configuration_restore() -> AtaCommand:
    """DEVICE CONFIGURATION RESTORE, B1h, FEATURE C0h."""
    return AtaCommand("DEVICE CONFIGURATION RESTORE", 0xB1, feature=0xC0)
