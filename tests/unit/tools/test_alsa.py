"""The sound that is played, and how loud it was."""

from __future__ import annotations

import io
import wave
from array import array

import pytest

from reprise.tools.alsa import FLOOR_DB, level_db, loudest_db, parse_list, tone_wav
from unit.adapters.checks.alsa_kit import APLAY, samples


def test_screens_are_no_loudspeakers() -> None:
    (pcm,) = parse_list(APLAY)
    assert (pcm.card, pcm.hardware, pcm.name) == ("1", "1,0", "HDA Intel PCH, ALC3226 Analog")
    assert parse_list("aplay: device_list:279: no soundcards found...\n") == ()


@pytest.mark.parametrize("left", [True, False])
def test_a_tone_is_on_one_side_only(left: bool) -> None:
    with wave.open(io.BytesIO(tone_wav(left=left, seconds=0.2))) as file:
        assert (file.getnchannels(), file.getsampwidth(), file.getframerate()) == (2, 2, 44_100)
        frames = array("h", file.readframes(file.getnframes()))
    loud, silent = (frames[::2], frames[1::2]) if left else (frames[1::2], frames[::2])
    assert max(loud) > 10_000
    assert set(silent) == {0}


def test_levels() -> None:
    assert level_db(b"") == level_db(bytes(2000)) == FLOOR_DB
    assert level_db(array("h", [500] * 1000).tobytes()) == FLOOR_DB  # a constant is no sound
    assert level_db(samples(32_767, 1)) == pytest.approx(-3.0, abs=0.1)
    clap = samples(4, 1) + samples(20_000, 0.25) + samples(4, 1)
    assert loudest_db(clap) > -8
