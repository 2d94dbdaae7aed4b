"""A surface to witness, on a drive in memory."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from reprise.adapters.drives.surface.canaries import Canaries
from reprise.adapters.drives.surface.keystream import Keystream
from reprise.adapters.drives.surface.record import Record
from reprise.adapters.drives.surface.witness import WitnessedSurface
from reprise.domain.erasure.canaries import CANARY_BYTES, canary_offsets
from reprise.domain.planning.plan import Attempt
from reprise.domain.planning.policy import Policy
from reprise.domain.planning.techniques import Method, Technique, VerifyDepth
from reprise.domain.report.events import MediumErrorFound, Observation, ObservationKind
from reprise.ports import Job
from unit.adapters.drives.memory_device import SECTOR, MemoryDevice
from unit.domain.drives.drives import drive as made_drive

SIZE = 4 << 20
K = ObservationKind
JOB_ID = "00000000-0000-0000-0000-000000000001"
DRIVE = made_drive(identity=replace(made_drive().identity, size_bytes=SIZE))
JOB = Job(
    DRIVE, Attempt(Technique.ATA_SANITIZE_BLOCK, Method.PURGE, VerifyDepth.FULL), JOB_ID, b"k" * 32
)
PER_MARK = CANARY_BYTES // SECTOR


def stream() -> Keystream:
    return Keystream(JOB_ID, b"k" * 32)


class Stop:
    """Set after so many looks."""

    def __init__(self, after: int = 1 << 40) -> None:
        self.left = after

    def is_set(self) -> bool:
        self.left -= 1
        return self.left < 0


class Bench:
    def __init__(self, device: MemoryDevice | None = None, bad_limit: int = 4) -> None:
        self.device = device or MemoryDevice(SIZE, b"donor")
        self.record = Record(JOB)
        self.stop = Stop()
        self.canaries = Canaries(stream(), canary_offsets(SIZE, b"seed")[::4])
        policy = replace(Policy(), max_bad_sectors=bad_limit)
        self.surface = WitnessedSurface(self.device, self.stop, self.record, policy)
        self.events: list[object] = []

    def run(self, steps: Iterable[object]) -> object:
        generator = iter(steps)
        while True:
            try:
                self.events.append(next(generator))
            except StopIteration as end:
                return end.value

    def plant(self) -> object:
        return self.run(self.surface.plant(self.canaries))

    @property
    def seen(self) -> list[tuple[ObservationKind, dict[str, object]]]:
        found = [one for one in self.events if isinstance(one, Observation)]
        return [(one.kind, dict(one.detail)) for one in found]

    @property
    def errors(self) -> list[tuple[str, int, int]]:
        found = [one for one in self.events if isinstance(one, MediumErrorFound)]
        return [(one.operation, one.first_lba, one.count) for one in found]

    def erase(self, fill: bytes = b"\0") -> None:
        self.device.data[:] = fill * (SIZE // len(fill))


def sectors(*offsets: int) -> set[int]:
    return {offset // SECTOR for offset in offsets}


COUNT = len(Bench().canaries.offsets)
