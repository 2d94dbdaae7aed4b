"""Which foreign stretches a read-back keeps: what was moved is named among what was lost."""

from __future__ import annotations

from collections import Counter

import pytest

from reprise.adapters.drives.surface.compare import Difference, difference
from reprise.adapters.drives.surface.keystream import Keystream
from reprise.adapters.drives.surface.readback import Foreign
from reprise.domain.erasure import origins
from reprise.domain.erasure.origins import Piece, Wrapped
from reprise.domain.erasure.pattern import Span, Stream
from unit.adapters.drives.test_origins import CHACHA, GIB, JOB, KEY, MIB, TIB, both, found, stands


@pytest.fixture(autouse=True)
def searched_briefly(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is kept is tested here; how far is searched, in test_origins."""
    monkeypatch.setattr(origins, "MOST_TRIES", 1 << 18)


def kept(kind: Stream, held: bytearray, size: int, *more: Difference) -> Foreign:
    """What a read-back of many chunks keeps: this one, at the drive's start, among the others."""
    foreign = Foreign()
    for one in more[: len(more) // 2]:
        foreign.add(one)
    foreign.add(difference(Keystream(JOB, KEY, kind), memoryview(held), 0, 512, size))
    for one in more[len(more) // 2 :]:
        foreign.add(one)
    return foreign


def lost(offset: int, length: int) -> Difference:
    """Nothing of what was written stands there, but old data, other in each sector."""
    sectors = range(offset // 512, (offset + min(length, 2 * MIB)) // 512)
    piece = Piece(offset, 512, tuple(number.to_bytes(16, "big") for number in sectors))
    return Difference((Span(offset, length),), pieces=(piece,))


@both
def test_many_lost_sectors_do_not_hide_one_that_was_moved(kind: Stream) -> None:
    """Forty single ones in one chunk after the other, and 1 MiB from elsewhere among them."""
    held = bytearray(2 * MIB)
    Keystream(JOB, KEY, kind).fill(memoryview(held)[:MIB], 0)
    Keystream(JOB, KEY, kind).fill(memoryview(held)[MIB:], 5 * GIB)
    for at in range(0, 9 * 512 * 16, 512 * 16):
        held[at : at + 512] = bytes(512)
    others = [lost((9 + number) * 8 * MIB, 512) for number in range(400)]
    foreign = kept(kind, held, 8 * GIB, *others)
    assert foreign.count == 410
    named = foreign.wrapped or found(kind, 8 * GIB, *foreign.pieces)
    assert [(one.at_bytes, one.meant_for_bytes) for one in named] == [(MIB, 5 * GIB)]


def test_old_data_does_not_take_the_place_of_a_wrap_behind_it() -> None:
    """28 lost chunks and four that were moved: as much as is read of a drive that has failed."""
    moved = [
        Difference((Span(at, 8 * MIB),), pieces=(stands(CHACHA, at, GIB + at, 2 * MIB),))
        for at in range(28 * 8 * MIB, 32 * 8 * MIB, 8 * MIB)
    ]
    before = [lost(number * 8 * MIB, 8 * MIB) for number in range(28)]
    foreign = Foreign()
    for one in (*before, *moved):
        foreign.add(one)
    assert len(found(CHACHA, 4 * GIB, *foreign.pieces)) == 4


def test_of_many_alike_some_from_everywhere_are_kept() -> None:
    foreign = Foreign()
    for number in range(1000):
        foreign.add(lost(number * 8 * MIB, 512))
    assert len(foreign.pieces) == 32
    quarters = Counter(piece.offset // (250 * 8 * MIB) for piece in foreign.pieces)
    assert min(quarters[quarter] for quarter in range(4)) >= 3


def test_torn_at_its_own_place_and_whole_elsewhere_is_named() -> None:
    """The first 16 bytes of a sector stand where they should, and the whole of it stands twice."""
    torn = stands(CHACHA, 9 * MIB, 9 * MIB, 512)
    copy = stands(CHACHA, 40 * MIB, 9 * MIB, 512)
    assert found(CHACHA, 64 * MIB, torn, copy) == (Wrapped(40 * MIB, 9 * MIB),)


def test_many_longer_losses_do_not_hide_a_shorter_move() -> None:
    foreign = Foreign()
    for number in range(40):
        foreign.add(lost(number * 8 * MIB, 256 << 10))
    moved = stands(CHACHA, 400 * MIB, 435 * MIB, 128 << 10)
    foreign.add(Difference((Span(400 * MIB, 128 << 10),), pieces=(moved,)))
    assert found(CHACHA, GIB, *foreign.pieces) == (Wrapped(400 * MIB, 435 * MIB),)


@both
def test_longer_losses_in_one_chunk_do_not_hide_a_shorter_move(kind: Stream) -> None:
    """Nine lost stretches of 128 KiB, and 64 KiB from elsewhere behind them."""
    held = bytearray(8 * MIB)
    stream = Keystream(JOB, KEY, kind)
    stream.fill(memoryview(held), 0)
    for number in range(9):
        held[number * 256 << 10 : (number * 256 + 128) << 10] = bytes(128 << 10)
    stream.fill(memoryview(held)[5 * MIB : 5 * MIB + (64 << 10)], 5 * GIB)
    foreign = kept(kind, held, 8 * GIB)
    named = foreign.wrapped or found(kind, 8 * GIB, *foreign.pieces)
    assert [(one.at_bytes, one.meant_for_bytes) for one in named] == [(5 * MIB, 5 * GIB)]


def test_a_small_shift_is_named_beside_a_longer_loss() -> None:
    shifted = stands(CHACHA, 700 * GIB, 700 * GIB + MIB + 37 * 512, 4096)
    longer = lost(GIB, 8192).pieces
    assert len(found(CHACHA, 2 * TIB, *longer, shifted)) == 1


def test_chunks_of_4_kib_sectors_are_all_kept() -> None:
    """31 lost ones and one that was moved, of 2,048 sectors each."""
    head_at = Keystream(JOB, KEY, CHACHA).heads()
    for moved in (0, 15, 31):
        foreign = Foreign()
        for number in range(32):
            at, by = number * 8 * MIB, 5 * GIB if number == moved else -1
            heads = (
                tuple(head_at(at + by + i * 4096) for i in range(2048))
                if by > 0
                else tuple((at + i).to_bytes(16, "big") for i in range(2048))
            )
            foreign.add(Difference((Span(at, 8 * MIB),), pieces=(Piece(at, 4096, heads),)))
        assert len(found(CHACHA, 8 * GIB, *foreign.pieces)) == 1
