"""A server that takes reports, on a real socket, and answers as it is told."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from reprise.adapters.delivery.uplink import HttpUplink
from reprise.adapters.pc.clock import SystemClock
from reprise.codec import sha256_hex
from reprise.settings import ServerSettings

ID = "3f0c7b52-9d1e-4b7a-8a59-6f1f0a8f2c11"
ID2 = "3f0c7b52-9d1e-4b7a-8a59-6f1f0a8f2c12"
JWS = b"aaa.bbb.ccc"


def receipt(report_id: str = ID, jws: bytes = JWS) -> bytes:
    plain = {"report_id": report_id, "sha256": sha256_hex(jws), "received_at": "2026-11-24T16:00Z"}
    return json.dumps(plain).encode()


class Server(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.seen: list[tuple[str, bytes, str | None]] = []
        self.status = 201
        self.body: bytes | None = None  # None: a right receipt
        self.headers: dict[str, str] = {}
        self.pause_s = 0.0
        self.over = threading.Event()  # nothing is waited for any more
        self.dribble = False

    def handle_error(self, request: object, client_address: object) -> None:
        """The client went away, as these tests make it do."""

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"


class _Handler(BaseHTTPRequestHandler):
    server: Server

    def do_PUT(self) -> None:
        data = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.seen.append((self.path, data, self.headers["Content-Type"]))
        self.server.over.wait(self.server.pause_s)
        body = self.server.body
        if body is None:
            body = receipt(self.path.rsplit("/", 1)[1], data)
        self.send_response(self.server.status)
        for name, value in self.server.headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body) + 10_000 * self.server.dribble))
        self.end_headers()
        self.wfile.write(body)
        while self.server.dribble and not self.server.over.wait(0.05):
            self.wfile.write(b" ")
            self.wfile.flush()

    def log_request(self, code: object = "-", size: object = "-") -> None:
        return


@contextmanager
def running(server: Server) -> Iterator[Server]:
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        thread.join()
        server.over.set()
        server.server_close()


def uplink_to(url: str, read_timeout_s: float = 30.0) -> HttpUplink:
    return HttpUplink(
        ServerSettings(url, connect_timeout_s=30.0, read_timeout_s=read_timeout_s),
        None,
        SystemClock(),
    )
