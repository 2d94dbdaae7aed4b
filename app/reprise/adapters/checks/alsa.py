"""The sound card by ALSA's own programs, for the loudspeakers and the microphone."""

from __future__ import annotations

from reprise.adapters.checks.programs import succeeded
from reprise.ports import CommandRunner
from reprise.tools.alsa import (
    CAPTURE_CONTROLS,
    PLAYBACK_CONTROLS,
    Pcm,
    argv_list,
    argv_open,
    argv_play,
    argv_record,
    parse_list,
    tone_wav,
)

_TONE_S = 1.5
_QUICK_S = 10.0


class Alsa:
    """The first of the PC's own devices of one direction, its mixer open."""

    def __init__(self, runner: CommandRunner) -> None:
        self._runner = runner

    def device(self, *, capture: bool) -> Pcm | None:
        """None where there is no card: listing fails then. Raises ToolError where alsa-utils is
        missing."""
        pcms = parse_list(self._runner.run(argv_list(capture=capture), _QUICK_S).text)
        if not pcms:
            return None
        for control in CAPTURE_CONTROLS if capture else PLAYBACK_CONTROLS:
            # a card has some of these controls; for the others amixer fails, which says nothing
            self._runner.run(argv_open(pcms[0].card, control, capture=capture), _QUICK_S)
        return pcms[0]

    def play(self, pcm: Pcm, *, left: bool) -> None:
        wav = tone_wav(left=left, seconds=_TONE_S)
        succeeded(self._runner.run(argv_play(pcm), _TONE_S + _QUICK_S, wav))

    def record(self, pcm: Pcm, seconds: int) -> bytes:
        return succeeded(self._runner.run(argv_record(pcm, seconds), seconds + _QUICK_S)).stdout
