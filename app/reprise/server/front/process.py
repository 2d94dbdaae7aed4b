"""The process that listens."""

from __future__ import annotations

import socket
from collections.abc import Callable
from pathlib import Path

import uvicorn

from reprise.server.front.app import Front
from reprise.server.front.protocol import PatientProtocol, most_connections

_BACKLOG = 2048


def run(
    sock: socket.socket, pages: Path, limit: int, grace_s: int, ready: Callable[[], None]
) -> None:
    """Until SIGTERM. `limit`: bytes of a report. `ready` is called once reports are taken."""
    PatientProtocol.most = most_connections()
    config = uvicorn.Config(
        Front(limit, pages, ready),
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
    uvicorn.Server(config).run(sockets=[sock])
