"""Where a sampled verification reads."""

from __future__ import annotations

import hashlib
import struct
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reprise.domain.erasure.sampling import (
    PERCENT_PER_READ,
    SECTIONS,
    sample_seed,
    sample_spans,
    verify_spans,
)
from reprise.domain.planning.techniques import VerifyDepth
from unit.domain.report.evidence import SIZE


@given(st.integers(1, 1 << 36), st.sampled_from([512, 4096]), st.binary(min_size=32, max_size=32))
def test_the_sample_is_what_the_recipe_asks_for(size: int, align: int, seed: bytes) -> None:
    size -= size % 512
    spans = sample_spans(size, align, seed)
    if size == 0:
        assert spans == ()
        return
    assert spans[0].offset == 0
    assert spans[-1].end == size
    assert all(one.end < two.offset for one, two in pairwise(spans))
    assert all(span.offset % align == 0 for span in spans)
    read = sum(span.length for span in spans)
    assert read * 100 >= 2 * PERCENT_PER_READ * (size - align)
    sectors = size // align
    if sectors < 2 * SECTIONS:
        assert read == size
        return
    for section in range(0, SECTIONS, 97):
        first = section * sectors // SECTIONS * align
        end = (section + 1) * sectors // SECTIONS * align
        inside = sum(max(0, min(span.end, end) - max(span.offset, first)) for span in spans)
        assert inside * 100 >= 2 * PERCENT_PER_READ * (end - first)


def test_the_sample_depends_on_the_seed_only() -> None:
    assert sample_spans(SIZE, 512, b"a" * 32) == sample_spans(SIZE, 512, b"a" * 32)
    assert sample_spans(SIZE, 512, b"a" * 32) != sample_spans(SIZE, 512, b"b" * 32)


def test_full_means_every_byte() -> None:
    (span,) = verify_spans(VerifyDepth.FULL, SIZE + 512, 4096, b"")
    assert (span.offset, span.length) == (0, SIZE + 512)


def _starts(section: int, count: int, length: int, seed: bytes) -> tuple[int, int]:
    """As docs/sanitization.md and the recipe have it, in another hand: SHA-256 of the seed and the
    section's number (four bytes, the highest first), and of that its first two 64-bit numbers."""
    digest = hashlib.sha256(seed + struct.pack(">I", section)).digest()
    first, second = sorted(n % (count - 2 * length + 1) for n in struct.unpack(">QQ", digest[:16]))
    return first, second + length


@pytest.mark.parametrize(("count", "length"), [(10, 1), (20, 1), (100, 5), (119, 6)])
def test_a_stranger_finds_the_same_places(count: int, length: int) -> None:
    """So many sectors in each section, and one twentieth, rounded up, for each of two reads."""
    seed = b"s" * 32
    read = {0, 1000 * count - 1}
    for section in range(1000):
        for start in _starts(section, count, length, seed):
            read.update(range(count * section + start, count * section + start + length))
    spans = sample_spans(1000 * count * 512, 512, seed)
    assert {at for span in spans for at in range(span.offset // 512, span.end // 512)} == read


def test_the_seed_is_of_the_job_and_its_key() -> None:
    known = hashlib.sha256(b"reprise-sample" + b"job-1" + b"key").digest()
    assert sample_seed("job-1", b"key") == known


def test_a_drive_of_two_thousand_sectors_is_the_least_that_is_sampled() -> None:
    (whole,) = sample_spans(1999 * 512, 512, b"s" * 32)
    assert (whole.offset, whole.end) == (0, 1999 * 512)
    assert sum(span.length for span in sample_spans(2000 * 512, 512, b"s" * 32)) == 2000 * 512
    third = sample_spans(3000 * 512, 512, b"s" * 32)
    assert 2000 * 512 <= sum(span.length for span in third) <= 2002 * 512
