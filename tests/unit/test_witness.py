"""Marks that stand are planted before a drive erases itself, and no mark and no byte of data is
overlooked afterwards."""

from __future__ import annotations

import errno
from collections.abc import Iterable
from dataclasses import replace
from functools import partial
from itertools import count

import pytest

from reprise.adapters.blockio import DriveGoneError
from reprise.adapters.surface import witness
from reprise.adapters.surface.canaries import BAD_MARKS, Canaries
from reprise.adapters.surface.keystream import Keystream
from reprise.adapters.surface.meter import Meter
from reprise.adapters.surface.record import Record
from reprise.adapters.surface.rescue import Stopped
from reprise.adapters.surface.witness import WitnessedSurface
from reprise.domain.canaries import CANARY_BYTES, canary_offsets, nearby
from reprise.domain.events import MediumErrorFound, Observation, ObservationKind, Progress
from reprise.domain.pattern import Span
from reprise.domain.plan import Attempt
from reprise.domain.policy import Policy
from reprise.domain.techniques import Method, Technique, VerifyDepth
from reprise.ports import Job
from unit.drives import drive as made_drive
from unit.memory_device import SECTOR, MemoryDevice

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
        self.surface = WitnessedSurface(self.device, self.stop, self.record, policy)  # type: ignore[arg-type]
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


