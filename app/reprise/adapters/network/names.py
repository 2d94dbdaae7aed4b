"""Looking a name up, with a limit: the system's own call may hang for half a minute."""

from __future__ import annotations

import socket
from collections.abc import Sequence
from queue import Empty, Queue
from threading import Thread

Address = tuple[socket.AddressFamily, int, int, str, tuple[object, ...]]


class UnknownNameError(Exception):
    """The name servers know no such name."""


class SilentError(Exception):
    """No name server answers."""


def addresses_of(host: str, port: int, timeout_s: float) -> Sequence[Address]:
    """As getaddrinfo, for TCP. Raises UnknownNameError, SilentError."""
    answers: Queue[Sequence[Address] | Exception] = Queue()

    def ask() -> None:
        try:
            found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
            answers.put([(socket.AddressFamily(f), k, p, n, a) for f, k, p, n, a in found])
        except (OSError, UnicodeError) as error:
            answers.put(error)

    Thread(target=ask, name="resolver", daemon=True).start()
    try:
        answer = answers.get(timeout=timeout_s)
    except Empty:
        raise SilentError(host) from None
    if isinstance(answer, Exception):
        silent = isinstance(answer, socket.gaierror) and answer.errno == socket.EAI_AGAIN
        raise (SilentError if silent else UnknownNameError)(host) from answer
    return answer
