"""A played sound card. The lists are as alsa-utils 1.2.14 prints them."""

from __future__ import annotations

import math
from array import array
from collections.abc import Sequence

from reprise.ports import CommandResult
from unit.adapters.hardware.made_tree import MadeTree, answer

APLAY = """**** List of PLAYBACK Hardware Devices ****
card 0: HDMI [HDA Intel HDMI], device 3: HDMI 0 [HDMI 0]
  Subdevices: 1/1
  Subdevice #0: subdevice #0
card 1: PCH [HDA Intel PCH], device 0: ALC3226 Analog [ALC3226 Analog]
  Subdevices: 1/1
  Subdevice #0: subdevice #0
"""
ARECORD = APLAY.replace("PLAYBACK", "CAPTURE")


def samples(amplitude: int, seconds: float) -> bytes:
    return array(
        "h", (round(amplitude * math.sin(at / 3)) for at in range(int(16_000 * seconds)))
    ).tobytes()


def alsa(tree: MadeTree, *recordings: bytes, play_code: int = 0) -> None:
    left = list(recordings)

    def arecord(argv: Sequence[str]) -> CommandResult:
        if "--list-devices" in argv:
            return answer(ARECORD)(argv)
        return answer(left.pop(0))(argv)

    def aplay(argv: Sequence[str]) -> CommandResult:
        if "--list-devices" in argv:
            return answer(APLAY)(argv)
        return answer(b"", play_code, b"aplay: main:834: audio open error: Device busy")(argv)

    tree.answers |= {"aplay": aplay, "arecord": arecord, "amixer": answer(code=1)}
