"""Pieces of the surface that need no drive: erased patterns, the pipeline, the watch over it."""

from __future__ import annotations

import os
import threading
import time
from contextlib import ExitStack, closing
from hashlib import sha256
from itertools import islice

import pytest

from reprise.adapters.drives.surface.erased_pattern import Pattern, SurfaceSummary, appearance_of
from reprise.adapters.drives.surface.keystream import CHUNK_BYTES
from reprise.adapters.drives.surface.pipeline import AHEAD, background, pipeline, workers
from reprise.domain.erasure.pattern import Span, chunks
from station_kit.memory import peak
from station_kit.processes import until

CORES = len(os.sched_getaffinity(0))
SECTOR = b"a sector that comes again and again.....".ljust(512, b"x")
_LINES = (b"line %08d of somebody's letters\n" % number for number in range(8192))
TEXT = b"".join(_LINES)[: 128 << 10]


@pytest.mark.parametrize(
    ("data", "pattern"),
    [
        (bytes(1 << 20), Pattern.ZEROS),
        (bytes(512), Pattern.ZEROS),
        (b"\xff" * (1 << 20), Pattern.ONES),
        (b"\xff" * 512, Pattern.ONES),
        (b"\xff" * (65536 + 512), Pattern.ONES),
        (b"\xaa\x55" * (96 << 10), Pattern.PERIODIC),
        (SECTOR * 300, Pattern.PERIODIC),
        (SECTOR * 299 + SECTOR[:-1] + b"y", Pattern.DATA),
        (SECTOR, Pattern.DATA),
        (TEXT, Pattern.DATA),
        (bytes(512 << 10) + TEXT, Pattern.DATA),
        (b"\xff" * (128 << 10) + bytes(512), Pattern.DATA),
    ],
)
def test_erased_patterns(data: bytes, pattern: Pattern) -> None:
    assert appearance_of(memoryview(bytearray(data))).pattern is pattern


def seen_of(*chunks: bytes) -> SurfaceSummary:
    seen = SurfaceSummary()
    for number, chunk in enumerate(chunks):
        shown = appearance_of(memoryview(bytearray(chunk)))
        seen.add(Span(number * CHUNK_BYTES, len(chunk)), shown)
    return seen


NOISE = os.urandom(64 << 10)
OTHER = b"another sector".ljust(512, b"y")


@pytest.mark.parametrize(
    ("chunks", "with_noise", "without"),
    [
        ([bytes(4096)] * 3, "zeros", "zeros"),
        ([b"\xff" * 4096] * 3, "ones", "ones"),
        ([SECTOR * 8, SECTOR * 9], "periodic", "periodic"),
        ([NOISE, NOISE], "random", None),
        ([SECTOR * 8, OTHER * 8], None, None),
        ([SECTOR * 8, OTHER * 8, SECTOR * 8], None, None),
        ([SECTOR * 8, (SECTOR[1:] + SECTOR[:1]) * 8], None, None),  # the same, shifted
        ([NOISE, bytes(4096)], None, None),
        ([bytes(4096), b"\xff" * 4096], None, None),
        ([TEXT], None, None),
        ([bytes(4096), TEXT, bytes(4096)], None, None),
        ([], None, None),
    ],
)
def test_one_erased_pattern_is_one_over_the_whole_surface(
    chunks: list[bytes], with_noise: str | None, without: str | None
) -> None:
    seen = seen_of(*chunks)
    assert (seen.erased(random_is_erased=True) or {}).get("pattern") == with_noise
    assert (seen.erased(random_is_erased=False) or {}).get("pattern") == without


def test_what_was_seen_is_told_without_anybodys_sector() -> None:
    told = seen_of(SECTOR * 8, SECTOR * 8).erased(random_is_erased=True)
    assert told == {"pattern": "periodic", "sector_sha256": sha256(SECTOR).hexdigest()}
    several = seen_of(SECTOR * 8, OTHER * 8, bytes(512), SECTOR * 8, TEXT, TEXT)
    assert several.patterns == "data:2 periodic:2 periodic-other:1 zeros:1"
    assert several.data_at == 4 * CHUNK_BYTES


