"""Whether a mark stands is decided by its 16-byte blocks, wherever zeros happen to lie."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reprise.adapters.surface.canaries import _has_zero_block
from reprise.domain.canaries import CANARY_BYTES, enough_stand, nearby


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
    [(2000, 2000, True), (2000, 1980, True), (2000, 1979, False), (16, 15, False), (0, 0, False)],
)
def test_how_many_marks_are_a_witness(planned: int, standing: int, enough: bool) -> None:
    assert enough_stand(planned, standing) == enough
