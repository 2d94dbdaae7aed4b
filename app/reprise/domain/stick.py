"""What is known of the stick's data partition."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class StickStatus(StrEnum):
    READY = "ready"  # mounted, takes writes
    CREATED = "created"  # the same, and it was made just now
    MEMORY = "memory"  # reports live in memory only: see the reason


class StickReason(StrEnum):
    NONE = ""
    NO_STICK = "no-stick"  # pulled, or none was ever there
    OPTICAL = "optical"
    WRITE_PROTECTED = "write-protected"
    NO_SPACE = "no-space"  # nothing or too little is unallocated after the image
    AMBIGUOUS = "ambiguous"  # several sticks look like the one we booted from
    TABLE_UNKNOWN = "table-unknown"  # a partition table that is not the image's own
    NO_SLOT = "no-slot"  # the table has no free entry
    MAKE_FAILED = "make-failed"
    MOUNT_FAILED = "mount-failed"
    NOT_LIVE = "not-live"  # not started from a Reprise stick


@dataclass(frozen=True, slots=True)
class StickState:
    """`device`: the partition's node, "" where there is none. `detail`: a tool's own words."""

    state: StickStatus
    reason: StickReason = StickReason.NONE
    device: str = ""
    detail: str = ""
