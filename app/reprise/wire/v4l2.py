"""Video4Linux: the structures of <linux/videodev2.h> that taking one picture needs, on 64 bits."""

from __future__ import annotations

import struct
from dataclasses import dataclass

VIDIOC_QUERYCAP = 0x80685600
VIDIOC_S_FMT = 0xC0D05605
VIDIOC_REQBUFS = 0xC0145608
VIDIOC_QUERYBUF = 0xC0585609
VIDIOC_QBUF = 0xC058560F
VIDIOC_DQBUF = 0xC0585611
VIDIOC_STREAMON = 0x40045612
VIDIOC_STREAMOFF = 0x40045613

CAPABILITY_BYTES, FORMAT_BYTES, REQUEST_BYTES, BUFFER_BYTES = 104, 208, 20, 88
_CAPTURE = 1  # V4L2_BUF_TYPE_VIDEO_CAPTURE
_MMAP = 1  # V4L2_MEMORY_MMAP
_CAN_CAPTURE, _CAN_STREAM, _HAS_DEVICE_CAPS = 0x1, 0x04000000, 0x80000000
_CAPS_AT, _DEVICE_CAPS_AT, _CARD = 0x54, 0x58, slice(16, 48)
_PIX_AT = 8  # the union of struct v4l2_format
_PIX = struct.Struct("=4I")  # width, height, pixelformat, field; then bytesperline, sizeimage
_USED_AT, _FLAGS_AT, _MEMORY_AT, _OFFSET_AT, _LENGTH_AT = 0x8, 0xC, 0x3C, 0x40, 0x48
_ERROR = 0x40  # V4L2_BUF_FLAG_ERROR

YUYV = 0x56595559
GREY = 0x59455247
NV12 = 0x3231564E
# Where the luma samples lie: (first byte, step). Of NV12 the first two thirds are luma.
LUMA_STEP = {YUYV: 2, GREY: 1, NV12: 1}


@dataclass(frozen=True, slots=True)
class Camera:
    name: str
    captures: bool  # pictures, by streaming; a node may carry only metadata


@dataclass(frozen=True, slots=True)
class Picture:
    width: int
    height: int
    pixel_format: int


@dataclass(frozen=True, slots=True)
class Buffer:
    offset: int
    length: int
    used: int
    bad: bool


def parse_capability(data: bytes) -> Camera:
    caps = int.from_bytes(data[_CAPS_AT : _CAPS_AT + 4], "little")
    if caps & _HAS_DEVICE_CAPS:
        caps = int.from_bytes(data[_DEVICE_CAPS_AT : _DEVICE_CAPS_AT + 4], "little")
    name = data[_CARD].split(b"\0", 1)[0].decode("utf-8", "replace")
    return Camera(name, bool(caps & _CAN_CAPTURE) and bool(caps & _CAN_STREAM))


def pack_format(width: int, height: int, pixel_format: int) -> bytearray:
    """A wish: the driver writes what it will do instead into the same bytes."""
    data = bytearray(FORMAT_BYTES)
    data[:4] = _CAPTURE.to_bytes(4, "little")
    _PIX.pack_into(data, _PIX_AT, width, height, pixel_format, 0)
    return data


def parse_format(data: bytes) -> Picture:
    width, height, pixel_format, _field = _PIX.unpack_from(data, _PIX_AT)
    return Picture(width, height, pixel_format)


def pack_request(count: int) -> bytearray:
    data = bytearray(REQUEST_BYTES)
    struct.pack_into("=III", data, 0, count, _CAPTURE, _MMAP)
    return data


def pack_buffer() -> bytearray:
    """The first one, and the only one that is asked for."""
    data = bytearray(BUFFER_BYTES)
    struct.pack_into("=II", data, 0, 0, _CAPTURE)
    struct.pack_into("=I", data, _MEMORY_AT, _MMAP)
    return data


def parse_buffer(data: bytes) -> Buffer:
    (used,) = struct.unpack_from("=I", data, _USED_AT)
    (flags,) = struct.unpack_from("=I", data, _FLAGS_AT)
    (offset,) = struct.unpack_from("=I", data, _OFFSET_AT)
    (length,) = struct.unpack_from("=I", data, _LENGTH_AT)
    return Buffer(offset, length, used, bool(flags & _ERROR))


def pack_type() -> bytearray:
    return bytearray(_CAPTURE.to_bytes(4, "little"))


def luma(data: bytes, picture: Picture) -> bytes | None:
    """The brightness of each point, 0 to 255; None where the format is not one of LUMA_STEP."""
    step = LUMA_STEP.get(picture.pixel_format)
    if step is None:
        return None
    return data[: picture.width * picture.height * step : step]


def spread(values: bytes) -> tuple[float, float]:
    """Mean and standard deviation; 0 for nothing."""
    if not values:
        return 0.0, 0.0
    mean = sum(values) / len(values)
    return mean, (sum((value - mean) ** 2 for value in values) / len(values)) ** 0.5
