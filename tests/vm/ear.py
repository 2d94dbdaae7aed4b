"""The loudspeakers' end of a PC: what it says, recorded."""

from __future__ import annotations

import struct
from pathlib import Path

_LOUD = 1000  # of 32767: above whatever a mixer hums


def sound(wav: Path) -> list[str]:
    """A sound card whose wire ends in this file; of Pc.extra."""
    sink = f"wav,id=ear,path={wav},out.frequency=44100,out.channels=2,out.format=s16"
    return ["-audiodev", sink, "-device", "intel-hda", "-device", "hda-output,audiodev=ear"]


def spoken_s(wav: Path) -> float:
    """How many seconds of a recording are loud: counted in tenths of a second."""
    samples = wav.read_bytes()[44:]
    tenth = 44100 // 10 * 4
    loud = 0
    for at in range(0, len(samples) - tenth, tenth):
        values = struct.unpack(f"<{tenth // 2}h", samples[at : at + tenth])
        loud += max(map(abs, values)) > _LOUD
    return loud / 10
