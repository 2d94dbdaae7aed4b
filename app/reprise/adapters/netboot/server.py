"""A small HTTP server for the big files: only what it was given, GET and HEAD, one thread a PC."""

from __future__ import annotations

import errno
import sys
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import BinaryIO, TypeAlias
from urllib.parse import unquote, urlsplit

from reprise.errors import InputError
from reprise.i18n import _
from reprise.system_words import os_reason

_SLICE_BYTES = 4 << 20
_PATIENCE_S = 60.0  # for a PC that was switched off in the middle


@dataclass(frozen=True, slots=True)
class Fetch:
    """How far one PC is with one file. `broken_off`: it will not go on."""

    client: str
    name: str
    done_bytes: int
    total_bytes: int
    broken_off: bool = False


Served: TypeAlias = Mapping[str, Path | bytes]
Watcher: TypeAlias = Callable[[Fetch], None]


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False  # a PC in the middle of a download does not hold up the end
    request_queue_size = 128

    def __init__(self, host: str, port: int, files: Served, watcher: Watcher) -> None:
        self.files, self.watcher = files, watcher
        super().__init__((host, port), _Handler)

    def handle_error(self, request: object, client_address: object) -> None:
        """A PC that went away is told to the watcher; anything else is ours, and shown."""
        if not isinstance(sys.exception(), OSError):
            super().handle_error(request, client_address)  # type: ignore[arg-type]


class _Handler(BaseHTTPRequestHandler):
    server: _Server
    timeout = _PATIENCE_S
    server_version, sys_version = "reprise", ""

    def do_GET(self) -> None:
        self._answer(body=True)

    def do_HEAD(self) -> None:
        self._answer(body=False)

    def log_message(self, *_words: object) -> None:
        """Said by the watcher, in words."""

    def _answer(self, *, body: bool) -> None:
        name = unquote(urlsplit(self.path).path).lstrip("/")
        served = self.server.files.get(name)
        if served is None:
            self.send_error(HTTPStatus.NOT_FOUND)
            return
        if isinstance(served, bytes):
            self._head(len(served))
            if body:
                self.wfile.write(served)
                self._tell(name, len(served), len(served))
            return
        with served.open("rb") as file:
            total = served.stat().st_size
            self._head(total)
            if body:
                self._send(name, file, total)

    def _head(self, size: int) -> None:
        self.send_response(HTTPStatus.OK)
        self.send_header("Content-Type", "application/octet-stream")
        self.send_header("Content-Length", str(size))
        self.end_headers()

    def _send(self, name: str, file: BinaryIO, total: int) -> None:
        done = 0
        self._tell(name, done, total)
        try:
            while done < total:
                sent = self.connection.sendfile(file, done, min(_SLICE_BYTES, total - done))
                if not sent:
                    raise OSError(errno.EIO, name)  # the file became shorter
                done += sent
                self._tell(name, done, total)
        except OSError:
            self._tell(name, done, total, broken_off=True)
            raise

    def _tell(self, name: str, done: int, total: int, *, broken_off: bool = False) -> None:
        client = str(self.client_address[0])
        self.server.watcher(Fetch(client, name, done, total, broken_off))


@contextmanager
def http_serving(host: str, port: int, files: Served, watcher: Watcher) -> Iterator[int]:
    """Serves until the block ends; yields the port (0 takes a free one). Raises InputError where
    it cannot listen. `watcher` is called from the threads of the PCs."""
    try:
        server = _Server(host, port, files, watcher)
    except OSError as error:
        raise InputError(
            _("Port {port} on {host} cannot be used: {reason}.").format(
                port=port, host=host, reason=os_reason(error)
            ),
            _("Stop what uses it, or choose another with --port."),
        ) from error
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.2})
    thread.start()
    try:
        yield server.server_address[1]
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
