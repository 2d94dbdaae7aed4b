"""TCG Opal through the kernel (block/sed-opal.c), on the open device. <linux/sed-opal.h>."""

from __future__ import annotations

import ctypes
import struct
from typing import Protocol

from reprise.adapters.drives.blockio import BlockFile
from reprise.wire.opal import DISCOVERY_BYTES

KEY = struct.Struct("=BBB5x256s")  # struct opal_key: lr, key_len, key_type (0: included), key
IOC_OPAL_PSID_REVERT_TPR = 0x410870E8  # _IOW('p', 232, struct opal_key)
IOC_OPAL_GET_STATUS = 0x800870EC  # _IOR('p', 236, struct opal_status), since Linux 6.1
IOC_OPAL_DISCOVERY = 0x401070EF  # _IOW('p', 239, struct opal_discovery), since Linux 6.6
FL_SUPPORTED = 0x01
FL_LOCKING_ENABLED = 0x04
FL_LOCKED = 0x08
FL_MBR_ENABLED, FL_MBR_DONE = 0x10, 0x20


class OpalAccess(Protocol):
    """Each raises OSError where the kernel said no: EOPNOTSUPP where it found no Opal."""

    def flags(self, device: BlockFile) -> int: ...

    def discovery(self, device: BlockFile) -> bytes: ...

    def revert_by_psid(self, device: BlockFile, psid: str) -> int: ...


class KernelOpal:
    """Implements OpalAccess. Every call asks the drive and may block: call it beside
    (surface.pipeline)."""

    def flags(self, device: BlockFile) -> int:
        """OPAL_FL_… as the drive is now."""
        status = bytearray(8)
        device.ioctl(IOC_OPAL_GET_STATUS, status)
        return int.from_bytes(status[:4], "little")

    def discovery(self, device: BlockFile) -> bytes:
        """The drive's answer to Level 0 Discovery."""
        data = bytearray(DISCOVERY_BYTES)
        address = ctypes.addressof(ctypes.c_char.from_buffer(data))
        device.ioctl(IOC_OPAL_DISCOVERY, bytearray(struct.pack("=QQ", address, len(data))))
        return bytes(data)

    def revert_by_psid(self, device: BlockFile, psid: str) -> int:
        """Revert of the Admin SP with the authority PSID. 0 where the drive did it, else the
        method's status (wire.opal.status_name)."""
        key = bytearray(KEY.pack(0, len(psid), 0, psid.encode("ascii")))
        try:
            return device.ioctl(IOC_OPAL_PSID_REVERT_TPR, key)
        finally:
            key[:] = bytes(len(key))
