"""Sending, over real sockets: only a receipt for our very bytes counts."""

from __future__ import annotations

import json
import socket
import ssl
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from reprise import i18n
from reprise.adapters.outbox import StoreOutbox
from reprise.adapters.store import FolderStore
from reprise.adapters.uplink import HttpUplink
from reprise.codec import sha256_hex
from reprise.domain.delivery import Outcome
from reprise.errors import InputError
from reprise.settings import ServerSettings
from reprise.wording.unsent import last_word
from reprise.workflow.deliver import backoff_s, deliver, deliver_for_ever

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
def _running(server: Server) -> Iterator[Server]:
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        thread.join()
        server.over.set()
        server.server_close()


@pytest.fixture
def server() -> Iterator[Server]:
    i18n.set_language("en")
    with _running(Server()) as running:
        yield running


@pytest.fixture
def box(tmp_path: Path) -> StoreOutbox:
    return StoreOutbox(FolderStore(tmp_path / "data"))


def _uplink(url: str, read_timeout_s: float = 30.0) -> HttpUplink:
    return HttpUplink(ServerSettings(url, connect_timeout_s=30.0, read_timeout_s=read_timeout_s))


def test_sent_and_kept(server: Server, box: StoreOutbox, tmp_path: Path) -> None:
    box.put(ID, JWS)
    summary = deliver(box, _uplink(server.url + "/base/"))
    assert summary.sent == (ID,)
    assert server.seen == [(f"/base/api/v1/reports/{ID}", JWS, "application/jose")]
    data = tmp_path / "data"
    assert sorted(p.name for p in (data / "outbox").iterdir()) == []
    assert (data / f"reports/{ID}.jws").read_bytes() == JWS
    assert (data / f"receipts/{ID}.json").read_bytes() == receipt()
    assert [item.state for item in box.items()] == ["sent"]
    assert deliver(box, _uplink(server.url)).known == frozenset()
    box.put(ID, JWS)  # put again after it was sent: it does not come back
    assert [item.state for item in box.items()] == ["sent"]


@pytest.mark.parametrize(
    ("status", "body", "outcome"),
    [
        (200, None, Outcome.ACCEPTED),
        (201, None, Outcome.ACCEPTED),
        (204, None, Outcome.RETRY),
        (200, receipt(jws=b"other"), Outcome.RETRY),
        (200, receipt(report_id=ID2), Outcome.RETRY),
        (200, b"<html>Log in to this Wi-Fi</html>", Outcome.RETRY),
        (200, b"{}", Outcome.RETRY),
        (200, b"", Outcome.RETRY),
        (200, b"x" * 100_000, Outcome.RETRY),
        (400, b"", Outcome.REFUSED),
        (403, b'{"title":"Unknown key"}', Outcome.REFUSED),
        (409, b"{}", Outcome.REFUSED),
        (413, b"", Outcome.REFUSED),
        (422, b"[]", Outcome.REFUSED),
        (401, b"", Outcome.RETRY),
        (404, b"", Outcome.RETRY),
        (407, b"", Outcome.RETRY),
        (429, b"", Outcome.RETRY),
        (500, b"", Outcome.RETRY),
        (503, receipt(), Outcome.RETRY),
    ],
)
def test_answers(server: Server, status: int, body: bytes | None, outcome: Outcome) -> None:
    server.status, server.body = status, body
    assert _uplink(server.url).send(ID, JWS).outcome is outcome


def test_redirects_are_not_followed(server: Server) -> None:
    with _running(Server()) as elsewhere:
        server.status, server.headers = 307, {"Location": elsewhere.url + "/x"}
        assert _uplink(server.url).send(ID, JWS).outcome is Outcome.RETRY
        assert elsewhere.seen == []


def test_no_server_there(box: StoreOutbox) -> None:
    i18n.set_language("en")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{free.getsockname()[1]}"
        box.put(ID, JWS)
        box.put(ID2, JWS)
        summary = deliver(box, _uplink(url))
    assert summary.waiting == (ID, ID2)
    first, second = box.items()
    assert (first.state, second.detail) == ("waiting", "")  # the second was not even tried
    assert "refused" in last_word(first.detail)


@pytest.mark.parametrize("dribble", [False, True])
def test_slow_servers_do_not_hold_us(server: Server, dribble: bool) -> None:
    server.pause_s, server.dribble = (0.0, True) if dribble else (120.0, False)
    began = time.monotonic()
    settings = ServerSettings(server.url, connect_timeout_s=0.2, read_timeout_s=0.3)
    delivery = HttpUplink(settings).send(ID, JWS)
    assert delivery.outcome is not Outcome.ACCEPTED
    assert time.monotonic() - began < 20  # both servers take minutes


