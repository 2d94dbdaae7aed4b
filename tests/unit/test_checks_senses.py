"""Sound, microphone and camera. The lists are as alsa-utils 1.2.14 prints them; the layouts of
the video structures are those that a C compiler gives for <linux/videodev2.h> on x86-64."""

from __future__ import annotations

import io
import math
import mmap
import struct
import wave
from array import array
from collections.abc import Sequence
from pathlib import Path
from threading import Event as Flag

import pytest

from reprise.adapters.checks.camera import CameraCheck
from reprise.adapters.checks.sound import MicrophoneCheck, SoundCheck
from reprise.domain.checks import (
    CheckAsk,
    CheckProgress,
    CheckReason,
    CheckResult,
    CheckStatus,
    MeasureName,
)
from reprise.ports import CommandResult
from reprise.tools.alsa import FLOOR_DB, level_db, loudest_db, parse_list, tone_wav
from reprise.wire import v4l2
from unit.check_kit import end, told
from unit.made_tree import MadeTree, answer

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


def test_sound_is_played_on_both_sides_and_never_passes_by_itself(tree: MadeTree) -> None:
    alsa(tree)
    left, right, result = SoundCheck(tree).run(Flag())
    assert isinstance(left, CheckProgress)
    assert isinstance(right, CheckProgress)
    assert isinstance(result, CheckResult)
    assert (left.ask, right.ask) == (CheckAsk.LISTEN_LEFT, CheckAsk.LISTEN_RIGHT)
    assert told(result) == (CheckStatus.UNKNOWN, CheckReason.NO_WORD)
    played = [argv for argv in tree.asked if argv[0] == "aplay"][1:]
    assert all("--device=plughw:1,0" in argv for argv in played)


def test_sound_without_card_tool_or_luck(tree: MadeTree) -> None:
    assert told(end(SoundCheck(tree))) == (CheckStatus.UNKNOWN, CheckReason.TOOL_ABSENT)
    alsa(tree, play_code=1)
    result = end(SoundCheck(tree))
    assert told(result) == (CheckStatus.UNKNOWN, CheckReason.TOOL_FAILED)
    assert "Device busy" in result.detail
    tree.answers["aplay"] = answer("", 1, b"aplay: no soundcards found...")
    assert told(end(SoundCheck(tree))) == (CheckStatus.UNKNOWN, CheckReason.NONE_FOUND)


def test_levels() -> None:
    assert level_db(b"") == level_db(bytes(2000)) == FLOOR_DB
    assert level_db(array("h", [500] * 1000).tobytes()) == FLOOR_DB  # a constant is no sound
    assert level_db(samples(32_767, 1)) == pytest.approx(-3.0, abs=0.1)
    clap = samples(4, 1) + samples(20_000, 0.25) + samples(4, 1)
    assert loudest_db(clap) > -8


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
    result = end(MicrophoneCheck(tree))
    assert told(result) == (status, reason)
    assert result.measured(MeasureName.SILENCE_LEVEL) is not None


def test_a_microphone_that_cannot_be_opened(tree: MadeTree) -> None:
    assert told(end(MicrophoneCheck(tree))) == (CheckStatus.UNKNOWN, CheckReason.TOOL_ABSENT)
    tree.answers["amixer"] = answer()
    tree.answers["arecord"] = lambda argv: (
        answer(ARECORD)(argv) if "--list-devices" in argv else answer(b"", 1, b"no")(argv)
    )
    assert told(end(MicrophoneCheck(tree))) == (CheckStatus.UNKNOWN, CheckReason.TOOL_FAILED)


class PlayedVideo:
    """A camera that gives one picture over and over."""

    picture = b""
    pixel_format = v4l2.YUYV
    caps = 0x84A00001
    device_caps = 0x04200001
    refuses: int | None = None

    def __init__(self, _path: Path) -> None:
        self.memory = mmap.mmap(-1, 640 * 480 * 2)

    def ioctl(self, request: int, data: bytearray) -> None:
        if request == self.refuses:
            raise OSError(16, "Device or resource busy")
        if request == v4l2.VIDIOC_QUERYCAP:
            data[0:16] = b"uvcvideo".ljust(16, b"\0")
            data[16:48] = b"Integrated Camera: Integrated C".ljust(32, b"\0")
            struct.pack_into("=II", data, 0x54, self.caps, self.device_caps)
        elif request == v4l2.VIDIOC_S_FMT:
            struct.pack_into("=III", data, 8, 640, 480, self.pixel_format)
        elif request == v4l2.VIDIOC_QUERYBUF:
            struct.pack_into("=II", data, 0x40, 0, 0)
            struct.pack_into("=I", data, 0x48, 640 * 480 * 2)
        elif request == v4l2.VIDIOC_DQBUF:
            self.memory[: len(self.picture)] = self.picture
            struct.pack_into("=I", data, 8, len(self.picture))

    def map(self, _offset: int, _length: int) -> mmap.mmap:
        return self.memory

    def wait(self, _timeout_s: float) -> bool:
        return bool(self.picture)

    def close(self) -> None:
        """Nothing to close."""


def camera(tree: MadeTree, **changes: object) -> CheckResult:
    (tree.root / "sys/class/video4linux/video0").mkdir(parents=True, exist_ok=True)
    played = type("Played", (PlayedVideo,), changes)
    return end(CameraCheck(tree.roots, played))  # type: ignore[arg-type]


def yuyv(values: bytes) -> bytes:
    return b"".join(bytes((value, 128)) for value in values)


ROOM = yuyv(bytes(range(256)) * 1200)
DARK = yuyv(bytes(16 + at % 2 for at in range(640 * 480)))


@pytest.mark.parametrize(
    ("changes", "status", "reason"),
    [
        ({"picture": ROOM}, CheckStatus.PASSED, None),
        ({"picture": DARK}, CheckStatus.FAILED, CheckReason.BLANK_PICTURE),
        ({"picture": b""}, CheckStatus.UNKNOWN, CheckReason.NOT_READABLE),
        (
            {"picture": ROOM, "pixel_format": 0x47504A4D},
            CheckStatus.UNKNOWN,
            CheckReason.FORMAT_UNKNOWN,
        ),
        (
            {"picture": ROOM, "refuses": v4l2.VIDIOC_STREAMON},
            CheckStatus.UNKNOWN,
            CheckReason.NOT_READABLE,
        ),
        (
            {"picture": ROOM, "device_caps": 0x04A00000},
            CheckStatus.UNKNOWN,
            CheckReason.NONE_FOUND,
        ),
    ],
    ids=["room", "dark", "nothing", "mjpeg", "busy", "metadata"],
)
def test_cameras(
    tree: MadeTree, changes: dict[str, object], status: CheckStatus, reason: CheckReason | None
) -> None:
    assert told(camera(tree, **changes)) == (status, reason)


def test_a_pc_without_camera(tree: MadeTree) -> None:
    assert end(CameraCheck(tree.roots)).reason is CheckReason.NONE_FOUND
    (tree.root / "sys/class/video4linux/video0").mkdir(parents=True)
    assert end(CameraCheck(tree.roots)).reason is CheckReason.NOT_READABLE
