"""Looking a name up, with a limit: the system's own call may hang for half a minute."""

from __future__ import annotations

import socket
from collections.abc import Sequence
from queue import Empty, Queue
from threading import Thread

Address = tuple[socket.AddressFamily, int, int, str, tuple[object, ...]]


def addresses_of(host: str, port: int, timeout_s: float) -> Sequence[Address]:
    """As getaddrinfo, for TCP. Raises whatever it does (OSError; UnicodeError, ValueError or
    OverflowError for impossible names and ports); TimeoutError where no answer came in time."""
    answers: Queue[Sequence[Address] | Exception] = Queue()

    def ask() -> None:
        try:
            addresses = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
            answers.put([(socket.AddressFamily(f), k, p, n, a) for f, k, p, n, a in addresses])
        except Exception as error:  # noqa: BLE001 - raised again in the caller's thread
            answers.put(error)

    Thread(target=ask, name="resolver", daemon=True).start()
    try:
        answer = answers.get(timeout=timeout_s)
    except Empty:
        raise TimeoutError(host) from None
    if isinstance(answer, Exception):
        raise answer
    return answer
