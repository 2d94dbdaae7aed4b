"""What a long run must have met, so that "nothing found" says something."""

from __future__ import annotations

from collections.abc import Mapping

from reprise.domain.techniques import Technique, Verdict
from simulation import seeds

LONG_RUN, LEAST = 100_000, 100  # sessions; of each
# What cannot come about, and why.
_IMPOSSIBLE: Mapping[str, str] = {}


def required() -> tuple[str, ...]:
    techniques = (f"{technique} {verdict}" for technique in Technique for verdict in Verdict)
    faults = (
        *(f"fault: ata {fault}" for fault in seeds.ATA_FAULTS),
        *(f"fault: scsi {fault}" for fault in seeds.SANITIZE_FAULTS),
        *(f"fault: nvme {fault}" for fault in seeds.NVME_FAULTS),
    )
    troubles = (f"trouble: {what}" for what in seeds.CALLS)
    acts = (f"act: {kind}" for kind in ACTS)
    wanted = (*techniques, *faults, *troubles, *acts)
    return tuple(name for name in wanted if name not in _IMPOSSIBLE)


ACTS = (
    *("start", "looks again", "confirms", "lets the countdown end", "stops the work"),
    *("stores the report", "switches off", "ends the service", "cut", "cut at file"),
    *("pull stick", "plug stick", "write-protected stick", "stick with bad writes"),
    *("stick with bad reads", "full stick", "unplug drive", "plug drive", "reuse drive"),
    "dock drive",
    *("command", "clock", "network", "letters: lost", "letters: answer-lost", "letters: 503"),
    *("letters: slow", "enroll"),
)


def missing(counts: Mapping[str, int], least: int = LEAST) -> dict[str, int]:
    """What was met less often than `least` times, and how often."""
    return {name: counts.get(name, 0) for name in required() if counts.get(name, 0) < least}
