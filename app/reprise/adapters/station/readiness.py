"""Tells systemd that the first picture is on the screen, or that the server takes reports: what
waits for that may start now."""

from __future__ import annotations

import os
import socket


def tell_ready() -> bool:
    """sd_notify(3), "READY=1". False where nobody wants to know: not started by systemd."""
    where = os.environ.get("NOTIFY_SOCKET", "")
    if not where:
        return False
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_CLOEXEC) as out:
        out.connect("\0" + where[1:] if where.startswith("@") else where)
        out.sendall(b"READY=1")
    return True
