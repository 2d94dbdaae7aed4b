"""A sound over the silence before it."""

from __future__ import annotations

from reprise.domain.checks.catalogue import CheckId, CheckReason, MeasureName, Unit
from reprise.domain.checks.results import CheckResult, Measure, made

MICROPHONE_RISE_MIN_DB = 10.0  # a voice or our tone over the silence before


def judge_microphone(silence_db: float, sound_db: float) -> CheckResult:
    """Root mean square against full scale, before and while there was something to hear."""
    measures = (
        Measure(MeasureName.SILENCE_LEVEL, round(silence_db, 1), Unit.DECIBELS),
        Measure(MeasureName.SOUND_LEVEL, round(sound_db, 1), Unit.DECIBELS),
    )
    rose = sound_db - silence_db >= MICROPHONE_RISE_MIN_DB
    return made(CheckId.MICROPHONE, None if rose else CheckReason.SILENT, measures)
