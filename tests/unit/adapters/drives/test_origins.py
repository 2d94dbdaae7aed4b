"""A block of ours at the wrong place is named with where it was meant for, on both streams."""

from __future__ import annotations

import uuid
from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reprise.adapters.drives.surface.keystream import Keystream
from reprise.adapters.drives.surface.origins import origin, search
from reprise.domain.erasure import origins as rule
from reprise.domain.erasure.origins import (
    MOST_HEADS,
    MOST_TRIES,
    Piece,
    Wrapped,
    giant_steps,
    likely,
)
from reprise.domain.erasure.pattern import Stream

JOB = str(uuid.UUID("6f1f0a8f-2c11-4b7a-8a59-3f0c7b529d1e"))
KEY = bytes(range(32))
AES, CHACHA = Stream.AES_256_CTR, Stream.CHACHA20
MIB, GIB, TIB = 1 << 20, 1 << 30, 1 << 40

both = pytest.mark.parametrize("kind", [AES, CHACHA])


def stands(kind: Stream, at: int, meant_for: int, length: int, sector: int = 512) -> Piece:
    """At `at` stands what was written for `meant_for`; a stretch of `length` bytes of it."""
    head_at = Keystream(JOB, KEY, kind).heads()
    return Piece(at, sector, tuple(head_at(meant_for + i) for i in range(0, length, sector)))


def found(kind: Stream, size: int, *pieces: Piece) -> tuple[Wrapped, ...]:
    stream = Keystream(JOB, KEY, kind)
    if kind is CHACHA:
        return search(stream, pieces, size, lambda: False)
    return tuple(one for p in pieces for one in origin(stream, p.offset, p.heads[0], size))


@both
@pytest.mark.parametrize(
    ("size", "at", "meant_for", "length"),
    [
        # a stick of 8 GB that says 64 GB, of 120 GB that says 2 TB, of an odd size that says 4 TB
        (64 * GIB, 0, 56 * GIB, 4 * MIB),
        (2 * TIB, 0, 1920 * GIB, 4 * MIB),
        (4 * TIB, 3 * 512, 4 * TIB - 123_456_789 * 512, 4 * MIB),
        # its end is missing by a few sectors only
        (500 * GIB, 0, 500 * GIB - 4096, 4096),
        # one request was misdirected: near by, on a stuck address line, anywhere
        (2 * TIB, 700 * GIB, 700 * GIB + 512, 512),
        (2 * TIB, 700 * GIB + 1024, 700 * GIB + 1024 - 3 * MIB, 4096),
        (2 * TIB, 700 * GIB, 700 * GIB + (1 << 35), 512),
        (128 * GIB, 77 * GIB + 512, 101 * GIB + 5 * 512, 128 << 10),
        (4 * GIB, 77 * MIB, 3 * GIB + 5 * 4096, 4096),
    ],
)
def test_where_it_was_meant_for(
    kind: Stream, size: int, at: int, meant_for: int, length: int
) -> None:
    piece = stands(kind, at, meant_for, length)
    (one,) = found(kind, size, piece)
    assert one.meant_for_bytes - one.at_bytes == meant_for - at
    assert at <= one.at_bytes < at + length


