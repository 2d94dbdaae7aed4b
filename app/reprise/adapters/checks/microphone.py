"""Microphone: how loud it is while someone speaks, over the silence before."""

from __future__ import annotations

from collections.abc import Iterator

from reprise.adapters.checks.alsa import Alsa
from reprise.adapters.checks.checked_pc import CheckedPc
from reprise.adapters.checks.programs import known
from reprise.domain.checks.catalogue import CheckAsk, CheckId, CheckReason
from reprise.domain.checks.microphone import judge_microphone
from reprise.domain.checks.results import CheckProgress, CheckResult, unknown
from reprise.ports import StopFlag
from reprise.tools.alsa import level_db, loudest_db

_SILENCE_S = 2
_SPEECH_S = 4


class MicrophoneCheck:
    """Implements ports.sheets.checks.FunctionCheck. What is recorded is measured and thrown
    away."""

    def __init__(self, pc: CheckedPc) -> None:
        self._alsa = Alsa(pc.runner)

    def run(self, stop: StopFlag) -> Iterator[CheckProgress | CheckResult]:
        return known(CheckId.MICROPHONE, self._steps(stop))

    def _steps(self, stop: StopFlag) -> Iterator[CheckProgress | CheckResult]:
        pcm = self._alsa.device(capture=True)
        if pcm is None:
            yield unknown(CheckId.MICROPHONE, CheckReason.NONE_FOUND)
            return
        yield CheckProgress(check=CheckId.MICROPHONE, ask=CheckAsk.BE_SILENT)
        silence = self._alsa.record(pcm, _SILENCE_S)
        if stop.is_set():
            return
        yield CheckProgress(check=CheckId.MICROPHONE, ask=CheckAsk.SPEAK)
        sound = self._alsa.record(pcm, _SPEECH_S)
        if not stop.is_set():
            yield judge_microphone(level_db(silence), loudest_db(sound))
