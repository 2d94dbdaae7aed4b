"""Sound: alsa-utils' lists and command lines, WAV bytes of a tone, the level of samples."""

from __future__ import annotations

import math
import re
import struct
from array import array
from dataclasses import dataclass

RATE = 44_100
CAPTURE_RATE = 16_000
_TONE_HZ = 660
_AMPLITUDE = 0.4 * 32_767  # loud enough for a workshop, far from what a small speaker distorts
_FADE_S = 0.02  # no click at the ends
_FULL_SCALE = 32_768
FLOOR_DB = 20 * math.log10(1 / _FULL_SCALE)  # less than one step: digital silence
_PCM = re.compile(
    r"card (?P<card>\d+): (?P<id>\S+) \[(?P<card_name>.*?)\], "
    r"device (?P<device>\d+): (?P<name>.*?) \["
)
# Screens and digital sockets: nothing can be heard from the PC itself.
_ELSEWHERE = re.compile(r"HDMI|DisplayPort|DP\b|IEC958|S/PDIF|SPDIF|Digital$", re.IGNORECASE)
# What the mixers of PCs call what must be open; a card has some of them.
PLAYBACK_CONTROLS = ("Master", "Speaker", "Headphone", "PCM", "Front", "Bass Speaker")
CAPTURE_CONTROLS = ("Capture", "Mic", "Internal Mic", "Dmic0")


@dataclass(frozen=True, slots=True)
class Pcm:
    """One sound device. `hardware` is "hw"-style: "0,0"."""

    card: str
    hardware: str
    name: str


def argv_list(*, capture: bool) -> tuple[str, ...]:
    return ("arecord" if capture else "aplay", "--list-devices")


def parse_list(text: str) -> tuple[Pcm, ...]:
    """The PC's own devices, in the order of the list."""
    matches = (_PCM.match(line) for line in text.splitlines())
    return tuple(
        Pcm(
            match["card"],
            f"{match['card']},{match['device']}",
            f"{match['card_name']}, {match['name']}",
        )
        for match in matches
        if match is not None and not _ELSEWHERE.search(f"{match['card_name']} {match['name']}")
    )


def argv_open(card: str, control: str, *, capture: bool) -> tuple[str, ...]:
    """Switch a control on and set it to a common level."""
    return ("amixer", "-q", "-c", card, "sset", control, "80%", "cap" if capture else "unmute")


def argv_play(pcm: Pcm) -> tuple[str, ...]:
    """Plays a WAV file from its standard input."""
    return ("aplay", "--quiet", f"--device=plughw:{pcm.hardware}", "--file-type=wav", "-")


def argv_record(pcm: Pcm, seconds: int) -> tuple[str, ...]:
    """Signed 16-bit samples, one channel, on standard output."""
    device = (f"--device=plughw:{pcm.hardware}", "--format=S16_LE", f"--rate={CAPTURE_RATE}")
    form = ("--channels=1", f"--duration={seconds}", "--file-type=raw")
    return ("arecord", "--quiet", *device, *form, "-")


def tone_wav(*, left: bool, seconds: float) -> bytes:
    """A tone on one of two channels as a WAV file (RIFF, PCM, 16 bits)."""
    count = int(RATE * seconds)
    fade = RATE * _FADE_S
    samples = array("h", bytes(4 * count))
    for at in range(count):
        edge = min(at / fade, (count - at) / fade, 1.0)
        value = round(_AMPLITUDE * edge * math.sin(2 * math.pi * _TONE_HZ * at / RATE))
        samples[2 * at + (0 if left else 1)] = value
    data = samples.tobytes()
    head = struct.pack(
        *("<4sI4s4sIHHIIHH4sI", b"RIFF", 36 + len(data), b"WAVE", b"fmt ", 16, 1, 2, RATE),
        *(4 * RATE, 4, 16, b"data", len(data)),
    )
    return head + data


def level_db(samples: bytes) -> float:
    """Root mean square without the constant part, in dB below full scale. FLOOR_DB for silence
    and for nothing at all."""
    values = array("h", samples[: len(samples) // 2 * 2])
    if not values:
        return FLOOR_DB
    mean = sum(values) / len(values)
    power = sum((value - mean) ** 2 for value in values) / len(values)
    return max(10 * math.log10(power / _FULL_SCALE**2), FLOOR_DB) if power > 0 else FLOOR_DB


def loudest_db(samples: bytes, window_s: float = 0.25) -> float:
    """The loudest stretch: a clap is short."""
    size = int(CAPTURE_RATE * window_s) * 2
    parts = [samples[at : at + size] for at in range(0, len(samples), size)]
    return max((level_db(part) for part in parts if len(part) == size), default=FLOOR_DB)
