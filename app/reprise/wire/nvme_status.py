"""What an NVMe status says, and what it means for an erase that was refused.

NVM Express Base Specification 2.0, 3.3.3.2.1, "Status Field Definition", as the kernel hands it
out (<linux/nvme.h>): bits 07:00 Status Code, 10:08 Status Code Type, 12:11 Command Retry Delay,
13 More, 14 Do Not Retry.
"""

from __future__ import annotations

from enum import StrEnum

_CODE_MASK = 0x7FF  # type and code; the upper bits say only whether to ask again


class Meaning(StrEnum):
    """Status codes that have a name here; all others are OTHER."""

    SUCCESS = "success"
    INVALID_OPCODE = "invalid-opcode"
    INVALID_FIELD = "invalid-field"
    ABORTED = "aborted"
    INVALID_NAMESPACE = "invalid-namespace-or-format"
    OPERATION_DENIED = "operation-denied"
    SANITIZE_FAILED = "sanitize-failed"
    SANITIZE_RUNNING = "sanitize-in-progress"
    WRITE_PROTECTED = "namespace-write-protected"
    LOCKDOWN = "prohibited-by-lockdown"
    NOT_READY = "not-ready"
    FORMAT_RUNNING = "format-in-progress"
    INVALID_FORMAT = "invalid-format"
    FIRMWARE_PENDING = "firmware-activation-pending"
    MEMORY_REGION = "persistent-memory-region-enabled"
    ACCESS_DENIED = "access-denied"
    HOST_ABORTED = "aborted-by-host"
    PATH_ERROR = "path-error"
    OTHER = "other"


_MEANINGS = {
    0x000: Meaning.SUCCESS,
    # type 0, Generic Command Status
    0x001: Meaning.INVALID_OPCODE,
    0x002: Meaning.INVALID_FIELD,
    0x007: Meaning.ABORTED,
    0x008: Meaning.ABORTED,
    0x00B: Meaning.INVALID_NAMESPACE,
    0x015: Meaning.OPERATION_DENIED,
    0x01C: Meaning.SANITIZE_FAILED,
    0x01D: Meaning.SANITIZE_RUNNING,
    0x020: Meaning.WRITE_PROTECTED,
    0x023: Meaning.LOCKDOWN,
    0x082: Meaning.NOT_READY,
    0x084: Meaning.FORMAT_RUNNING,
    # type 1, Command Specific Status
    0x10A: Meaning.INVALID_FORMAT,
    0x10B: Meaning.FIRMWARE_PENDING,  # needs a conventional reset
    0x110: Meaning.FIRMWARE_PENDING,  # needs a reset of the subsystem
    0x111: Meaning.FIRMWARE_PENDING,  # needs a reset of the controller
    0x123: Meaning.MEMORY_REGION,
    # type 2, Media and Data Integrity Errors
    0x286: Meaning.ACCESS_DENIED,
    # type 3, Path Related Status, made by the kernel where the drive did not answer
    0x370: Meaning.PATH_ERROR,
    0x371: Meaning.HOST_ABORTED,
}


class Refusal(StrEnum):
    """Why a drive would not carry out an erase that it says it supports."""

    BLOCKED_BY_FIRMWARE = "blocked-by-firmware"  # the PC's firmware locked it (Block SID)
    SANITIZE_RUNNING = "sanitize-in-progress"
    FAILURE_MODE = "sanitize-failure-mode"  # an earlier sanitize failed and was not left
    WRITE_PROTECTED = "write-protected"
    FIRMWARE_PENDING = "firmware-activation-pending"
    MEMORY_REGION = "persistent-memory-region"
    OTHER = "refused"


# A PC that sends TCG Block SID at start leaves drives that answer in many ways (nvme-cli issues 84,
# 412 and 816: 4286h, 2001h, 010Ah), with INVALID_FORMAT even where the format is the one in use.
_REFUSALS = {
    Meaning.INVALID_OPCODE: Refusal.BLOCKED_BY_FIRMWARE,
    Meaning.ACCESS_DENIED: Refusal.BLOCKED_BY_FIRMWARE,
    Meaning.OPERATION_DENIED: Refusal.BLOCKED_BY_FIRMWARE,
    Meaning.LOCKDOWN: Refusal.BLOCKED_BY_FIRMWARE,
    Meaning.INVALID_FORMAT: Refusal.BLOCKED_BY_FIRMWARE,
    Meaning.SANITIZE_RUNNING: Refusal.SANITIZE_RUNNING,
    Meaning.SANITIZE_FAILED: Refusal.FAILURE_MODE,
    Meaning.WRITE_PROTECTED: Refusal.WRITE_PROTECTED,
    Meaning.FIRMWARE_PENDING: Refusal.FIRMWARE_PENDING,
    Meaning.MEMORY_REGION: Refusal.MEMORY_REGION,
}


def meaning(status: int) -> Meaning:
    """Of a status with or without its upper bits."""
    return _MEANINGS.get(status & _CODE_MASK, Meaning.OTHER)


def refusal(status: int) -> Refusal:
    """Of the status of a command that the drive says it supports."""
    return _REFUSALS.get(meaning(status), Refusal.OTHER)
