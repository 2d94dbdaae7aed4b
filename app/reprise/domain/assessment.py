"""What the station thinks of a PC before it is erased, as one event of the journal."""

from __future__ import annotations

from dataclasses import dataclass

from reprise.domain.impact import Impact
from reprise.domain.triage import Triage


@dataclass(frozen=True, slots=True)
class PcAssessed:
    triage: Triage
    impact: Impact
