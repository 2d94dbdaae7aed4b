"""Sound and microphone, by ALSA's own programs."""

from __future__ import annotations

from collections.abc import Iterator

from reprise.domain.checks import CheckAsk, CheckId, CheckProgress, CheckReason, CheckResult
from reprise.domain.judge_devices import judge_microphone
from reprise.domain.judge_machine import unknown
from reprise.errors import ToolError
from reprise.ports import CommandResult, CommandRunner, StopFlag
from reprise.tools.alsa import (
    CAPTURE_CONTROLS,
    PLAYBACK_CONTROLS,
    Pcm,
    argv_list,
    argv_open,
    argv_play,
    argv_record,
    level_db,
    loudest_db,
    parse_list,
    tone_wav,
)

_TONE_S = 1.5
_SILENCE_S = 2
_SPEECH_S = 4
_QUICK_S = 10.0
_MAX_WORDS = 120


class _ToolFailedError(Exception):
    """A program said no; its words."""


class _Alsa:
    """The first of the PC's own devices of one direction, its mixer open."""

    def __init__(self, runner: CommandRunner) -> None:
        self._runner = runner

    def device(self, *, capture: bool) -> Pcm | None:
        """Raises ToolError where alsa-utils is missing. Without any card the list is an error of
        its own: no device."""
        found = parse_list(self._runner.run(argv_list(capture=capture), _QUICK_S).text)
        if not found:
            return None
        for control in CAPTURE_CONTROLS if capture else PLAYBACK_CONTROLS:
            # a card has some of these controls; for the others amixer fails, which says nothing
            self._runner.run(argv_open(found[0].card, control, capture=capture), _QUICK_S)
        return found[0]

    def play(self, pcm: Pcm, *, left: bool) -> None:
        wav = tone_wav(left=left, seconds=_TONE_S)
        _checked(self._runner.run(argv_play(pcm), _TONE_S + _QUICK_S, wav))

    def record(self, pcm: Pcm, seconds: int) -> bytes:
        return _checked(self._runner.run(argv_record(pcm, seconds), seconds + _QUICK_S)).stdout


def _checked(result: CommandResult) -> CommandResult:
    if result.exit_code != 0 or result.timed_out:
        raise _ToolFailedError(result.stderr.decode("utf-8", "replace").strip()[:_MAX_WORDS])
    return result


class SoundCheck:
    """Implements ports.FunctionCheck. Its result is never a pass: only a person has ears."""

    def __init__(self, runner: CommandRunner) -> None:
        self._alsa = _Alsa(runner)

    def run(self, stop: StopFlag) -> Iterator[CheckProgress | CheckResult]:
        try:
            pcm = self._alsa.device(capture=False)
            if pcm is None:
                yield unknown(CheckId.SOUND, CheckReason.NONE_FOUND)
                return
            for ask in (CheckAsk.LISTEN_LEFT, CheckAsk.LISTEN_RIGHT):
                if stop.is_set():
                    return
                yield CheckProgress(check=CheckId.SOUND, ask=ask)
                self._alsa.play(pcm, left=ask is CheckAsk.LISTEN_LEFT)
        except ToolError as error:
            yield unknown(CheckId.SOUND, CheckReason.TOOL_ABSENT, error.what)
            return
        except _ToolFailedError as error:
            yield unknown(CheckId.SOUND, CheckReason.TOOL_FAILED, str(error))
            return
        yield unknown(CheckId.SOUND, CheckReason.NO_WORD, pcm.name)


class MicrophoneCheck:
    """Implements ports.FunctionCheck. What was recorded is measured and thrown away."""

    def __init__(self, runner: CommandRunner) -> None:
        self._alsa = _Alsa(runner)

    def run(self, stop: StopFlag) -> Iterator[CheckProgress | CheckResult]:
        try:
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
        except ToolError as error:
            yield unknown(CheckId.MICROPHONE, CheckReason.TOOL_ABSENT, error.what)
        except _ToolFailedError as error:
            yield unknown(CheckId.MICROPHONE, CheckReason.TOOL_FAILED, str(error))
        else:
            if not stop.is_set():
                yield judge_microphone(level_db(silence), loudest_db(sound))
