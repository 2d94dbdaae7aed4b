"""Numbers of NVM Express: Base Specification 2.0 ("Base"), NVM Command Set 1.0 ("NVM").

Status codes are written SCT << 8 | SC, as Linux and nvme-cli print them without their flags.
"""

from __future__ import annotations

import enum

ALL_NAMESPACES = 0xFFFF_FFFF  # Base 3.2.1.5, broadcast NSID


class Admin(enum.IntEnum):
    """Base 5, figure "Opcodes for Admin Commands"."""

    GET_LOG_PAGE = 0x02
    IDENTIFY = 0x06
    ABORT = 0x08
    SET_FEATURES = 0x09
    GET_FEATURES = 0x0A
    ASYNC_EVENT_REQUEST = 0x0C
    NAMESPACE_MANAGEMENT = 0x0D
    NAMESPACE_ATTACHMENT = 0x15
    KEEP_ALIVE = 0x18
    FABRICS = 0x7F
    FORMAT_NVM = 0x80
    SANITIZE = 0x84


class Io(enum.IntEnum):
    """NVM 3, figure "Opcodes for NVM Commands"."""

    FLUSH = 0x00
    WRITE = 0x01
    READ = 0x02
    WRITE_ZEROES = 0x08
    DATASET_MANAGEMENT = 0x09


class Status(enum.IntEnum):
    """Base 4.4.1 (generic, SCT 0; command specific, SCT 1) and NVM 1.4.1 (media, SCT 2)."""

    SUCCESS = 0x000
    INVALID_OPCODE = 0x001
    INVALID_FIELD = 0x002
    INTERNAL_ERROR = 0x006
    INVALID_NAMESPACE = 0x00B
    SANITIZE_FAILED = 0x01C
    SANITIZE_IN_PROGRESS = 0x01D
    NAMESPACE_WRITE_PROTECTED = 0x020
    LBA_OUT_OF_RANGE = 0x080
    FORMAT_IN_PROGRESS = 0x084
    INVALID_LOG_PAGE = 0x109
    INVALID_FORMAT = 0x10A
    NAMESPACE_INSUFFICIENT_CAPACITY = 0x115
    NAMESPACE_ALREADY_ATTACHED = 0x118
    NAMESPACE_NOT_ATTACHED = 0x11A
    WRITE_FAULT = 0x280
    UNRECOVERED_READ_ERROR = 0x281
    ACCESS_DENIED = 0x286


DO_NOT_RETRY = 0x4000  # Base 3.3.3.2.1: DNR, bit 14 of the status field without the phase tag


class Action(enum.IntEnum):
    """Base 5.24, Sanitize CDW10 bits 02:00."""

    EXIT_FAILURE_MODE = 1
    BLOCK_ERASE = 2
    OVERWRITE = 3
    CRYPTO_ERASE = 4


class SanitizeStatus(enum.IntEnum):
    """Base 5.16.1.25, Sanitize Status log, SSTAT bits 02:00."""

    NEVER = 0
    SUCCEEDED = 1
    RUNNING = 2
    FAILED = 3
    SUCCEEDED_DEALLOCATED = 4  # although the command asked not to deallocate


class Oacs(enum.IntFlag):
    """Base 5.17.2.1, Optional Admin Command Support."""

    FORMAT = 1 << 1
    NAMESPACE_MANAGEMENT = 1 << 3


class Fna(enum.IntFlag):
    """Base 5.17.2.1, Format NVM Attributes."""

    FORMAT_ALL = 1 << 0
    ERASE_ALL = 1 << 1
    CRYPTO = 1 << 2
    NO_BROADCAST = 1 << 3


class Sanicap(enum.IntFlag):
    """Base 5.17.2.1, Sanitize Capabilities."""

    CRYPTO_ERASE = 1 << 0
    BLOCK_ERASE = 1 << 1
    OVERWRITE = 1 << 2
    PURGE_REPORTED = 1 << 5  # SPRRS, nvme-cli's nvme-log-sanitize(1)
    NO_DEALLOCATE_INHIBITED = 1 << 29


# What goes on while a sanitize operation runs or has failed (Base 8.21.1, figure "Sanitize
# Operations – Admin Commands Allowed"); the log pages of Get Log Page are in the same figure.
ALLOWED_WHILE_SANITIZING = frozenset(
    (
        Admin.GET_LOG_PAGE, Admin.IDENTIFY, Admin.ABORT, Admin.SET_FEATURES, Admin.GET_FEATURES,
        Admin.ASYNC_EVENT_REQUEST, Admin.KEEP_ALIVE, Admin.FABRICS,
    )
)  # fmt: skip

# Base 5.2.1, Asynchronous Event Request, dword 0: log page << 16, information << 8, type.
SANITIZE_COMPLETED_EVENT = 0x81 << 16 | 0x01 << 8 | 0x06
NAMESPACE_CHANGED_EVENT = 0x04 << 16 | 0x00 << 8 | 0x02
