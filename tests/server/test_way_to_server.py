"""The test of the server, against real sockets: each way in which the way to it is broken."""

from __future__ import annotations

import contextlib
import socket
import ssl
import subprocess
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from reprise import i18n, wording
from reprise.adapters import server_test
from reprise.adapters.server_test import ServerTester
from reprise.adapters.signing import Ed25519Signer
from reprise.adapters.uplink import HttpUplink
from reprise.domain.network import (
    Link,
    LinkKind,
    LinkState,
    NetworkState,
    SendFault,
    SendStep,
    ServerTest,
)
from reprise.ports import ClockReading
from reprise.settings import ServerSettings
from server.kit import Running, enrolled, reprise, stranger

CABLE = Link("eth0", LinkKind.ETHERNET, LinkState.CONNECTED, addresses=("192.0.2.5/24",))
CONNECTED = NetworkState((CABLE,))
SILENT_S = 0.5


@dataclass
class Clock:
    trusted: bool

    def read(self) -> ClockReading:
        return ClockReading(datetime(2026, 11, 24, tzinfo=UTC), 1.0)

    def trust(self) -> tuple[bool, str]:
        return self.trusted, "ntp"


def tried(
    settings: ServerSettings,
    signer: Ed25519Signer | None = None,
    state: NetworkState = CONNECTED,
    ca_file: Path | None = None,
    trusted: bool = True,
) -> ServerTest:
    settings = replace(settings, connect_timeout_s=SILENT_S, read_timeout_s=SILENT_S)
    return ServerTester(
        lambda: settings,
        lambda found: HttpUplink(found, ca_file),
        lambda: state,
        lambda: signer or stranger(),
        Clock(trusted),
    ).run()


def ends(test: ServerTest) -> tuple[SendStep, SendFault | None]:
    """Where it ended. Every finding can be told in both languages."""
    for language in i18n.LANGUAGES:
        with i18n.using(language):
            assert all(bool(wording.fault_words(f)) is (f.fault is not None) for f in test.findings)
    last = test.findings[-1]
    assert [f for f in test.findings[:-1] if f.fault is not None] == []
    return last.step, last.fault


@pytest.fixture(autouse=True)
def _patient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(server_test, "_CONNECT_S", SILENT_S)


@pytest.fixture
def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


class _Http(ThreadingHTTPServer):
    daemon_threads = True
    status, body, headers = 200, b"<html>Welcome</html>", {"X-Kind": "other"}

    def handle_error(self, request: object, client_address: object) -> None:
        """The client goes away, as these tests make it do."""


class _Handler(BaseHTTPRequestHandler):
    server: _Http

    def do_GET(self) -> None:
        self.send_response(self.server.status)
        for name, value in self.server.headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(self.server.body)))
        self.end_headers()
        self.wfile.write(self.server.body)

    do_CONNECT = do_GET  # noqa: N815 - the name that http.server looks for

    def log_request(self, code: object = "-", size: object = "-") -> None:
        return


