"""What a long run must have met, so that "nothing found" says something."""

from __future__ import annotations

import json
import subprocess
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from reprise.domain.erasure.pattern import Stream
from reprise.domain.planning.techniques import Technique, Verdict
from reprise.domain.report.events import AttemptFinished, Event, Observation, ObservationKind
from simulation import seeds
from station_kit.places import TOP

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
    ends = (*Verdict, "goes on")
    streams = (f"stream: {stream} {end}" for stream in Stream for end in ends)
    again = (f"re-attached again {end}" for end in (Verdict.VERIFIED, Verdict.FAILED))
    anew = (f"begun anew {end}" for end in (*ENDS_ANEW, "no end"))
    wanted = (*techniques, *faults, *troubles, *acts, *streams, *again, *anew)
    return tuple(name for name in wanted if name not in _IMPOSSIBLE)


ACTS = (
    *("start", "looks again", "confirms", "lets the countdown end", "stops the work"),
    *("stores the report", "switches off", "ends the service", "cut", "cut at file"),
    *("pull stick", "plug stick", "write-protected stick", "stick with bad writes"),
    *("stick with bad reads", "full stick", "unplug drive", "plug drive", "reuse drive"),
    *("use drive", "dock drive", "lose answers"),
    *("command", "clock", "network", "letters: lost", "letters: answer-lost", "letters: 503"),
    *("letters: slow", "enroll"),
)


# Read back in full: of what was written whole nothing stays in doubt.
ENDS_ANEW = (Verdict.VERIFIED, Verdict.FAILED)


def begun_anew(events: Iterable[Event]) -> Iterator[str]:
    """Of each overwrite that began at the start of its drive, as what it was to go on from was not
    there any more: how it ended."""
    anew = set[str]()  # drives
    for event in events:
        if isinstance(event, Observation) and event.kind is ObservationKind.BEGUN_ANEW:
            anew.add(event.drive)
        elif isinstance(event, AttemptFinished) and event.drive in anew:
            anew.remove(event.drive)
            yield f"begun anew {event.verdict}"
    yield from ("begun anew no end" for _drive in anew)


def missing(counts: Mapping[str, int], least: int = LEAST) -> dict[str, int]:
    """What was met less often than `least` times, and how often."""
    return {name: counts.get(name, 0) for name in required() if counts.get(name, 0) < least}


@dataclass
class Tally:
    """A long run in pieces, by seed range on one commit. `next_seed`: of the piece to come."""

    tree: str
    next_seed: int
    sessions: int = 0
    findings: int = 0
    seconds: float = 0.0
    counts: Counter[str] = field(default_factory=Counter)

    def save(self, file: Path) -> None:
        file.write_text(json.dumps(vars(self), sort_keys=True, indent=0) + "\n", "utf-8")


def tally(file: Path | None, seed: int) -> Tally:
    """Raises ValueError where the file is of another commit."""
    tree = _tree()
    if file is None or not file.exists():
        return Tally(tree, seed)
    kept = json.loads(file.read_text("utf-8"))
    if kept["tree"] != tree:
        raise ValueError(f"{file} counts what another commit did: give another file")
    return Tally(**{**kept, "counts": Counter(kept["counts"])})


def _tree() -> str:
    """Of the program and of all that plays it."""
    argv = ["git", "rev-parse", "HEAD:app", "HEAD:tests/simulation", "HEAD:tests/lab"]
    return subprocess.run(argv, cwd=TOP, capture_output=True, text=True, check=True).stdout
