"""Loudspeakers: a tone on each side."""

from __future__ import annotations

from collections.abc import Iterator

from reprise.adapters.checks.alsa import Alsa
from reprise.adapters.checks.checked_pc import CheckedPc
from reprise.adapters.checks.programs import known
from reprise.domain.checks.catalogue import CheckAsk, CheckId, CheckReason
from reprise.domain.checks.results import CheckProgress, CheckResult, unknown
from reprise.ports import StopFlag


class SoundCheck:
    """Implements ports.sheets.checks.FunctionCheck. Its result is never a pass: only a person has
    ears."""

    def __init__(self, pc: CheckedPc) -> None:
        self._alsa = Alsa(pc.runner)

    def run(self, stop: StopFlag) -> Iterator[CheckProgress | CheckResult]:
        return known(CheckId.SOUND, self._steps(stop))

    def _steps(self, stop: StopFlag) -> Iterator[CheckProgress | CheckResult]:
        pcm = self._alsa.device(capture=False)
        if pcm is None:
            yield unknown(CheckId.SOUND, CheckReason.NONE_FOUND)
            return
        for ask in (CheckAsk.LISTEN_LEFT, CheckAsk.LISTEN_RIGHT):
            if stop.is_set():
                return
            yield CheckProgress(check=CheckId.SOUND, ask=ask)
            self._alsa.play(pcm, left=ask is CheckAsk.LISTEN_LEFT)
        yield unknown(CheckId.SOUND, CheckReason.NO_WORD, pcm.name)