def test_refused_is_kept_with_the_servers_words_and_tried_again_on_demand(
    server: Server, box: StoreOutbox
) -> None:
    server.status, server.body = 403, b'{"title":"Unknown key","detail":"Enrol\\u0007 it"}'
    box.put(ID, JWS)
    assert deliver(box, _uplink(server.url)).refused == (ID,)
    (item,) = box.items()
    assert (item.state, item.detail) == ("refused", "403: Unknown key – Enrol  it")
    assert deliver(box, _uplink(server.url)).refused == (ID,)
    assert len(server.seen) == 1
    server.status, server.body = 201, None
    assert deliver(box, _uplink(server.url), refused_too=True).sent == (ID,)


def test_one_bad_report_does_not_block_the_others(server: Server, box: StoreOutbox) -> None:
    server.body = receipt(ID2)
    box.put(ID, JWS)
    box.put(ID2, JWS)
    summary = deliver(box, _uplink(server.url))
    assert (summary.sent, summary.waiting) == ((ID2,), (ID,))


def test_tls_is_verified_unless_the_authority_is_ours(server: Server, tmp_path: Path) -> None:
    argv = ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256"]
    argv += ["-nodes", "-keyout", "k.pem", "-out", "c.pem", "-days", "1", "-subj", "/CN=x"]
    argv += ["-addext", "subjectAltName=IP:127.0.0.1"]
    subprocess.run(argv, cwd=tmp_path, check=True, capture_output=True)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(tmp_path / "c.pem", tmp_path / "k.pem")
    server.socket = context.wrap_socket(server.socket, server_side=True)
    url = server.url.replace("http:", "https:")
    refused = _uplink(url).send(ID, JWS)
    assert refused.outcome is Outcome.OFFLINE
    assert refused.detail.startswith("tls: ")
    assert "certificate" in last_word(refused.detail)
    settings = ServerSettings(url)
    assert HttpUplink(settings, tmp_path / "c.pem").send(ID, JWS).outcome is Outcome.ACCEPTED
    with pytest.raises(InputError, match="none"):
        HttpUplink(settings, tmp_path / "none.pem")


def test_the_environment_names_no_proxy(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:1")
    monkeypatch.setenv("no_proxy", "")
    assert _uplink(server.url).send(ID, JWS).outcome is Outcome.ACCEPTED


def test_no_server_set() -> None:
    with pytest.raises(InputError) as caught:
        HttpUplink(ServerSettings())
    assert caught.value.exit_code == 2
    assert "[server] url" in str(caught.value)


def test_backoff_grows_and_is_capped() -> None:
    assert [backoff_s(n, 1.0) for n in (1, 2, 3)] == [5.0, 10.0, 20.0]
    assert backoff_s(1, 0.0) == 2.5
    assert backoff_s(50, 1.0) == 300.0


class _Watch:
    """Runs `then` at each wait, in order, and stops at the end."""

    def __init__(self, stop: threading.Event, *then: tuple[bool, object]) -> None:
        self.stop, self.then, self.waits = stop, list(then), []

    def wait(self, timeout_s: float, known: frozenset[str]) -> bool:
        self.waits.append(timeout_s)
        if not self.then:
            self.stop.set()
            return False
        woken, change = self.then.pop(0)
        if callable(change):
            change()
        return woken


def test_service_backs_off_and_is_quick_again_once_the_network_changes(
    server: Server, box: StoreOutbox
) -> None:
    server.status, server.body = 500, b""
    box.put(ID, JWS)

    def heal() -> None:
        server.status, server.body = 201, None

    stop = threading.Event()
    watch = _Watch(stop, (False, None), (False, None), (True, None), (False, heal))
    link = _uplink(server.url)
    deliver_for_ever(box, lambda: link, watch, stop, lambda: 1.0)
    assert watch.waits == [5.0, 10.0, 20.0, 5.0, 300.0]
    assert [item.state for item in box.items()] == ["sent"]


def test_service_waits_for_a_server_to_be_set(server: Server, box: StoreOutbox) -> None:
    box.put(ID, JWS)
    links: list[HttpUplink | None] = [None, _uplink(server.url)]
    stop = threading.Event()
    watch = _Watch(stop, (True, None))
    deliver_for_ever(box, lambda: links.pop(0), watch, stop, lambda: 1.0)
    assert [item.state for item in box.items()] == ["sent"]
