"""When a camera passes."""

from __future__ import annotations

from reprise.domain.checks.camera import judge_camera
from unit.domain.checks.results_told import FAILED, PASSED, L, M, R, whole


def test_an_even_picture_shows_nothing() -> None:
    values = {M.BRIGHTNESS: 12.3, M.CONTRAST: 3.0}
    good = (PASSED, None, "Cam", values, (L.ONE_PICTURE,))
    assert whole(judge_camera("Cam", 12.34, 3.04)) == good
    assert whole(judge_camera("Cam", 12.34, 2.99))[:2] == (FAILED, R.BLANK_PICTURE)