def test_a_stretch_is_found_wherever_it_was_meant_for(monkeypatch: pytest.MonkeyPatch) -> None:
    """Drives of any number of sectors up to 4 GiB; a stretch as long as the tries ask for."""
    monkeypatch.setattr(rule, "MOST_TRIES", 1 << 15)
    seen: Counter[bool] = Counter()
    number = st.integers(0, 1 << 60)

    @settings(max_examples=60, deadline=None)
    @given(st.integers(20, 31), number, number, number)
    def ask(power: int, size: int, at: int, meant_for: int) -> None:
        sectors = (1 << power) // 512 + size % ((1 << power) // 512)
        length = min(2 * -(-sectors >> 15), sectors // 2)  # a power of two of half of it at least
        at, meant_for = at % (sectors - length), meant_for % (sectors - length)
        named = found(
            CHACHA, sectors * 512, stands(CHACHA, at * 512, meant_for * 512, length * 512)
        )
        moved = at != meant_for
        seen[moved] += 1
        assert [one.meant_for_bytes - one.at_bytes for one in named] == (
            [(meant_for - at) * 512] if moved else []
        )

    ask()
    assert seen[True] > 30


@both
def test_what_was_never_written_by_this_job_comes_from_nowhere(kind: Stream) -> None:
    zeros = Piece(0, 512, (bytes(16),) * 64)
    other = Keystream(str(uuid.uuid4()), KEY, kind).heads()
    old = Piece(MIB, 512, tuple(other(MIB + i * 512) for i in range(64)))
    assert found(kind, 64 * MIB, zeros, old) == ()


@both
def test_a_sector_that_is_damaged_at_its_own_place_was_meant_for_it(kind: Stream) -> None:
    assert found(kind, 64 * MIB, stands(kind, MIB, MIB, 512)) == ()


@both
def test_each_of_several_is_named(kind: Stream) -> None:
    pieces = (
        stands(kind, 0, 32 * MIB, 4096),
        Piece(MIB, 512, (bytes(16),)),
        stands(kind, 2 * MIB, 34 * MIB, 512),
        stands(kind, 4 * MIB, 41 * MIB + 1536, 512),
    )
    assert found(kind, 64 * MIB, *pieces) == (
        Wrapped(0, 32 * MIB),
        Wrapped(2 * MIB, 34 * MIB),
        Wrapped(4 * MIB, 41 * MIB + 1536),
    )


def test_a_stretch_whose_beginning_is_something_else_is_named_by_what_is_ours() -> None:
    ours = stands(CHACHA, 4096, 9 * MIB + 4096, 8192)
    mixed = Piece(0, 512, (bytes(16),) * 8 + ours.heads)
    (one,) = found(CHACHA, 16 * MIB, mixed)
    assert 4096 <= one.at_bytes < mixed.end
    assert one.meant_for_bytes - one.at_bytes == 9 * MIB


def test_whoever_stops_gets_what_is_found_at_once() -> None:
    far = stands(CHACHA, 0, 9 * GIB + 512, 4096)
    near = stands(CHACHA, GIB, GIB + 4096, 512)
    stuck = stands(CHACHA, 2 * GIB, 10 * GIB, 512)
    asked: list[int] = []

    def stopped() -> bool:
        asked.append(1)
        return True

    stream = Keystream(JOB, KEY, CHACHA)
    pieces = (near, stuck, far)
    named = search(stream, pieces, 16 * GIB, stopped)
    assert named == (Wrapped(GIB, GIB + 4096), Wrapped(2 * GIB, 10 * GIB))
    assert len(asked) == 1
    assert len(found(CHACHA, 16 * GIB, *pieces)) == 3


@pytest.mark.parametrize("size", [512, 4096, 10 * MIB + 512, 16 * TIB])
@pytest.mark.parametrize("sectors", [1, 3, 4096])
@pytest.mark.parametrize("sector", [512, 4096])
def test_the_tries_are_few_and_on_the_drive(size: int, sectors: int, sector: int) -> None:
    piece = Piece(0, sector, (bytes(16),) * sectors)
    for way, most in ((likely, 40_000), (giant_steps, MOST_TRIES)):
        tries = 0
        for offset in way((piece,), size):
            tries += 1
            assert 0 <= offset < size and offset % sector == 0
        assert tries <= most


def test_a_short_stretch_on_a_large_drive_is_given_up_in_time() -> None:
    """What is not found is not named; the drive has failed all the same."""
    piece = stands(CHACHA, 0, 7 * TIB + 512 * 12_345, 512)
    assert found(CHACHA, 8 * TIB, piece) == ()


def test_how_far_the_tries_reach() -> None:
    """As the docstring says."""
    assert MOST_TRIES * MOST_HEADS * 512 == 8 * TIB
    assert MOST_TRIES * (128 << 10) == 512 * GIB


@pytest.mark.parametrize("size", [512, 10 * MIB, 10 * MIB + 512, 3 * GIB + 1536])
def test_no_place_is_tried_twice_by_the_giant_steps(size: int) -> None:
    tried = list(giant_steps((Piece(0, 512, (bytes(16),) * 4096),), size))
    assert len(tried) == len(set(tried)) > 0
    if size < GIB:
        assert set(tried) == set(range(0, size, 512))


def test_a_long_loss_does_not_halve_the_reach_of_a_short_move(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(rule, "MOST_TRIES", 1 << 14)
    size = (1 << 14) * (128 << 10)
    moved = stands(CHACHA, 77 * MIB + 512, 901 * MIB + 5 * 512, 128 << 10)
    lost = Piece(8 * MIB, 512, (bytes(16),) * 4096)
    assert len(found(CHACHA, size, moved)) == len(found(CHACHA, size, lost, moved)) == 1


def test_what_moved_a_long_stretch_names_a_short_one_that_no_try_finds() -> None:
    by = 9 * GIB + 5 * 512
    long = stands(CHACHA, 0, by, 2 * MIB)
    short = stands(CHACHA, 3 * GIB + 512, 3 * GIB + 512 + by, 512)
    assert found(CHACHA, 64 * GIB, short) == ()
    assert len(found(CHACHA, 64 * GIB, long, short)) == 2
