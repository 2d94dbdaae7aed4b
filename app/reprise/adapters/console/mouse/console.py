"""The Linux console that the screen stands on, and the kernel's own pointer on it.

<linux/kd.h>, <linux/vt.h>, <linux/tiocl.h>, ioctl_console(2).
"""

from __future__ import annotations

import fcntl
import os
import struct

_KDGKBTYPE = 0x4B33
_VT_GETSTATE = 0x5603
_TIOCLINUX = 0x541C
_TIOCL_SETSEL, _SELPOINTER, _SELCLEAR = 2, 3, 4
_STDOUT = 1
_TTY_MAJOR, _LAST_CONSOLE = 4, 63
_SELECTION = struct.Struct("=B5H")  # sub-code; xs, ys, xe, ye (from 1), mode
_STATE = struct.Struct("=3H")


def console_number(descriptor: int) -> int | None:
    """Which of the kernel's consoles this is; None where it is none (a window, ssh, serial)."""
    try:
        fcntl.ioctl(descriptor, _KDGKBTYPE, bytes(1))
        device = os.fstat(descriptor).st_rdev
    except OSError:
        return None
    known = os.major(device) == _TTY_MAJOR and 1 <= os.minor(device) <= _LAST_CONSOLE
    return os.minor(device) if known else None


class LinuxConsole:
    """Implements reader.PointerConsole. Every call may raise OSError."""

    def __init__(self, descriptor: int, number: int) -> None:
        self._descriptor, self._number = descriptor, number

    def size(self) -> tuple[int, int]:
        return os.get_terminal_size(self._descriptor)

    def in_front(self) -> bool:
        """Devices tell every reader all; what is done on another console is not for this one."""
        state = fcntl.ioctl(self._descriptor, _VT_GETSTATE, bytes(_STATE.size))
        return bool(_STATE.unpack(state)[0] == self._number)

    def draw(self, column: int, row: int) -> None:
        """Invert this cell, and put the last one back. Whatever is written to the console takes
        the pointer away first, so it is drawn again and again. Root only (CAP_SYS_ADMIN)."""
        self._select(column + 1, row + 1, _SELPOINTER)

    def hide(self) -> None:
        self._select(1, 1, _SELCLEAR)

    def _select(self, x: int, y: int, mode: int) -> None:
        order = _SELECTION.pack(_TIOCL_SETSEL, x, y, x, y, mode)
        fcntl.ioctl(self._descriptor, _TIOCLINUX, order)


def own_console() -> LinuxConsole | None:
    """The one that this program shows itself on; None in a window, over ssh, on a serial line."""
    if os.environ.get("TERM") != "linux":
        return None
    number = console_number(_STDOUT)
    return None if number is None else LinuxConsole(_STDOUT, number)
