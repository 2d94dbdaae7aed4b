"""When a microphone passes."""

from __future__ import annotations

from reprise.domain.checks.microphone import judge_microphone
from unit.domain.checks.results_told import FAILED, PASSED, M, R, whole


def test_a_sound_must_rise_out_of_the_silence() -> None:
    values = {M.SILENCE_LEVEL: -60.1, M.SOUND_LEVEL: -50.1}
    assert whole(judge_microphone(-60.125, -50.125)) == (PASSED, None, "", values, ())
    assert whole(judge_microphone(-60.0, -50.1))[:2] == (FAILED, R.SILENT)
