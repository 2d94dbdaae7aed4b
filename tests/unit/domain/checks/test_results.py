"""What a person says of a part."""

from __future__ import annotations

import pytest

from reprise.domain.checks.catalogue import CheckId, CheckReason
from reprise.domain.checks.results import judge_by_word
from unit.domain.checks.results_told import FAILED, PASSED, L, R, whole


@pytest.mark.parametrize(("works", "reason"), [(True, None), (False, R.SEEN_BROKEN)])
def test_what_only_a_person_can_tell(works: bool, reason: CheckReason | None) -> None:
    result = judge_by_word(CheckId.SCREEN, works)
    assert whole(result) == (PASSED if works else FAILED, reason, "", {}, (L.BY_EYE,))
