"""What was seen of an attempt that went well, and all that may be seen."""

from __future__ import annotations

from reprise.domain.erasure.verification import Evidence
from reprise.domain.planning.plan import Attempt
from reprise.domain.planning.techniques import Method, Technique, VerifyDepth
from reprise.domain.report.events import MediumErrorFound, Observation, ObservationKind
from station_kit import seen

SIZE = 1 << 30
K = ObservationKind
NEEDED = {technique: set(kinds) for technique, kinds in seen.NEEDED.items()}
# seen, told in the report, and neither for nor against
NEUTRAL = {
    K.COMMAND_RUNNING,
    K.REATTACHED,
    K.BEGUN_ANEW,
    K.SMART_COUNTERS,
    K.PAUSED_HOT,
    K.RESUMED_COOL,
    K.TEMPERATURE_UNKNOWN,
    K.STALLED,
    K.MARKS_MOVED,
    K.FLUSH_NOT_SENT,
    K.AREA_ERASED,
    K.SEEN_LARGER,  # the judge looks at one attempt; see outcome.py
}
GOOD = {kind for kinds in NEEDED.values() for kind in kinds} | NEUTRAL
BAD = set(K) - GOOD
ERROR = MediumErrorFound("d", "write", 5, 1, 5)


def evidence(technique: Technique = Technique.OVERWRITE, *kinds: ObservationKind) -> Evidence:
    method = Method.CLEAR if technique is Technique.OVERWRITE else Method.PURGE
    return Evidence(
        attempt=Attempt(technique, method, VerifyDepth.FULL),
        size_bytes=SIZE,
        written_bytes=SIZE if technique is Technique.OVERWRITE else 0,
        verified_bytes=SIZE,
        required_bytes=SIZE,
        observations=tuple(Observation("d", kind) for kind in kinds or NEEDED[technique]),
    )
