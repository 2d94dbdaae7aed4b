"""What a proxy in front of a server does: https:// outside, http:// inside."""

from __future__ import annotations

import contextlib
import socket
import ssl
import threading
from collections.abc import Iterator
from pathlib import Path

from unit.adapters.network.way_kit import context, listening


@contextlib.contextmanager
def behind_tls(inner_port: int, certificate: Path) -> Iterator[int]:
    """`certificate`: with its key, in one file. Gives the port outside."""

    def hand_on(outside: socket.socket) -> None:
        with socket.create_connection(("127.0.0.1", inner_port)) as inside:
            back = threading.Thread(target=_pump, args=(inside, outside), daemon=True)
            back.start()
            _pump(outside, inside)
            back.join(20)

    tls: ssl.SSLContext = context(certificate)
    with listening(hand_on, tls) as port:
        yield port


def _pump(source: socket.socket, target: socket.socket) -> None:
    with contextlib.suppress(OSError):
        while data := source.recv(65536):
            target.sendall(data)
    with contextlib.suppress(OSError):
        target.shutdown(socket.SHUT_WR)
