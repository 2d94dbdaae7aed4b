"""One picture of a camera."""

from __future__ import annotations

from reprise.domain.checks.catalogue import CheckId, CheckLimit, CheckReason, MeasureName, Unit
from reprise.domain.checks.results import CheckResult, Measure, made

CAMERA_CONTRAST_MIN = 3.0  # standard deviation of luma, 0 to 255: below, one even surface


def judge_camera(name: str, brightness: float, contrast: float) -> CheckResult:
    """Mean and standard deviation of luma, 0 to 255, of one picture."""
    measures = (
        Measure(MeasureName.BRIGHTNESS, round(brightness, 1), Unit.LEVEL),
        Measure(MeasureName.CONTRAST, round(contrast, 1), Unit.LEVEL),
    )
    reason = CheckReason.BLANK_PICTURE if contrast < CAMERA_CONTRAST_MIN else None
    return made(CheckId.CAMERA, reason, measures, (CheckLimit.ONE_PICTURE,), name)