def test_a_look_at_a_chunk_takes_no_memory_of_its_size() -> None:
    chunk = memoryview(bytearray(NOISE * (CHUNK_BYTES // len(NOISE))))
    assert peak(lambda: appearance_of(chunk)) < CHUNK_BYTES // 8


def spans(count: int) -> list[Span]:
    return list(chunks(0, count * CHUNK_BYTES, CHUNK_BYTES))


def test_results_come_in_order_whoever_is_first() -> None:
    def work(span: Span, buffer: memoryview) -> int:
        time.sleep(0.02 if span.offset // CHUNK_BYTES % 3 == 0 else 0)
        assert len(buffer) == span.length
        return span.offset

    with closing(pipeline(spans(30), work)) as found:
        seen = [offset for offset in found if offset is not None]
    assert seen == [span.offset for span in spans(30)]


def test_an_error_comes_after_the_results_before_it() -> None:
    def work(span: Span, _buffer: memoryview) -> int:
        if span.offset == 5 * CHUNK_BYTES:
            raise OSError(5, "bad")
        return span.offset // CHUNK_BYTES

    seen: list[int] = []
    with (
        pytest.raises(OSError, match="bad"),
        closing(pipeline(spans(30), work)) as found,
    ):
        seen.extend(number for number in found if number is not None)
    assert seen == [0, 1, 2, 3, 4]


def test_a_caller_that_rests_stops_the_threads() -> None:
    done: list[int] = []

    def work(span: Span, _buffer: memoryview) -> int:
        done.append(span.offset)
        return 1

    with closing(pipeline(spans(60), work)) as found:
        list(islice((one for one in found if one is not None), 2))
        most = 2 + AHEAD * workers(CORES, 1)
        until(lambda: len(done) >= most, "all that may be done ahead")
        time.sleep(0.2)
        assert len(done) == most < 20


@pytest.mark.parametrize(
    ("cores", "drives", "threads"),
    [(1, 1, 3), (2, 1, 3), (4, 1, 4), (64, 1, 4), (2, 4, 3), (2, 5, 2), (4, 8, 3), (4, 12, 2)],
)
def test_the_cores_are_shared_by_the_drives(cores: int, drives: int, threads: int) -> None:
    """One thread transfers, one has the next chunk ready, and each of a drive's cores has one."""
    assert workers(cores, drives) == threads


def test_drives_that_come_later_leave_cores_to_the_first(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(os, "sched_getaffinity", lambda _pid: {0})

    def threads() -> int:
        return sum(one.name.startswith("surface-") for one in threading.enumerate())

    before = threads()
    for _again in range(2):  # who has left is not counted any more
        seen: list[int] = []
        with ExitStack() as stack:
            for _drive in range(4):
                next(stack.enter_context(closing(pipeline(spans(9), lambda *_: 1))))
                seen.append(threads() - before)
        assert seen == [3, 6, 8, 10]
        until(lambda: threads() == before, "threads that end")


def test_a_transfer_that_hangs_is_left_behind() -> None:
    go_on = threading.Event()

    def work(span: Span, _buffer: memoryview) -> int:
        if span.offset == 2 * CHUNK_BYTES:
            go_on.wait(60)
        return 1

    began = time.monotonic()
    with closing(pipeline(spans(30), work)) as found:
        assert list(islice((one for one in found if one is not None), 2)) == [1, 1]
        assert list(islice(found, 2)) == [None, None]
    assert time.monotonic() - began < 30
    go_on.set()


def test_a_call_in_the_background_ticks_and_gives_its_result() -> None:
    ticked = threading.Event()

    def told() -> str:
        ticked.wait(30)
        return "done"

    calling = background(told)
    ticks = 0
    with pytest.raises(StopIteration) as ended:
        while True:
            next(calling)
            ticks += 1
            ticked.set()
    assert ended.value.value == "done"
    assert ticks >= 1


def test_an_error_in_the_background_is_the_callers() -> None:
    def fail() -> None:
        raise OSError(5, "bad")

    with pytest.raises(OSError, match="bad"):
        list(background(fail))