def test_all_marks_are_written_flushed_and_read_back_past_the_cache() -> None:
    bench = Bench()
    assert bench.plant() is True
    assert bench.seen == [(K.CANARIES_PLANTED, {"canaries": COUNT})]
    assert bench.device.told == ["flush", "drop_cache"]
    assert COUNT > 200
    for offset in bench.canaries.offsets:
        assert bench.device.data[offset : offset + 5] != b"donor"
    marked = {o // CANARY_BYTES for o in bench.canaries.offsets}
    other = next(b for b in range(SIZE // CANARY_BYTES) if b not in marked)
    assert b"donor" in bench.device.data[other * CANARY_BYTES : (other + 1) * CANARY_BYTES]


def test_the_flush_that_is_asked_for_is_the_one_that_is_sent() -> None:
    bench, sent = Bench(), []
    assert bench.run(bench.surface.plant(bench.canaries, sent.append)) is True  # type: ignore[arg-type]
    assert sent == [bench.device]
    assert bench.device.told == ["drop_cache"]


def test_a_flush_that_fails_is_no_witness() -> None:
    bench = Bench()
    bench.device.flush_fails = errno.EIO
    assert bench.plant() is False
    assert bench.seen == [(K.FLUSH_FAILED, {"errno": "EIO"})]
    assert bench.device.told == ["flush"]
    bench = Bench()
    bench.device.flush_fails = 9999
    bench.plant()
    assert bench.seen == [(K.FLUSH_FAILED, {"errno": "?"})]


def test_a_drive_that_leaves_during_the_flush_is_gone() -> None:
    bench = Bench()
    bench.device.flush_fails = errno.ENODEV
    with pytest.raises(DriveGoneError):
        bench.plant()


def test_a_mark_that_was_taken_and_is_not_there_is_no_witness() -> None:
    """A fake capacity, or a cache that lies: one is enough."""
    bench = Bench()
    lost = bench.canaries.offsets[7]
    bench.device.lost = set(range(lost // SECTOR, lost // SECTOR + PER_MARK))
    assert bench.plant() is False
    assert bench.seen == [(K.WRITE_ERRORS, {"canaries": COUNT, "standing": COUNT - 1})]


@pytest.mark.parametrize("kind", ["write", "read"])
def test_a_mark_on_a_bad_sector_is_planted_near_by(kind: str) -> None:
    bench = Bench()
    bad = bench.canaries.offsets[9]
    getattr(bench.device, f"bad_{kind}s").update(sectors(bad))
    planned = set(bench.canaries.offsets)
    assert bench.plant() is True
    assert bench.seen == [
        (K.MARKS_MOVED, {"places": 1, "first_lba": bad // SECTOR, "canaries": COUNT}),
        (K.CANARIES_PLANTED, {"canaries": COUNT}),
    ]
    instead = nearby(bad, SIZE, planned)
    assert instead is not None
    assert set(bench.canaries.offsets) == planned - {bad} | {instead}
    assert bad in bench.canaries.places, "it is looked at afterwards all the same"
    assert bench.errors == [], "a drive that is about to erase itself may mend it"


def test_two_marks_never_take_the_same_place() -> None:
    bench = Bench(MemoryDevice(SIZE))
    first = bench.canaries.offsets[20]
    row = range(first, first + 6 * CANARY_BYTES, CANARY_BYTES)
    bench.canaries = Canaries(stream(), tuple(sorted({*bench.canaries.offsets, *row})))
    planned = len(bench.canaries.offsets)
    bench.device.bad_writes |= sectors(first, first + 2 * CANARY_BYTES)
    assert bench.plant() is True
    assert len(set(bench.canaries.offsets)) == planned
    assert bench.seen[0] == (
        K.MARKS_MOVED,
        {"places": 2, "first_lba": first // SECTOR, "canaries": planned},
    )


def test_too_many_bad_marks_are_no_witness_and_are_told_one_by_one() -> None:
    bench = Bench()
    bad = bench.canaries.offsets[:BAD_MARKS]
    bench.device.bad_writes |= sectors(*bad)
    assert bench.plant() is False
    assert bench.errors == [("write", offset // SECTOR, PER_MARK) for offset in bad]
    assert bench.seen == [(K.WRITE_ERRORS, {"canaries": COUNT, "standing": 0})]


def test_one_bad_mark_less_than_too_many_is_a_witness() -> None:
    bench = Bench()
    bench.device.bad_writes |= sectors(*bench.canaries.offsets[: BAD_MARKS - 1])
    assert bench.plant() is True
    assert bench.seen[0][1]["places"] == BAD_MARKS - 1


def test_fewer_marks_than_99_of_100_are_no_witness() -> None:
    """A small drive, one of whose few marks finds no place."""
    bench = Bench()
    bench.canaries = Canaries(stream(), bench.canaries.offsets[:9])
    only = bench.canaries.offsets[4]
    bench.device.bad_writes = set(range(SIZE // SECTOR)) - {
        s
        for o in bench.canaries.offsets
        if o != only
        for s in range(o // SECTOR, o // SECTOR + PER_MARK)
    }
    assert bench.plant() is False
    assert bench.seen == [(K.WRITE_ERRORS, {"canaries": 9, "standing": 8})]
    assert len(bench.errors) == 4, "its own place and three near by"


def test_planting_stops_where_the_operator_says_so() -> None:
    bench = Bench()
    bench.stop.left = 3
    with pytest.raises(Stopped):
        bench.plant()


def test_progress_counts_the_bytes_of_the_marks(monkeypatch: pytest.MonkeyPatch) -> None:
    ticks = count()
    monkeypatch.setattr(witness, "Meter", partial(Meter, now=lambda: float(next(ticks))))
    bench = Bench()
    bench.plant()
    told = [one for one in bench.events if isinstance(one, Progress)]
    assert told
    assert {(one.drive, one.phase) for one in told} == {(JOB.drive_key, "canaries")}
    assert {one.total_bytes for one in told} == {COUNT * CANARY_BYTES}
    every = list(range(CANARY_BYTES, COUNT * CANARY_BYTES + 1, CANARY_BYTES))
    assert [one.done_bytes for one in told] == every * 2, "written, then read"


# afterwards


def planted(**bad: set[int]) -> Bench:
    bench = Bench()
    for name, which in bad.items():
        getattr(bench.device, name).update(which)
    assert bench.plant() is True
    bench.events = []
    bench.device.bad_reads, bench.device.bad_writes = set(), set()
    return bench


def looked(bench: Bench, *, write_first: bool = False) -> object:
    return bench.run(bench.surface.look(bench.canaries, write_first=write_first))


def test_marks_that_are_gone_are_told_as_gone() -> None:
    bench = planted()
    bench.erase()
    assert looked(bench) is True
    assert bench.seen == [(K.CANARIES_GONE, {"canaries": COUNT})]
    assert bench.errors == []


@pytest.mark.parametrize("left", [16, 512, CANARY_BYTES])
def test_a_mark_that_survived_in_part_is_proof(left: int) -> None:
    bench = planted()
    where = bench.canaries.offsets[5], bench.canaries.offsets[11]
    kept = [bytes(bench.device.data[o : o + left]) for o in where]
    bench.erase()
    for offset, data in zip(where, kept, strict=True):
        bench.device.data[offset : offset + left] = data
    assert looked(bench) is True
    assert bench.seen == [(K.CANARY_SURVIVED, {"survivors": 2, "first_lba": where[0] // SECTOR})]


def test_a_mark_on_a_sector_that_was_bad_is_looked_at_too() -> None:
    offset = Bench().canaries.offsets[9]
    bench = planted(bad_reads=sectors(offset))
    kept = bytes(bench.device.data[offset : offset + CANARY_BYTES])
    bench.erase()
    bench.device.data[offset : offset + CANARY_BYTES] = kept
    looked(bench)
    assert [kind for kind, _ in bench.seen] == [K.CANARY_SURVIVED]


def test_a_mark_that_cannot_be_read_is_told_and_none_is_called_gone() -> None:
    bench = planted()
    bench.erase()
    bad = bench.canaries.offsets[3]
    bench.device.bad_reads = sectors(bad)
    assert looked(bench) is True
    assert bench.errors == [("read", bad // SECTOR, PER_MARK)]
    assert bench.seen == []


def test_after_too_many_that_cannot_be_read_the_rest_was_not_looked_at() -> None:
    bench = planted()
    bench.erase()
    bench.device.bad_reads = sectors(*bench.canaries.offsets[:BAD_MARKS])
    assert looked(bench) is True
    assert len(bench.errors) == BAD_MARKS
    assert bench.seen == [(K.READ_ERRORS, {"gave_up_at": BAD_MARKS})]
    one_less = planted()
    one_less.erase()
    one_less.device.bad_reads = sectors(*one_less.canaries.offsets[: BAD_MARKS - 1])
    looked(one_less)
    assert one_less.seen == []


def test_what_fails_until_it_is_written_is_no_bad_sector_and_no_proof() -> None:
    bench = planted()
    bench.erase()
    bench.device.bad_reads = sectors(*bench.canaries.offsets[:2])
    assert looked(bench, write_first=True) is False
    assert bench.errors == []
    assert bench.seen == [(K.UNREADABLE_UNTIL_WRITTEN, {"marks": 2})]
    readable = planted()
    readable.erase()
    assert looked(readable, write_first=True) is True
    assert readable.seen == [(K.CANARIES_GONE, {"canaries": COUNT})]


def test_a_survivor_counts_also_where_others_cannot_be_read() -> None:
    bench = planted()
    bench.device.bad_reads = sectors(bench.canaries.offsets[0])
    looked(bench, write_first=True)
    assert [kind for kind, _ in bench.seen] == [K.UNREADABLE_UNTIL_WRITTEN, K.CANARY_SURVIVED]
    assert bench.seen[1][1]["survivors"] == COUNT - 1


def test_looking_stops_where_the_operator_says_so() -> None:
    bench = planted()
    bench.stop.left = 2
    with pytest.raises(Stopped):
        looked(bench)


WHOLE = (Span(0, SIZE),)


def read(bench: Bench, spans: tuple[Span, ...] = WHOLE, *, noise: bool = False) -> object:
    return bench.run(bench.surface.read_all(spans, random_is_erased=noise))


def test_zeros_everywhere_are_one_erased_pattern() -> None:
    bench = Bench(MemoryDevice(SIZE))
    read(bench)
    assert bench.seen == [(K.READBACK_ERASED, {"pattern": "zeros", "bytes": SIZE})]
    assert (bench.record.required_bytes, bench.record.verified_bytes) == (SIZE, SIZE)
    assert bench.record.verify_s > 0
    last = [one for one in bench.events if isinstance(one, Progress)][-1]
    assert (last.phase, last.done_bytes, last.total_bytes) == ("verify", SIZE, SIZE)


def test_only_what_was_asked_for_is_read_and_counted() -> None:
    bench = Bench(MemoryDevice(SIZE))
    bench.device.data[SIZE // 2 :] = b"donor's" * (SIZE // 14) + bytes(SIZE // 2 - SIZE // 14 * 7)
    read(bench, (Span(0, 8192), Span(1 << 20, 4096)))
    assert bench.seen == [(K.READBACK_ERASED, {"pattern": "zeros", "bytes": 12288})]
    assert bench.record.required_bytes == 12288


def test_data_is_a_mismatch_with_its_place() -> None:
    bench = Bench(MemoryDevice(SIZE))
    at = 3 << 20
    bench.device.data[at : at + 4096] = (b"Nom ; prenom ; adresse ; telephone " * 200)[:4096]
    read(bench)
    ((kind, detail),) = bench.seen
    assert kind is K.READBACK_MISMATCH
    assert isinstance(detail["first_lba"], int)
    assert detail["first_lba"] * SECTOR <= at < detail["first_lba"] * SECTOR + (4 << 20)
    assert "data:1" in str(detail["patterns"])


def test_two_patterns_are_no_erased_surface() -> None:
    bench = Bench(MemoryDevice(SIZE))
    bench.device.data[SIZE // 2 :] = b"\xff" * (SIZE // 2)
    half = SIZE // 2
    read(bench, (Span(0, half), Span(half, half)))
    ((kind, detail),) = bench.seen
    assert kind is not K.READBACK_ERASED
    assert detail["patterns"]


def test_noise_is_erased_only_after_a_crypto_erase() -> None:
    def noisy() -> Bench:
        bench = Bench(MemoryDevice(SIZE))
        stream().fill(memoryview(bench.device.data), 0)
        return bench

    after_crypto, after_block = noisy(), noisy()
    read(after_crypto, noise=True)
    assert after_crypto.seen == [(K.READBACK_ERASED, {"pattern": "random", "bytes": SIZE})]
    read(after_block)
    assert after_block.seen == [(K.READBACK_INCOMPLETE, {"patterns": "random:1", "bytes": SIZE})]


def test_a_sector_that_cannot_be_read_leaves_the_surface_unproven() -> None:
    bench = Bench(MemoryDevice(SIZE))
    bench.device.bad_reads = {100}
    read(bench, (Span(0, SIZE // 2), Span(SIZE // 2, SIZE // 2)))
    assert bench.errors == [("read", 100, 1)]
    ((kind, detail),) = bench.seen
    assert kind is K.READBACK_INCOMPLETE
    assert detail["bytes"] == bench.record.verified_bytes == SIZE // 2


def test_a_drive_that_is_dying_is_given_up() -> None:
    bench = Bench(MemoryDevice(SIZE), bad_limit=4)
    bench.device.bad_reads = set(range(0, SIZE // SECTOR, 64))
    read(bench)
    assert bench.seen[0] == (K.READ_ERRORS, {"gave_up_at": 4})
    assert bench.seen[-1][0] is K.READBACK_INCOMPLETE


def test_reading_stops_where_the_operator_says_so() -> None:
    bench = Bench(MemoryDevice(SIZE))
    bench.stop.left = 0
    with pytest.raises(Stopped):
        read(bench)
