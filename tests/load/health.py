"""Somebody who asks a server each 0.2 s how it is, in a process of its own: no other's work keeps
its clock waiting.

    python -m load.health PORT

A line for each question: when it began, when it was answered (seconds of the system's monotonic
clock), and with which status. Who is cut off asks again at once: what counts is when there was an
answer.
"""

from __future__ import annotations

import http.client
import sys
import time

_EVERY_S, _AGAIN_S = 0.2, 0.02
_TIMEOUT_S = 60.0


def _ask(port: int) -> int:
    """Status; 0 where there was none."""
    line = http.client.HTTPConnection("127.0.0.1", port, timeout=_TIMEOUT_S)
    try:
        line.request("GET", "/healthz")
        return line.getresponse().status
    except (OSError, http.client.HTTPException):
        return 0
    finally:
        line.close()


def main(port: int) -> None:
    while True:
        began = time.monotonic()
        while not (status := _ask(port)):
            time.sleep(_AGAIN_S)
        ended = time.monotonic()
        print(began, ended, status, flush=True)
        time.sleep(max(0.0, began + _EVERY_S - ended))


if __name__ == "__main__":
    main(int(sys.argv[1]))
