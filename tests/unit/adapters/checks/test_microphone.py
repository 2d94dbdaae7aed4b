"""The microphone. The lists are as alsa-utils 1.2.14 prints them."""

from __future__ import annotations

import pytest

from reprise.adapters.checks.microphone import MicrophoneCheck
from reprise.domain.checks.catalogue import CheckReason, MeasureName
from reprise.domain.checks.results import CheckStatus
from unit.adapters.checks.alsa_kit import ARECORD, alsa, samples
from unit.adapters.checks.check_kit import end, pc_of, told
from unit.adapters.hardware.made_tree import MadeTree, answer


@pytest.mark.parametrize(
    ("silence", "sound", "status", "reason"),
    [
        (samples(20, 2), samples(20, 3) + samples(3000, 1), CheckStatus.PASSED, None),
        (samples(20, 2), samples(22, 4), CheckStatus.FAILED, CheckReason.SILENT),
        (bytes(64_000), bytes(128_000), CheckStatus.FAILED, CheckReason.SILENT),
        (samples(3000, 2), samples(3200, 4), CheckStatus.FAILED, CheckReason.SILENT),
    ],
)
def test_a_voice_must_rise_over_the_silence(
    tree: MadeTree, silence: bytes, sound: bytes, status: CheckStatus, reason: CheckReason | None
) -> None:
    alsa(tree, silence, sound)
    result = end(MicrophoneCheck(pc_of(tree)))
    assert told(result) == (status, reason)
    assert result.measured(MeasureName.SILENCE_LEVEL) is not None


def test_a_microphone_that_cannot_be_opened(tree: MadeTree) -> None:
    assert told(end(MicrophoneCheck(pc_of(tree)))) == (CheckStatus.UNKNOWN, CheckReason.TOOL_ABSENT)
    tree.answers["amixer"] = answer()
    tree.answers["arecord"] = lambda argv: (
        answer(ARECORD)(argv) if "--list-devices" in argv else answer(b"", 1, b"no")(argv)
    )
    assert told(end(MicrophoneCheck(pc_of(tree)))) == (CheckStatus.UNKNOWN, CheckReason.TOOL_FAILED)
