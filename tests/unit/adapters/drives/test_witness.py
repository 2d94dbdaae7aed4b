"""Marks that stand are planted before a drive erases itself, and what is no witness is told."""

from __future__ import annotations

import errno
from functools import partial
from itertools import count

import pytest

from reprise.adapters.drives.blockio import DriveGoneError
from reprise.adapters.drives.surface import witness
from reprise.adapters.drives.surface.canaries import BAD_MARKS, Canaries
from reprise.adapters.drives.surface.meter import Meter
from reprise.adapters.drives.surface.rescue import Stopped
from reprise.domain.erasure.canaries import CANARY_BYTES, nearby
from reprise.domain.erasure.progress import Progress
from unit.adapters.drives.memory_device import SECTOR, MemoryDevice
from unit.adapters.drives.witness_kit import COUNT, JOB, PER_MARK, SIZE, Bench, K, sectors, stream


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
    bench, sent = Bench(), list[object]()
    assert bench.run(bench.surface.plant(bench.canaries, sent.append)) is True
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


@pytest.mark.parametrize("kind", ["write", "read"])
def test_too_many_bad_marks_are_no_witness_and_are_told_one_by_one(kind: str) -> None:
    bench = Bench()
    bad = bench.canaries.offsets[:BAD_MARKS]
    getattr(bench.device, f"bad_{kind}s").update(sectors(*bad))
    assert bench.plant() is False
    assert bench.errors == [(kind, offset // SECTOR, PER_MARK) for offset in bad]
    assert [what for what, _detail in bench.seen] == [K.WRITE_ERRORS]
    assert bench.seen[0][1] == {"canaries": COUNT, "standing": 0}, "no other place is tried"


def test_one_bad_mark_less_than_too_many_is_a_witness() -> None:
    bench = Bench()
    bench.device.bad_writes |= sectors(*bench.canaries.offsets[: BAD_MARKS - 1])
    assert bench.plant() is True
    assert bench.seen[0][1]["places"] == BAD_MARKS - 1


def test_two_marks_that_find_no_place_are_too_many_bad_places() -> None:
    """Four places each, and all the other marks stand."""
    bench = Bench()
    offsets, places = bench.canaries.offsets, list[int]()
    for start in (offsets[10], offsets[100]):
        one, taken = [start], {*offsets, *places}
        while len(one) < 4:
            place = nearby(one[-1], SIZE, taken)
            assert place is not None
            one.append(place)
            taken.add(place)
        places += one
    bench.device.bad_writes |= sectors(*places)
    assert bench.plant() is False
    assert bench.seen == [(K.WRITE_ERRORS, {"canaries": COUNT, "standing": COUNT - 2})]
    assert len(bench.errors) == BAD_MARKS == 8
    seven = Bench()
    seven.device.bad_writes |= sectors(*places[:-1])
    assert seven.plant() is True


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


def test_marks_that_fail_again_near_by_add_up() -> None:
    """Four bad places, and the four beside them: as many as eight at once."""
    bench = Bench()
    offsets = bench.canaries.offsets
    chosen = offsets[10], offsets[60], offsets[110], offsets[160]
    beside = [nearby(one, SIZE, set(offsets)) for one in chosen]
    bench.device.bad_writes |= sectors(*chosen, *(one for one in beside if one is not None))
    assert bench.plant() is False
    assert len(bench.errors) == BAD_MARKS
    three = Bench()
    three.device.bad_writes |= sectors(*chosen[:3], *(one for one in beside[:3] if one is not None))
    assert three.plant() is True
    assert three.seen[0][1]["places"] == 6


def test_a_flush_without_a_number_is_told_all_the_same() -> None:
    def fails(_device: object) -> None:
        raise OSError("no number")

    bench = Bench()
    assert bench.run(bench.surface.plant(bench.canaries, fails)) is False
    assert bench.seen == [(K.FLUSH_FAILED, {"errno": "?"})]
