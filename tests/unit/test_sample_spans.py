"""Where a sampled verification reads."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from reprise.domain.techniques import VerifyDepth
from reprise.domain.verification import (
    PERCENT_PER_READ,
    SECTIONS,
    sample_spans,
    verify_spans,
)
from unit.evidence import SIZE


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
