"""Listening: one socket, one uvicorn, a clean stop."""

from __future__ import annotations

import logging
import signal
import socket
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType

import uvicorn

from reprise.errors import InputError
from reprise.i18n import _
from reprise.server.app import make_app
from reprise.server.database import open_database
from reprise.server.settings import ServerSettings
from reprise.system_words import os_reason

log = logging.getLogger("reprise.server")
_GRACE_S = 10


def listen(host: str, port: int) -> socket.socket:
    """A listening socket; port 0 takes a free one. Raises InputError."""
    try:
        family, kind, proto, _name, address = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        sock = socket.socket(family, kind, proto)
    except OSError as error:
        raise InputError(
            _("The address {host} cannot be used: {reason}.").format(
                host=host, reason=os_reason(error)
            ),
            _("Choose another with --host."),
        ) from error
    try:
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        sock.bind(address)
        sock.listen(128)
    except OSError as error:
        sock.close()
        raise InputError(
            _("Port {port} on {host} cannot be used: {reason}.").format(
                port=port, host=host, reason=os_reason(error)
            ),
            _("Stop what uses it, or choose another with --port."),
        ) from error
    return sock


def address_of(sock: socket.socket) -> str:
    """http://host:port of a listening socket."""
    host, port = sock.getsockname()[:2]
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def is_local(sock: socket.socket) -> bool:
    host = str(sock.getsockname()[0])
    return host == "::1" or host.startswith("127.")


def serve(settings: ServerSettings, ready: Callable[[str], None]) -> None:
    """Serve until SIGTERM or SIGINT. `ready` is called with the address once it listens.

    Raises InputError or StorageError where it cannot start.
    """
    _log_to_stderr()
    sock = listen(settings.host, settings.port)
    with sock:
        engine = open_database(settings.database)
        if not is_local(sock):
            log.warning(
                "%s",
                _(
                    "Listening beyond this machine without a log-in: whoever reaches this port "
                    "reads every report. Put a reverse proxy with access control in front."
                ),
            )
        config = uvicorn.Config(
            make_app(engine, settings),
            lifespan="off",
            log_config=None,
            access_log=False,
            server_header=False,
            timeout_graceful_shutdown=_GRACE_S,
        )
        with _stopped_by_signals(server := uvicorn.Server(config)):
            ready(address_of(sock))
            server.run(sockets=[sock])
        engine.dispose()


@contextmanager
def _stopped_by_signals(server: uvicorn.Server) -> Iterator[None]:
    """A stop that was asked for is a success, also in the moment before uvicorn listens to signals
    itself. When it stops it raises the signal again for whoever handled it before: that is us."""

    def stop(_number: int, _frame: FrameType | None) -> None:
        server.should_exit = True

    before = {number: signal.signal(number, stop) for number in (signal.SIGTERM, signal.SIGINT)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _log_to_stderr() -> None:
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(message)s"))
    for name in ("reprise.server", "uvicorn"):
        logger = logging.getLogger(name)
        logger.handlers = [handler]
        logger.propagate = False
        logger.setLevel(logging.INFO if name == "reprise.server" else logging.WARNING)
