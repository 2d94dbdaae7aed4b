"""What a verification reads back: all, or a sample that nobody knows before the job. Pure."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator

from reprise.domain.erasure.pattern import Span
from reprise.domain.planning.techniques import VerifyDepth

# SP 800-88r1, section 4.7: at least 1,000 equal subsections, at least two non-overlapping
# pseudo-random reads in each, each at least 5 % of it, plus the first and the last address.
SECTIONS = 1000
READS_PER_SECTION = 2
PERCENT_PER_READ = 5
SAMPLE_SHARE = READS_PER_SECTION * PERCENT_PER_READ / 100


def sample_spans(size_bytes: int, align_bytes: int, seed: bytes) -> tuple[Span, ...]:
    """Where to read for a sampled verification, in order of address, without overlap.

    `align_bytes`: the sector size; every span is a multiple of it but for the drive's end. `seed`:
    from the job, so that a stranger can find the same places. A drive too small for 1,000 sections
    of two aligned reads each is read in full.
    """
    sectors = size_bytes // align_bytes
    if size_bytes <= 0 or sectors < SECTIONS * READS_PER_SECTION:
        return (Span(0, size_bytes),) if size_bytes > 0 else ()
    return tuple(_join(_sampled(size_bytes, align_bytes, sectors, seed)))


def _sampled(size_bytes: int, align_bytes: int, sectors: int, seed: bytes) -> Iterator[Span]:
    yield Span(0, align_bytes)
    for section in range(SECTIONS):
        first = section * sectors // SECTIONS
        count = (section + 1) * sectors // SECTIONS - first
        length = -(-count * PERCENT_PER_READ // 100)
        for start in _two_starts(count, length, seed + section.to_bytes(4, "big")):
            yield Span((first + start) * align_bytes, length * align_bytes)
    last = (sectors - 1) * align_bytes
    yield Span(last, size_bytes - last)


def _two_starts(count: int, length: int, seed: bytes) -> tuple[int, int]:
    """Two starts in 0..count-length, at least `length` apart, every such pair equally likely but
    for the bias of a 64-bit remainder (below 2^-30 for any real drive)."""
    digest = hashlib.sha256(seed).digest()
    room = count - READS_PER_SECTION * length + 1
    first, second = sorted(int.from_bytes(digest[at : at + 8], "big") % room for at in (0, 8))
    return first, second + length


def _join(spans: Iterable[Span]) -> Iterator[Span]:
    """Glue what touches or overlaps (the first and last sector may lie in a sampled read)."""
    held: Span | None = None
    for span in sorted(spans, key=lambda part: part.offset):
        if held is not None and span.offset <= held.end:
            held = Span(held.offset, max(held.end, span.end) - held.offset)
        else:
            if held is not None:
                yield held
            held = span
    if held is not None:
        yield held


def sample_seed(job_id: str, job_key: bytes) -> bytes:
    """SHA-256 over "reprise-sample", the job's id and its key: known to nobody before the job."""
    return hashlib.sha256(b"reprise-sample" + job_id.encode() + job_key).digest()


def verify_spans(
    depth: VerifyDepth, size_bytes: int, align_bytes: int, seed: bytes
) -> tuple[Span, ...]:
    """What to read back for `depth`."""
    if depth is VerifyDepth.FULL:
        return (Span(0, size_bytes),)
    return sample_spans(size_bytes, align_bytes, seed)
