"""What must be seen of an attempt before anybody may say that it was verified."""

from __future__ import annotations

from reprise.domain.planning.techniques import Technique
from reprise.domain.report.events import Observation, ObservationKind

_OVERWRITE = (ObservationKind.FLUSHED, ObservationKind.READBACK_MATCHES)
_FIRMWARE = (
    ObservationKind.CANARIES_PLANTED,
    ObservationKind.COMMAND_ACCEPTED,
    ObservationKind.COMMAND_FINISHED,
    ObservationKind.CANARIES_GONE,
    ObservationKind.READBACK_ERASED,
)
NEEDED = dict.fromkeys(Technique, _FIRMWARE) | {Technique.OVERWRITE: _OVERWRITE}


def all_seen(key: str, technique: Technique) -> tuple[Observation, ...]:
    return tuple(Observation(key, kind) for kind in NEEDED[technique])
