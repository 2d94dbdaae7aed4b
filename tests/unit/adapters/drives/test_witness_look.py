"""No mark and no byte of data is overlooked on a drive that erased itself."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from itertools import count

import pytest

from reprise.adapters.drives.surface import witness
from reprise.adapters.drives.surface.canaries import BAD_MARKS
from reprise.adapters.drives.surface.meter import Meter
from reprise.adapters.drives.surface.rescue import Stopped
from reprise.domain.erasure.canaries import CANARY_BYTES
from reprise.domain.erasure.pattern import Span
from reprise.domain.erasure.progress import Progress
from unit.adapters.drives.memory_device import SECTOR, MemoryDevice
from unit.adapters.drives.witness_kit import COUNT, PER_MARK, SIZE, Bench, K, sectors, stream


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


def test_who_says_nothing_looks_at_a_drive_that_may_be_read() -> None:
    bench = planted()
    bench.erase()
    bench.device.bad_reads = sectors(bench.canaries.offsets[3])
    assert bench.run(bench.surface.look(bench.canaries)) is True
    assert len(bench.errors) == 1


def test_while_nothing_comes_the_screen_hears_of_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """A drive that hangs: the rate falls, and the operator may stop."""
    ticks = count()
    monkeypatch.setattr(witness, "Meter", partial(Meter, now=lambda: float(next(ticks))))

    def hanging(*_what: object) -> Iterator[None]:
        try:
            for _again in range(3):
                yield None
        finally:
            closed.append(True)

    closed: list[bool] = []
    monkeypatch.setattr(witness, "scan_chunks", hanging)
    bench = Bench()
    read(bench)
    told = [one for one in bench.events if isinstance(one, Progress)]
    assert [one.done_bytes for one in told] == [0, 0, 0, 0]
    assert bench.seen == [(K.READBACK_INCOMPLETE, {"patterns": "", "bytes": 0})]
    stopped = Bench()
    stopped.stop.left = 1
    with pytest.raises(Stopped):
        read(stopped)
    assert closed == [True, True], "the threads that read are sent home"


def test_each_chunk_is_told_as_progress(monkeypatch: pytest.MonkeyPatch) -> None:
    ticks = count()
    monkeypatch.setattr(witness, "Meter", partial(Meter, now=lambda: float(next(ticks))))
    bench = Bench(MemoryDevice(SIZE))
    half = SIZE // 2
    read(bench, (Span(0, half), Span(half, half)))
    told = [one.done_bytes for one in bench.events if isinstance(one, Progress)]
    assert [done for done in told if done] == [half, SIZE, SIZE]