@contextlib.contextmanager
def serving(context: ssl.SSLContext | None = None) -> Iterator[_Http]:
    http = _Http(("127.0.0.1", 0), _Handler)
    if context is not None:
        http.socket = context.wrap_socket(http.socket, server_side=True)
    thread = threading.Thread(target=http.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield http
    finally:
        http.shutdown()
        thread.join()
        http.server_close()


def url(http: _Http, scheme: str = "http", host: str = "127.0.0.1") -> str:
    return f"{scheme}://{host}:{http.server_port}"


@pytest.fixture
def made(tmp_path: Path) -> Callable[..., ssl.SSLContext]:
    """A self-signed certificate (c.pem) with these names and dates, and a server's context."""

    def make(names: str, *dates: str) -> ssl.SSLContext:
        argv = ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256"]
        argv += ["-nodes", "-keyout", "k.pem", "-out", "c.pem", "-subj", "/CN=x"]
        argv += ["-addext", f"subjectAltName={names}", *(dates or ("-days", "1"))]
        subprocess.run(argv, cwd=tmp_path, check=True, capture_output=True)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(tmp_path / "c.pem", tmp_path / "k.pem")
        return context

    return make


def test_all_is_well_and_nothing_is_kept(server: Running, station: Ed25519Signer) -> None:
    before = server.get("/").text.count("/reports/")
    test = tried(ServerSettings(server.url), station)
    assert ends(test) == (SendStep.KEY, None)
    assert [f.step for f in test.findings] == ["name", "reach", "answer", "key"]
    assert server.get("/").text.count("/reports/") == before


def test_a_station_that_nobody_enrolled(server: Running) -> None:
    test = tried(ServerSettings(server.url), stranger())
    assert ends(test) == (SendStep.KEY, SendFault.KEY_REFUSED)
    assert test.fault is not None
    assert test.fault.detail.startswith("403: ")


def test_a_station_that_was_revoked(server: Running, tmp_path: Path) -> None:
    signer = enrolled(server.database, tmp_path / "revoked", "Revoked")
    assert ends(tried(ServerSettings(server.url), signer)) == (SendStep.KEY, None)
    assert (
        reprise("enroll", "--revoke", signer.kid, "--database", str(server.database)).returncode
        == 0
    )
    assert ends(tried(ServerSettings(server.url), signer)) == (SendStep.KEY, SendFault.KEY_REFUSED)


def test_nothing_is_set() -> None:
    assert ends(tried(ServerSettings())) == (SendStep.SETTINGS, SendFault.NO_SERVER)


def test_the_authoritys_file_is_missing(tmp_path: Path) -> None:
    test = tried(ServerSettings("https://localhost"), ca_file=tmp_path / "none.pem")
    assert ends(test) == (SendStep.SETTINGS, SendFault.SETTINGS)
    assert "none.pem" in test.findings[0].detail


@pytest.mark.parametrize(
    ("state", "step", "fault"),
    [
        (NetworkState(running=False), SendStep.LINK, SendFault.NO_SERVICE),
        (NetworkState(), SendStep.LINK, SendFault.NO_CARD),
        (
            NetworkState((replace(CABLE, state=LinkState.NO_CABLE),)),
            SendStep.LINK,
            SendFault.NO_LINK,
        ),
        (
            NetworkState((replace(CABLE, state=LinkState.CONNECTING),)),
            SendStep.ADDRESS,
            SendFault.NO_ADDRESS,
        ),
        (
            NetworkState((replace(CABLE, state=LinkState.NO_ADDRESS),)),
            SendStep.ADDRESS,
            SendFault.NO_ADDRESS,
        ),
        (CONNECTED, SendStep.NAME, SendFault.NAME_UNKNOWN),
    ],
)
def test_before_the_server_is_even_asked(
    state: NetworkState, step: SendStep, fault: SendFault
) -> None:
    """.invalid is a name that no network knows (RFC 6761, 6.4)."""
    assert ends(tried(ServerSettings("https://reprise.invalid"), state=state)) == (step, fault)


def test_nothing_listens(free_port: int) -> None:
    test = tried(ServerSettings(f"http://127.0.0.1:{free_port}"))
    assert ends(test) == (SendStep.REACH, SendFault.CLOSED)
    assert test.findings[-1].detail == f"127.0.0.1:{free_port}"


def test_a_proxy_is_reached_first(free_port: int) -> None:
    proxy = f"http://user:secret@127.0.0.1:{free_port}"
    test = tried(ServerSettings("https://reprise.invalid", proxy=proxy))
    assert ends(test) == (SendStep.REACH, SendFault.PROXY_CLOSED)
    assert test.proxy == f"http://127.0.0.1:{free_port}"  # without its account
    unknown = ServerSettings("https://reprise.invalid", proxy="http://proxy.invalid:3128")
    assert ends(tried(unknown)) == (SendStep.NAME, SendFault.PROXY_NAME_UNKNOWN)


@pytest.mark.parametrize(
    ("scheme", "status", "fault"),
    [
        ("https", 403, SendFault.PROXY_REFUSES),
        ("https", 407, SendFault.PROXY_ACCOUNT),
        ("https", 502, SendFault.PROXY_REFUSES),
        ("http", 403, SendFault.PROXY_REFUSES),
        ("http", 407, SendFault.PROXY_ACCOUNT),
        ("http", 503, SendFault.PROXY_REFUSES),
    ],
)
def test_a_proxy_that_refuses(scheme: str, status: int, fault: SendFault) -> None:
    with serving() as proxy:
        proxy.status = status
        server = f"{scheme}://10.1.2.3:8443"
        assert ends(tried(ServerSettings(server, proxy=url(proxy))))[1] is fault


def test_silence_before_and_after_the_connection() -> None:
    with socket.socket() as deaf:
        deaf.bind(("127.0.0.1", 0))
        deaf.listen(0)
        where = f"127.0.0.1:{deaf.getsockname()[1]}"
        assert ends(tried(ServerSettings(f"http://{where}"))) == (SendStep.ANSWER, SendFault.SLOW)
        waiting = [socket.socket() for _more_than_it_queues in range(4)]
        for one in waiting:
            one.setblocking(False)
            one.connect_ex(deaf.getsockname())
        try:
            assert ends(tried(ServerSettings(f"http://{where}"))) == (
                SendStep.REACH,
                SendFault.SILENT,
            )
        finally:
            for one in waiting:
                one.close()


@pytest.mark.parametrize(
    ("status", "body", "fault"),
    [
        (200, b"<html>Router</html>", SendFault.NOT_REPRISE),
        (200, b'{"status":"odd"}', SendFault.NOT_REPRISE),
        (200, b"x" * 100_000, SendFault.NOT_REPRISE),
        (404, b"", SendFault.NOT_REPRISE),
        (302, b"", SendFault.REDIRECTED),
        (511, b"", SendFault.SERVER_TROUBLE),
        (500, b"{}", SendFault.SERVER_TROUBLE),
    ],
)
def test_something_else_answers(status: int, body: bytes, fault: SendFault) -> None:
    with serving() as http:
        http.status, http.body = status, body
        assert ends(tried(ServerSettings(url(http)))) == (SendStep.ANSWER, fault)


def test_a_plain_server_where_a_secure_one_is_set() -> None:
    with serving() as http:
        test = tried(ServerSettings(url(http, "https")))
        assert ends(test) == (SendStep.SECURE, SendFault.NOT_SECURE)


PAST = ("-not_before", "20200101000000Z", "-not_after", "20200201000000Z")
FUTURE = ("-not_before", "20900101000000Z", "-not_after", "20910101000000Z")


@pytest.mark.parametrize(
    ("names", "dates", "trusted", "fault"),
    [
        ("IP:127.0.0.1", (), True, None),
        ("DNS:other.example", (), True, SendFault.CERTIFICATE_NAME),
        ("IP:127.0.0.1", PAST, True, SendFault.CERTIFICATE_DATES),
        ("IP:127.0.0.1", PAST, False, SendFault.CLOCK),
        ("IP:127.0.0.1", FUTURE, False, SendFault.CLOCK),
    ],
)
def test_certificates_of_an_authority_that_is_ours(
    made: Callable[..., ssl.SSLContext],
    tmp_path: Path,
    names: str,
    dates: tuple[str, ...],
    trusted: bool,
    fault: SendFault | None,
) -> None:
    with serving(made(names, *dates)) as http:
        http.body = b'{"status":"ok"}'
        test = tried(
            ServerSettings(url(http, "https")), ca_file=tmp_path / "c.pem", trusted=trusted
        )
    secure = next(f for f in test.findings if f.step is SendStep.SECURE)
    assert secure.fault is fault
    if dates:
        assert secure.detail == "2026-11-24"  # the PC's own date, for the person to compare


def test_a_certificate_of_nobody_we_know(made: Callable[..., ssl.SSLContext]) -> None:
    with serving(made("DNS:localhost")) as http:
        test = tried(ServerSettings(url(http, "https", "localhost")))
    assert ends(test) == (SendStep.SECURE, SendFault.CERTIFICATE_UNKNOWN)
