"""Which of two results of a check counts."""

from __future__ import annotations

import pytest

from reprise.domain.checks.catalogue import CheckId, CheckReason
from reprise.domain.checks.merging import merged
from reprise.domain.checks.results import CheckResult, CheckStatus, skipped

CAMERA = CheckId.CAMERA


@pytest.mark.parametrize(
    ("status", "reason", "stays"),
    [
        (CheckStatus.PASSED, None, True),
        (CheckStatus.FAILED, CheckReason.BLANK_PICTURE, True),
        (CheckStatus.FAILED, CheckReason.SEEN_BROKEN, False),  # by mistake, perhaps
        (CheckStatus.UNKNOWN, CheckReason.NONE_FOUND, False),
    ],
)
def test_what_was_measured_or_has_passed_is_not_skipped_afterwards(
    status: CheckStatus, reason: CheckReason | None, stays: bool
) -> None:
    before = CheckResult(check=CAMERA, status=status, reason=reason)
    after = skipped(CAMERA, CheckReason.NO_TIME)
    assert merged((before,), after) == ((before,) if stays else (after,))
