"""The process that listens."""

from __future__ import annotations

import socket
from collections.abc import Callable, Sequence

import uvicorn

from reprise.server.front.app import Beside, Front
from reprise.server.front.protocol import PatientProtocol, most_connections

_BACKLOG = 2048


def run(
    socks: Sequence[socket.socket],
    beside: Beside,
    limit: int,
    grace_s: int,
    ready: Callable[[], None],
) -> None:
    """Until SIGTERM. `limit`: bytes of a report. `ready` is called once reports are taken."""
    PatientProtocol.most = most_connections()
    config = uvicorn.Config(
        Front(limit, beside, ready),
        http=PatientProtocol,
        ws="none",
        lifespan="on",
        log_config=None,
        access_log=False,
        proxy_headers=False,  # front/pages.py knows whose word counts
        server_header=False,
        backlog=_BACKLOG,
        timeout_graceful_shutdown=grace_s,
    )
    uvicorn.Server(config).run(sockets=list(socks))
