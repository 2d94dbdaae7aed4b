"""Camera: one picture through Video4Linux, judged by its brightness alone and thrown away."""

from __future__ import annotations

import contextlib
import fcntl
import mmap
import os
import select
from collections.abc import Iterator
from pathlib import Path
from typing import Protocol

from reprise.adapters.checks.checked_pc import CheckedPc
from reprise.adapters.hardware.sysfs import names
from reprise.domain.checks.camera import judge_camera
from reprise.domain.checks.catalogue import CheckId, CheckReason
from reprise.domain.checks.results import CheckResult, unknown
from reprise.ports import StopFlag
from reprise.wire import v4l2

_WIDTH, _HEIGHT = 640, 480
_WARM_UP = 12  # pictures: the exposure needs some to settle
_PICTURE_S = 5.0
_POINTS = 20_000  # enough to judge by


class Video(Protocol):
    """One open video device. Each raises OSError where the kernel or the device said no."""

    def ioctl(self, request: int, data: bytearray) -> None: ...

    def map(self, offset: int, length: int) -> mmap.mmap: ...

    def wait(self, timeout_s: float) -> bool: ...

    def close(self) -> None: ...


class KernelVideo:
    """Implements Video."""

    def __init__(self, path: Path) -> None:
        self._descriptor = os.open(path, os.O_RDWR | os.O_NONBLOCK | os.O_CLOEXEC)

    def ioctl(self, request: int, data: bytearray) -> None:
        fcntl.ioctl(self._descriptor, request, data)

    def map(self, offset: int, length: int) -> mmap.mmap:
        return mmap.mmap(self._descriptor, length, offset=offset)

    def wait(self, timeout_s: float) -> bool:
        return bool(select.select([self._descriptor], [], [], timeout_s)[0])

    def close(self) -> None:
        os.close(self._descriptor)


class CameraCheck:
    """Implements ports.sheets.checks.FunctionCheck: the worst camera decides (some PCs have one on
    each side)."""

    def __init__(self, pc: CheckedPc, video: type[KernelVideo] = KernelVideo) -> None:
        self._roots, self._video = pc.roots, video

    def run(self, stop: StopFlag) -> Iterator[CheckResult]:
        results = []
        for name in names(self._roots.sys / "class/video4linux"):
            if stop.is_set():
                return
            result = self._look(self._roots.dev / name)
            if result is not None:
                results.append(result)
        if not results:
            yield unknown(CheckId.CAMERA, CheckReason.NONE_FOUND)
            return
        yield max(results, key=lambda candidate: (candidate.reason is not None, candidate.detail))

    def _look(self, path: Path) -> CheckResult | None:
        """None for a node that gives no pictures."""
        try:
            video = self._video(path)
        except OSError as error:
            return unknown(CheckId.CAMERA, CheckReason.NOT_READABLE, error.strerror or "")
        try:
            capability = bytearray(v4l2.CAPABILITY_BYTES)
            video.ioctl(v4l2.VIDIOC_QUERYCAP, capability)
            camera = v4l2.parse_capability(bytes(capability))
            return _judge(video, camera.name) if camera.captures else None
        except OSError as error:
            return unknown(CheckId.CAMERA, CheckReason.NOT_READABLE, error.strerror or "")
        finally:
            video.close()


def _judge(video: Video, name: str) -> CheckResult:
    wish = v4l2.pack_format(_WIDTH, _HEIGHT, v4l2.YUYV)
    video.ioctl(v4l2.VIDIOC_S_FMT, wish)
    picture = v4l2.parse_format(bytes(wish))
    if picture.pixel_format not in v4l2.LUMA_STEP:
        return unknown(CheckId.CAMERA, CheckReason.FORMAT_UNKNOWN, name)
    values = v4l2.luma(take_picture(video), picture)
    if not values:
        return unknown(CheckId.CAMERA, CheckReason.NOT_READABLE, name)
    thinned = values[:: max(len(values) // _POINTS, 1)]
    return judge_camera(name, *v4l2.spread(thinned))


def take_picture(video: Video) -> bytes:
    """The last of a few, once the exposure has settled; b"" where none came whole. Raises
    OSError."""
    video.ioctl(v4l2.VIDIOC_REQBUFS, v4l2.pack_request(1))
    query = v4l2.pack_buffer()
    video.ioctl(v4l2.VIDIOC_QUERYBUF, query)
    place = v4l2.parse_buffer(bytes(query))
    data = b""
    with contextlib.closing(video.map(place.offset, place.length)) as memory:
        video.ioctl(v4l2.VIDIOC_QBUF, v4l2.pack_buffer())
        video.ioctl(v4l2.VIDIOC_STREAMON, v4l2.pack_type())
        try:
            for _picture in range(_WARM_UP):
                if not video.wait(_PICTURE_S):
                    break
                taken = v4l2.pack_buffer()
                video.ioctl(v4l2.VIDIOC_DQBUF, taken)
                buffer = v4l2.parse_buffer(bytes(taken))
                if not buffer.bad and buffer.used:
                    data = memory[: buffer.used]
                video.ioctl(v4l2.VIDIOC_QBUF, v4l2.pack_buffer())
        finally:
            video.ioctl(v4l2.VIDIOC_STREAMOFF, v4l2.pack_type())
    return data
