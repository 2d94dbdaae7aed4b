"""An attempt's verdict by what its record tells: the verdict itself is a word, which whoever holds
a key can sign, and which a look that came after it may have overtaken."""

from __future__ import annotations

from dataclasses import replace

from reprise.domain.erasure.sampling import SAMPLE_SHARE
from reprise.domain.erasure.verification import Evidence, judge
from reprise.domain.planning.techniques import Verdict, VerifyDepth, reaches
from reprise.domain.report.report import AttemptRecord

_LARGEST_SECTOR = 64 << 10  # bytes; a sample is made of whole sectors


def judged_again(attempt: AttemptRecord, size_bytes: int) -> AttemptRecord:
    """With the verdict, claim and reasons that follow; never better than they are. `size_bytes`:
    the largest that the drive was ever told to have. Who wrote or read more than that has at least
    done all of it (plausibility.py doubts it)."""
    if attempt.verdict is not Verdict.VERIFIED:
        return attempt
    size = max(size_bytes, attempt.written_bytes, attempt.verified_bytes) if size_bytes > 0 else 0
    planned = attempt.attempt
    if attempt.resumed_from_bytes:  # see depth_for in adapters/drives/surface/record.py
        planned = replace(planned, verify=VerifyDepth.FULL)
    word = judge(
        Evidence(
            attempt=planned,
            size_bytes=size,
            written_bytes=attempt.written_bytes,
            verified_bytes=attempt.verified_bytes,
            required_bytes=max(1, int(size * SAMPLE_SHARE) - _LARGEST_SECTOR),
            observations=attempt.observations,
            medium_errors=attempt.medium_errors,
        )
    )
    lower = word.achieved if reaches(attempt.achieved, word.achieved) else attempt.achieved
    return replace(attempt, verdict=word.verdict, achieved=lower, reasons=word.reasons)
