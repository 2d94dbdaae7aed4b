"""How an emulated ATA or SCSI drive lies or fails, on request."""

from __future__ import annotations

import enum


class Fault(enum.Enum):
    """SANITIZE_* hold for ATA and SCSI drives, the rest for ATA drives."""

    SANITIZE_LIES = "sanitize succeeds and erases nothing"
    SANITIZE_MISSES_END = "sanitize succeeds and leaves the last sectors"
    SANITIZE_LEAVES_SECTORS = "sanitize succeeds and leaves eight sectors here and there"
    SANITIZE_LEAVES_SPARE = "sanitize succeeds and leaves the spare area"
    SANITIZE_UNMAPS_ONLY = "sanitize succeeds, reads give zeros, the cells keep everything"
    SANITIZE_STUCK = "sanitize stays at 1 % and never ends, power cycle or not"
    SANITIZE_FAILS_HALFWAY = "sanitize fails at 50 %, the first half is erased"
    SANITIZE_FAILS_KEEPS_DATA = "sanitize fails at 50 %, nothing is erased"
    SECURITY_ERASE_LIES = "SECURITY ERASE UNIT succeeds at once and erases nothing"
    SECURITY_ERASE_ABORTS = "SECURITY ERASE UNIT is aborted, with the right password too"
    SECURITY_ERASE_FAILS_HALFWAY = "SECURITY ERASE UNIT is aborted after half; the password stays"
    ENHANCED_ERASE_LEAVES_SPARE = "enhanced erase leaves the spare area"
    PASSWORD_IGNORED = "SECURITY SET PASSWORD succeeds and sets nothing"
    DROPS_READ_NATIVE_MAX = "READ NATIVE MAX ADDRESS is aborted though HPA is announced"
    CHANGES_SERIAL = "another serial number after an erase that succeeded"
