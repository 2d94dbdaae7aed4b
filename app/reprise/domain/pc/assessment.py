"""What the station says of a PC before it is erased, and of itself, as events of the journal."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

from reprise.domain.pc.impact import Impact
from reprise.domain.pc.triage import Triage


@dataclass(frozen=True, slots=True)
class PcAssessed:
    triage: Triage
    impact: Impact


@dataclass(frozen=True, slots=True)
class ImageMeasured:
    """What the station itself was started from."""

    sha256: str  # of the medium's live/filesystem.squashfs, hex


StationEvent: TypeAlias = PcAssessed | ImageMeasured
