"""NVMe data structures as a controller gives them."""

from __future__ import annotations

import json
import struct
from typing import Any

from station_kit.places import RECORDED

_SAID: dict[str, Any] = json.loads((RECORDED / "nvme-id-ctrl.json").read_text())


def controller(**changes: object) -> bytes:
    """Identify Controller data: offsets of NVMe Base 2.0, 5.17, CNS 01h."""
    said = _SAID | changes
    data = bytearray(4096)
    data[4:24] = str(said["sn"]).ljust(20).encode()
    data[24:64] = str(said["mn"]).ljust(40).encode()
    struct.pack_into("<H", data, 256, said["oacs"])
    data[280:296] = int(said["tnvmcap"]).to_bytes(16, "little")
    data[296:312] = int(said["unvmcap"]).to_bytes(16, "little")
    struct.pack_into("<I", data, 328, said["sanicap"])
    struct.pack_into("<I", data, 516, said["nn"])
    data[524] = int(said["fna"])
    struct.pack_into("<I", data, 80, said["ver"])
    struct.pack_into("<I", data, 312, said["rpmbs"])
    return bytes(data)


def logs(*supported: int) -> bytes:
    """Supported Log Pages (5.16.1.1): bit 0 of four bytes each."""
    return b"".join(struct.pack("<I", one in supported) for one in range(256))


def log(sprog: int = 0xFFFF, sstat: int = 0, cdw10: int = 0, *times: int) -> bytes:
    told = (*times, *(0xFFFF_FFFF,) * 6)[:6]
    return struct.pack("<HHI6I", sprog, sstat, cdw10, *told).ljust(512, b"\0")
