"""Whether a mark stands is decided by its 16-byte blocks, wherever zeros happen to lie."""

from __future__ import annotations

import struct
from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reprise.adapters.drives.surface.canaries import _has_zero_block
from reprise.domain.erasure.canaries import CANARY_BYTES, canary_offsets, enough_stand, nearby


def by_its_definition(data: bytes) -> bool:
    return any(data[at : at + 16] == bytes(16) for at in range(0, len(data), 16))


@given(st.lists(st.tuples(st.integers(0, 255), st.integers(0, 1), st.integers(1, 40)), max_size=9))
def test_one_whole_block_of_zeros_is_found_and_nothing_else(
    runs: list[tuple[int, int, int]],
) -> None:
    """Runs of zeros and of others, at any place."""
    data = b"".join(bytes([byte * other]) * length for byte, other, length in runs)
    data += b"\1" * (-len(data) % 16)
    assert _has_zero_block(data) is by_its_definition(data)


@pytest.mark.parametrize("before", [0, 16, 4080])
def test_a_single_block_stands_wherever_it_is(before: int) -> None:
    assert _has_zero_block(b"\1" * before + bytes(16) + b"\1" * (4080 - before))


@pytest.mark.parametrize("before", [1, 15, 17])
def test_sixteen_zeros_across_two_blocks_are_none(before: int) -> None:
    assert not _has_zero_block(b"\1" * before + bytes(16) + b"\1" * (4080 - before))


@given(st.integers(0, 9_999).map(lambda block: block * CANARY_BYTES), st.integers(1, 10_000))
def test_a_place_near_by_is_free_and_on_the_drive(offset: int, blocks: int) -> None:
    size = blocks * CANARY_BYTES
    taken = {offset, offset + CANARY_BYTES}
    place = nearby(offset, size, taken)
    if place is not None:
        assert place % CANARY_BYTES == 0
        assert 0 <= place <= size - CANARY_BYTES
        assert place not in taken
        assert abs(place - offset) <= 1 << 20
    elif blocks >= 2000 and offset < size:
        raise AssertionError("there is always room on a drive")


@pytest.mark.parametrize(
    ("planned", "standing", "enough"),
    [
        (1, 1, True),
        (2000, 2000, True),
        (2000, 1980, True),
        (2000, 1979, False),
        (16, 15, False),
        (0, 0, False),
    ],
)
def test_how_many_marks_are_a_witness(planned: int, standing: int, enough: bool) -> None:
    assert enough_stand(planned, standing) == enough


def test_the_places_near_by_in_their_order() -> None:
    """Ahead and behind, farther and farther: bad sectors come in rows, up to 1 MiB."""
    at, taken, found = 1000 * CANARY_BYTES, set[int](), list[int]()
    while (place := nearby(at, 1 << 30, taken)) is not None:
        taken.add(place)
        found.append(place // CANARY_BYTES - 1000)
    assert found == [1, -1, 3, -3, 24, -24, 250, -250]


def test_the_first_and_the_last_block_are_places_too() -> None:
    size = 100 * CANARY_BYTES
    assert nearby(CANARY_BYTES, size, {2 * CANARY_BYTES}) == 0
    assert nearby(98 * CANARY_BYTES, size, ()) == 99 * CANARY_BYTES
    assert nearby(0, CANARY_BYTES, ()) is None


def test_where_marks_are_planted_is_told_by_the_seed_alone() -> None:
    """Both ends, 1 MiB, every power of two, and one place in each of 2,000 equal sections: SHA-256
    of the seed and the section's number, and of that the first 64 bits."""
    blocks, seed = 2_000_500, b"s" * 32
    expected = {0, blocks - 1, 256, *(1 << bit for bit in range(21))}
    for section in range(2000):
        first, end = (n * blocks // 2000 for n in (section, section + 1))
        (number,) = struct.unpack(">Q", sha256(seed + struct.pack(">I", section)).digest()[:8])
        expected.add(first + number % (end - first))
    found = canary_offsets(blocks * 4096 + 512, seed)
    assert found == tuple(block * 4096 for block in sorted(expected))


def test_a_drive_of_two_thousand_blocks_is_marked_everywhere() -> None:
    assert canary_offsets(2000 * 4096, b"") == tuple(range(0, 2000 * 4096, 4096))
    assert canary_offsets(4095, b"") == ()
    power_of_two = canary_offsets(2048 * 4096, b"s" * 32)
    assert (power_of_two[0], power_of_two[-1]) == (0, 2047 * 4096)
