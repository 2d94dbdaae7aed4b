"""What a look at a drive that erases itself comes to."""

from __future__ import annotations

from enum import Enum, auto


class WatchStep(Enum):
    """What one look means for the command that we gave."""

    GOING_ON = auto()
    CALM = auto()  # SCSI: nothing is going on: ask whether the unit is ready
    FINISHED = auto()
    FAILED = auto()
    HUNG = auto()
    NOT_OURS = auto()  # whatever ended is, or may be, of another command
