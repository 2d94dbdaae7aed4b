"""The ioctls of block nodes, as the kernel carries them out on a drive."""

from __future__ import annotations

import ctypes
import errno
import struct
from typing import Any

from lab.scsi.sense import Reply
from reprise.adapters.drives.passthrough import mmc_ioctl, nvme_admin, opal_ioctl, sgio
from simulation.drives import SimDrive, trouble
from simulation.drives_mmc import MmcDrive
from simulation.drives_nvme import NvmeDrive

_SG_IO, _NVME_ADMIN, _NVME_IO = 0x2285, 0xC0484E41, 0xC0484E43
_MMC_ANSWER = struct.Struct("=I")


def ioctl(drive: SimDrive, unit: str, request: int, argument: Any) -> int:
    """Raises OSError where the kernel says no."""
    return _IOCTLS.get(request, _unknown)(drive, unit, argument)


def _unknown(_drive: SimDrive, _unit: str, _argument: Any) -> int:
    raise trouble(errno.ENOTTY)


def _sg_io(drive: SimDrive, _unit: str, header: bytearray) -> int:
    fields = sgio.HEADER.unpack(header)
    direction, cdb_length, sense_room, room = fields[1], fields[2], fields[3], fields[5]
    data_at, cdb_at, sense_at = fields[6], fields[7], fields[8]
    cdb = ctypes.string_at(cdb_at, cdb_length)
    sent = ctypes.string_at(data_at, room) if direction == -2 else b""
    reply: Reply = drive.scsi(cdb, sent, room if direction == -3 else 0)
    sense = reply.sense[:sense_room]
    if direction == -3:
        ctypes.memmove(data_at, reply.data, len(reply.data))
    ctypes.memmove(sense_at, sense, len(sense))
    resid = room - len(reply.data) if direction == -3 else 0
    driver = sgio.DRIVER_SENSE if sense else 0
    head = list(fields[:13])
    tail = [reply.status, 0, 0, len(sense), 0, driver, resid, *fields[20:]]
    header[:] = sgio.HEADER.pack(*head, *tail)
    return 0


def _nvme(drive: SimDrive, _unit: str, packed: bytearray) -> int:
    if not isinstance(drive, NvmeDrive):
        raise trouble(errno.ENOTTY)
    fields = list(nvme_admin._COMMAND.unpack(packed))
    opcode, nsid, address, length = fields[0], fields[3], fields[7], fields[9]
    data = ctypes.string_at(address, length) if length and opcode & 3 == 1 else b""
    cdw = dict(enumerate(fields[10:16], 10))
    answer = drive.admin(opcode, nsid, data, cdw)
    if length and answer.data and opcode & 3 == 2:
        ctypes.memmove(address, answer.data[:length], min(length, len(answer.data)))
    fields[17] = answer.result
    packed[:] = nvme_admin._COMMAND.pack(*fields)
    return answer.status


def _nvme_io(drive: SimDrive, _unit: str, packed: bytearray) -> int:
    """Flush alone is ever sent this way."""
    if not isinstance(drive, NvmeDrive) or packed[0] != 0:
        raise trouble(errno.ENOTTY)
    drive.flush()
    return 0


def _mmc_one(drive: SimDrive, unit: str, packed: bytearray) -> int:
    if not isinstance(drive, MmcDrive):
        raise trouble(errno.ENOTTY)
    fields = mmc_ioctl.COMMAND.unpack(packed)
    if fields[2] != 8:
        raise trouble(errno.EINVAL)
    data = drive.ext_csd()
    ctypes.memmove(fields[-1], data, len(data))
    return 0


def _mmc_multi(drive: SimDrive, unit: str, packed: bytearray) -> int:
    if not isinstance(drive, MmcDrive):
        raise trouble(errno.ENOTTY)
    size = mmc_ioctl.COMMAND.size
    places = range(8, len(packed), size)
    sent = [mmc_ioctl.COMMAND.unpack_from(packed, at)[2:4] for at in places]
    for at, word in zip(places, drive.commands(unit, sent), strict=True):
        _MMC_ANSWER.pack_into(packed, at + 16, word)
    return 0


def _secure(drive: SimDrive, unit: str, packed: bytearray) -> int:
    if not isinstance(drive, MmcDrive):
        raise trouble(errno.EOPNOTSUPP)
    drive.secure_erase(unit, *struct.unpack("=QQ", packed))
    return 0


def _opal_status(drive: SimDrive, _unit: str, status: bytearray) -> int:
    if drive.opal is None:
        raise trouble(errno.EOPNOTSUPP)
    drive.enter("command")
    flags = opal_ioctl.FL_SUPPORTED | (opal_ioctl.FL_LOCKED if drive.opal.locked else 0)
    if drive.opal.enabled or drive.opal.locked:
        flags |= opal_ioctl.FL_LOCKING_ENABLED
    status[:4] = flags.to_bytes(4, "little")
    return 0


def _opal_discovery(drive: SimDrive, _unit: str, packed: bytearray) -> int:
    address, size = struct.unpack("=QQ", packed)
    data = drive.opal.discovery()[:size]
    ctypes.memmove(address, data, len(data))
    return 0


def _opal_revert(drive: SimDrive, _unit: str, packed: bytearray) -> int:
    """block/sed-opal.c: a session by the PSID, then Revert of the Admin SP."""
    drive.enter("command")
    _range, length, _kind, key = opal_ioctl.KEY.unpack(packed)
    if key[:length].decode() != drive.opal.psid:
        return 1  # NOT_AUTHORIZED
    drive.changed = True
    drive.opal._in_session = True
    drive.opal._revert()
    return 0


_IOCTLS = {
    _SG_IO: _sg_io,
    _NVME_ADMIN: _nvme,
    _NVME_IO: _nvme_io,
    mmc_ioctl.MMC_IOC_CMD: _mmc_one,
    mmc_ioctl.MMC_IOC_MULTI_CMD: _mmc_multi,
    mmc_ioctl.BLKSECDISCARD: _secure,
    opal_ioctl.IOC_OPAL_GET_STATUS: _opal_status,
    opal_ioctl.IOC_OPAL_DISCOVERY: _opal_discovery,
    opal_ioctl.IOC_OPAL_PSID_REVERT_TPR: _opal_revert,
}
