"""Was it faster than it can have been?"""

from __future__ import annotations

from collections.abc import Iterator

from reprise.adapters.drives.surface.record import Record
from reprise.domain.drives.capabilities import Capabilities
from reprise.domain.pc.hardware import MediaKind
from reprise.domain.planning.claims import estimate_s
from reprise.domain.planning.techniques import SPECS
from reprise.domain.report.events import Observation, ObservationKind
from reprise.ports import Job

# A rotational drive cannot write all of itself in a fiftieth of the time that it asks for; small
# estimates are too coarse to tell (IDENTIFY DEVICE counts in steps of two minutes).
_QUICK_SHARE = 0.02
_TELLING_ESTIMATE_S = 600.0


def too_quick(job: Job, took_s: float, record: Record) -> Iterator[Observation]:
    """Zero or one TOO_QUICK."""
    told_s = estimate_s(job.attempt.technique, job.capabilities or Capabilities())
    if told_s is None or told_s < _TELLING_ESTIMATE_S or took_s >= _QUICK_SHARE * told_s:
        return
    if job.drive.media is MediaKind.HDD and not SPECS[job.attempt.technique].crypto:
        yield record.observe(
            ObservationKind.TOO_QUICK, seconds=round(took_s, 1), estimate_s=round(told_s)
        )
