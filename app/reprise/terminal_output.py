"""Whether a terminal has taken what was written to it: nobody saw or heard the rest."""

from __future__ import annotations

import errno
import fcntl
import select
import termios


def taken(output: int) -> bool:
    """Of the file descriptor of a terminal. False while its output is stopped (Scroll Lock on the
    console, flow control, a write that waits: n_tty_poll in drivers/tty/n_tty.c of Linux asks for
    room in the terminal) or on its way (TIOCOUTQ, tty_ioctl(4): a serial line), and where the
    terminal has gone. What is no terminal keeps nothing back."""
    if not select.select([], [output], [], 0)[1]:
        return False
    try:
        waiting = fcntl.ioctl(output, termios.TIOCOUTQ, bytes(4))
    except OSError as error:
        return error.errno == errno.ENOTTY
    return waiting == bytes(4)
