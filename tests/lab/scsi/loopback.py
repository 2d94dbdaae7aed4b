"""A real /dev/sdX for an emulated drive: target_core_user behind the loopback fabric, in configfs.

Everything that is made is taken away again, in the reverse order, also after a failure half-way.
"""

from __future__ import annotations

import contextlib
import itertools
import os
import subprocess
import time
import zlib
from pathlib import Path

from lab.scsi.ring import Ring, Target

CONFIGFS = Path("/sys/kernel/config/target")
_DATA_AREA_MIB = 64
_numbers = itertools.count(1)


def _write(path: Path, text: str) -> None:
    """Like echo: one write, no truncation games."""
    fd = os.open(path, os.O_WRONLY)
    try:
        os.write(fd, text.encode())
    finally:
        os.close(fd)


class Loopback:
    """`open()`, then `plug()`; `unplug()` and `plug()` again play a drive that loses power."""

    def __init__(self, name: str, size_bytes: int, target: Target) -> None:
        number = next(_numbers)
        self._name, self._size_bytes, self._target = name, size_bytes, target
        seed = zlib.crc32(f"{name} {os.getpid()} {number}".encode())
        self._hba = CONFIGFS / "core" / f"user_{os.getpid() * 100 + number}"
        self._store = self._hba / name
        self._wwn = f"naa.5000c5f0{seed:08x}"
        self._nexus = f"naa.5000c5f1{seed:08x}"
        self._port = CONFIGFS / "loopback" / self._wwn / "tpgt_1"
        self._ring: Ring | None = None
        self._undo = contextlib.ExitStack()

    @property
    def _link(self) -> Path:
        return self._port / "lun" / "lun_0" / self._name

    @property
    def _device(self) -> Path:
        host = (self._port / "address").read_text().strip()
        return Path("/sys/class/scsi_device") / f"{host}:0" / "device"

    @property
    def generic(self) -> Path:
        """/dev/sgN: commands through it never wait for what reads the block node."""
        return Path("/dev") / next(self._device.glob("scsi_generic/sg*")).name

    def open(self) -> None:
        try:
            self._make_store()
            self._make_port()
        except BaseException:
            self.close()
            raise

    def _make_store(self) -> None:
        for folder in (self._hba, self._store):
            folder.mkdir()
            self._undo.callback(folder.rmdir)
        for setting in (
            f"dev_config=reprise-lab/{self._name}",
            f"dev_size={self._size_bytes}",
            f"max_data_area_mb={_DATA_AREA_MIB}",
            "nl_reply_supported=-1",
        ):
            _write(self._store / "control", setting)
        _write(self._store / "enable", "1")
        _write(self._store / "attrib/cmd_time_out", "0")
        self._ring = Ring(self._uio(), self._target)
        self._undo.callback(self._ring.close)

    def _uio(self) -> Path:
        for name in Path("/sys/class/uio").glob("uio*/name"):
            if name.read_text().strip().split("/")[2:3] == [self._name]:
                node = Path("/dev") / name.parent.name
                _until(node.exists, 10, f"{node} did not appear")
                return node
        raise RuntimeError(f"no uio device for {self._name}")

    def _make_port(self) -> None:
        (CONFIGFS / "loopback").mkdir(exist_ok=True)  # makes the kernel look the fabric up
        for folder in (self._port.parent, self._port):
            folder.mkdir()
            self._undo.callback(folder.rmdir)
        _write(self._port / "nexus", self._nexus)
        self._undo.callback(_write, self._port / "nexus", "NULL")
        lun = self._port / "lun" / "lun_0"
        lun.mkdir()
        self._undo.callback(lun.rmdir)
        self._undo.callback(self.unplug)

    def plug(self, timeout_s: float = 60.0, settle_s: int = 30) -> Path:
        """The node, once the kernel knows the disk. It may be another one than before. `settle_s`:
        how long udev may take; it hangs on a SCSI drive that a sanitize keeps busy."""
        self._link.symlink_to(self._store)
        device = self._device
        _until(lambda: any(device.glob("block/sd*")), timeout_s, f"no disk at {device}")
        name = next(device.glob("block/sd*")).name
        node = Path("/dev") / name
        _until(node.is_block_device, timeout_s, f"{node} did not appear")
        subprocess.run(["udevadm", "settle", f"--timeout={settle_s}"], check=False)
        return node

    def unplug(self) -> None:
        """Take the disk away, whoever has it open. Nothing where it is not plugged."""
        if self._link.is_symlink():
            self._link.unlink()

    def close(self) -> None:
        self._undo.close()


def _until(true: object, timeout_s: float, otherwise: str) -> None:
    assert callable(true)
    end = time.monotonic() + timeout_s
    while not true():
        if time.monotonic() > end:
            raise RuntimeError(otherwise)
        time.sleep(0.02)
