"""How the sessions of all command sets name errors and compare serial numbers."""

from __future__ import annotations

import errno
import re


def errno_name(error: OSError) -> str:
    return errno.errorcode.get(error.errno or 0, str(error.errno))


def another_serial(planned: str | None, told: str) -> bool:
    """Whether the drive itself tells another serial number than the planned one (None: unknown).
    udev writes underscores where the drive has spaces."""
    return planned is not None and _plain(planned) != _plain(told)


def _plain(serial: str) -> str:
    return re.sub(r"[\s_]+", "_", serial.strip())
