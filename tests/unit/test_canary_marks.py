"""Whether a mark stands is decided by its 16-byte blocks, wherever zeros happen to lie."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reprise.adapters.surface.canaries import _has_zero_block


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
