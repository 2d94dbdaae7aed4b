"""How a drive is known to have started this system, or to be a Reprise stick."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

# Labels of a stick's file systems: the image's ISO 9660, cut by Rufus to the 11 characters of a
# FAT, and the partition of reports and settings.
LIVE_LABEL, DATA_LABEL = "REPRISE_LIVE", "REPRISE"
ISO_LABELS = frozenset({LIVE_LABEL, LIVE_LABEL[:11]})
STICK_LABELS = ISO_LABELS | {DATA_LABEL}


class BootSign(StrEnum):
    """How a drive is known to have started this system or to be a Reprise stick."""

    LIVE_MEDIUM = "mounted-live-medium"  # /run/live/medium is on it
    LIVE_CHAIN = "live-file-system"  # the running system's squashfs is on it
    ROOT = "mounted-root"  # the running system's root, /usr or /boot is on it
    ISO_LABEL = "label-REPRISE_LIVE"  # also known when the system was copied to memory
    DATA_PARTITION = "data-partition"  # a file system labelled REPRISE
    FILES = "reprise-files"  # our system's files on FAT or exFAT, whatever its label
    STARTED = "started-from"  # the initramfs noted it; the system may be in memory since


# Signs that say "a Reprise stick", not "what this system runs from".
_STICK_SIGNS = frozenset({BootSign.ISO_LABEL, BootSign.DATA_PARTITION, BootSign.FILES})


@dataclass(frozen=True, slots=True)
class BootMedium:
    """Whether this drive is (or may be) the Reprise stick, and how that was known.

    `how` holds BootSign words joined by commas.
    """

    is_boot: bool
    how: str | None = None

    @property
    def started(self) -> tuple[str, ...]:
        """The signs that this system started from it: more than a label or files, which anybody may
        give it.
        "" among them: for a reason that nobody told."""
        signs = (self.how or "").split(",") if self.is_boot else []
        return tuple(sign for sign in signs if sign not in _STICK_SIGNS)

    @property
    def running(self) -> tuple[str, ...]:
        """Those that it still runs from it, so that it cannot do without."""
        return tuple(sign for sign in self.started if sign != BootSign.STARTED)
