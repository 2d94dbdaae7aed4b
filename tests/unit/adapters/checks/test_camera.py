"""The camera. The layouts of the video structures are those that a C compiler gives for
<linux/videodev2.h> on x86-64."""

from __future__ import annotations

import mmap
import struct
from pathlib import Path

import pytest

from reprise.adapters.checks.camera import CameraCheck
from reprise.domain.checks.catalogue import CheckReason
from reprise.domain.checks.results import CheckResult, CheckStatus
from reprise.wire import v4l2
from unit.adapters.checks.check_kit import end, pc_of, told
from unit.adapters.hardware.made_tree import MadeTree


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
    return end(CameraCheck(pc_of(tree), played))


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
    assert end(CameraCheck(pc_of(tree))).reason is CheckReason.NONE_FOUND
    (tree.root / "sys/class/video4linux/video0").mkdir(parents=True)
    assert end(CameraCheck(pc_of(tree))).reason is CheckReason.NOT_READABLE
