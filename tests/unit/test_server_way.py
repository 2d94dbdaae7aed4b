"""The way to the server, on real sockets of this machine: where it ends and what is said of it."""

from __future__ import annotations

import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from reprise import i18n
from reprise.adapters.network.way import ServerTest
from reprise.domain.network import Link, LinkKind, LinkState
from reprise.domain.reach import Finding, Outcome, Reach, Step, judge_address, judge_link
from reprise.ports import ClockReading
from reprise.settings import ServerSettings
from reprise.wording import network as words

KEY = "-----BEGIN PUBLIC KEY-----\nMCow\n-----END PUBLIC KEY-----\n"
UNKNOWN = '{"type":"/problems/not-found","title":"There is nothing","status":404}'
DAY = timedelta(days=1)


@dataclass
class FakeClock:
    trusted: bool = True
    note: str = "ntp"

    def read(self) -> ClockReading:
        return ClockReading(datetime.now(UTC), 0.0)

    def trust(self) -> tuple[bool, str]:
        return self.trusted, self.note


Serve = Callable[[socket.socket], None]


@contextmanager
def listening(serve: Serve, tls: ssl.SSLContext | None = None) -> Iterator[int]:
    """A server on a free port of this machine; every call is served in a thread."""
    with socket.create_server(("127.0.0.1", 0)) as door:

        def one(line: socket.socket) -> None:
            try:
                with line if tls is None else tls.wrap_socket(line, server_side=True) as call:
                    serve(call)
            except OSError:
                return

        def accept() -> None:
            while True:
                try:
                    line, _address = door.accept()
                except OSError:
                    return
                threading.Thread(target=one, args=(line,), daemon=True).start()

        threading.Thread(target=accept, daemon=True).start()
        yield door.getsockname()[1]
        door.shutdown(socket.SHUT_RDWR)


def answering(status: str, body: str = "", more: str = "", seen: list[str] | None = None) -> Serve:
    def serve(line: socket.socket) -> None:
        asked = line.recv(65536).decode("latin-1")
        if seen is not None:
            seen.append(asked)
        head = f"HTTP/1.1 {status}\r\nContent-Length: {len(body)}\r\n{more}\r\n{body}"
        line.sendall(head.encode())

    return serve


def free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
        return port


def made(
    folder: Path, name: str = "127.0.0.1", first: timedelta = -DAY, last: timedelta = DAY
) -> Path:
    """A certificate that vouches for itself, with its key, in one file."""
    key = ec.generate_private_key(ec.SECP256R1())
    called = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Reprise test")])
    now = datetime.now(UTC)
    alternative: x509.GeneralName = x509.DNSName(name)
    if name[0].isdigit():
        alternative = x509.IPAddress(ip_address(name))
    certificate = (
        x509.CertificateBuilder()
        .subject_name(called)
        .issuer_name(called)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now + first)
        .not_valid_after(now + last)
        .add_extension(x509.SubjectAlternativeName([alternative]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    pem = serialization.Encoding.PEM
    plain = serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    file = folder / "both.pem"
    file.write_bytes(certificate.public_bytes(pem) + key.private_bytes(pem, *plain))
    return file


def context(file: Path) -> ssl.SSLContext:
    found = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    found.load_cert_chain(file)
    return found


def tried(
    url: str,
    *,
    proxy: str = "",
    ca_file: Path | None = None,
    clock: FakeClock | None = None,
    links: tuple[Link, ...] | None = None,
    kid: str = "kid-1",
) -> list[Finding]:
    settings = ServerSettings(
        url,
        ca_file="" if ca_file is None else ca_file.name,
        proxy=proxy,
        connect_timeout_s=5.0,
        read_timeout_s=0.5,
    )
    found = list(ServerTest(settings, ca_file, clock or FakeClock(), lambda: links).run(kid))
    assert [one.step for one in found] == list(Step)
    for one in found:
        assert (one.reason is not None) == (one.outcome is Outcome.FAILED)
    return found


def end(found: list[Finding]) -> tuple[Step, Reach | None]:
    """Where it failed; behind it nothing was tried."""
    at = next(i for i, one in enumerate(found) if one.outcome is Outcome.FAILED)
    assert {one.outcome for one in found[at + 1 :]} <= {Outcome.NOT_TRIED}
    assert words.what_is_wrong(found[at]) and words.what_to_do(found[at])
    return found[at].step, found[at].reason


def ok(found: list[Finding]) -> list[Step]:
    return [one.step for one in found if one.outcome is Outcome.OK]


def test_a_reprise_server_that_knows_this_station(tmp_path: Path) -> None:
    file, seen = made(tmp_path), list[str]()
    with listening(answering("200 OK", KEY, seen=seen), context(file)) as port:
        found = tried(f"https://127.0.0.1:{port}/base", ca_file=file)
    assert ok(found) == [Step.NAME, Step.CONNECT, Step.TLS, Step.ANSWER, Step.ENROLLED]
    assert seen[0].startswith("GET /base/api/v1/stations/kid-1/key.pem HTTP/1.1\r\n")


def test_a_reprise_server_that_does_not_know_it() -> None:
    with listening(answering("404 Not Found", UNKNOWN)) as port:
        found = tried(f"http://127.0.0.1:{port}")
        no_key = tried(f"http://127.0.0.1:{port}", kid="")
    assert end(found) == (Step.ENROLLED, Reach.NOT_ENROLLED)
    assert ok(found) == ok(no_key) == [Step.NAME, Step.CONNECT, Step.ANSWER]
    assert no_key[-1].outcome is Outcome.NOT_TRIED


def test_a_closed_port() -> None:
    port = free_port()
    found = tried(f"http://127.0.0.1:{port}")
    assert end(found) == (Step.CONNECT, Reach.PORT_CLOSED)
    assert found[3].detail == f"127.0.0.1:{port}"


def test_a_certificate_that_nobody_vouches_for(tmp_path: Path) -> None:
    with listening(answering("200 OK", KEY), context(made(tmp_path))) as port:
        found = tried(f"https://127.0.0.1:{port}")
    assert end(found) == (Step.TLS, Reach.CERTIFICATE_AUTHORITY)


def test_a_certificate_of_another_machine(tmp_path: Path) -> None:
    file = made(tmp_path, "login.example")
    with listening(answering("200 OK", KEY), context(file)) as port:
        found = tried(f"https://127.0.0.1:{port}", ca_file=file)
    assert end(found) == (Step.TLS, Reach.CERTIFICATE_NAME)


@pytest.mark.parametrize(
    ("first", "last", "clock", "reason"),
    [
        (-2 * DAY, -DAY, FakeClock(), Reach.CERTIFICATE_DATE),
        (DAY, 2 * DAY, FakeClock(), Reach.CERTIFICATE_DATE),
        (-2 * DAY, -DAY, FakeClock(False, "rtc"), Reach.CLOCK_DOUBTFUL),
        (-2 * DAY, -DAY, FakeClock(False, "rtc-implausible"), Reach.CLOCK_WRONG),
        (DAY, 2 * DAY, FakeClock(False, "rtc"), Reach.CLOCK_WRONG),
    ],
)
def test_a_certificate_out_of_date_or_a_clock_that_is_wrong(
    tmp_path: Path, first: timedelta, last: timedelta, clock: FakeClock, reason: Reach
) -> None:
    file = made(tmp_path, first=first, last=last)
    with listening(answering("200 OK", KEY), context(file)) as port:
        found = tried(f"https://127.0.0.1:{port}", ca_file=file, clock=clock)
    assert end(found) == (Step.TLS, reason)
    i18n.set_language("fr")
    assert str(datetime.now(UTC).year) in words.what_is_wrong(found[4])


def test_a_certificate_file_that_is_not_there(tmp_path: Path) -> None:
    with listening(answering("200 OK", KEY)) as port:
        found = tried(f"https://127.0.0.1:{port}", ca_file=tmp_path / "none.pem")
    assert end(found) == (Step.TLS, Reach.CA_FILE)
    (tmp_path / "none.pem").write_text("no certificate")
    with listening(answering("200 OK", KEY)) as port:
        found = tried(f"https://127.0.0.1:{port}", ca_file=tmp_path / "none.pem")
    assert end(found) == (Step.TLS, Reach.CA_FILE)


def test_a_server_that_does_not_encrypt() -> None:
    with listening(answering("400 Bad Request", "no")) as port:
        found = tried(f"https://127.0.0.1:{port}")
    assert end(found) == (Step.TLS, Reach.NOT_TLS)
    with listening(lambda line: None) as port:
        assert end(tried(f"https://127.0.0.1:{port}")) == (Step.TLS, Reach.BROKE_OFF)


@pytest.mark.parametrize(
    ("status", "body", "more", "reason"),
    [
        ("200 OK", "<html>It works</html>", "", Reach.NOT_REPRISE),
        ("404 Not Found", "<html>no</html>", "", Reach.NOT_REPRISE),
        ("404 Not Found", '{"type":"about:blank"}', "", Reach.NOT_REPRISE),
        ("404 Not Found", "[1]", "", Reach.NOT_REPRISE),
        ("302 Found", "", "Location: http://login.example/\r\n", Reach.LOGIN_PAGE),
        ("511 Network Authentication Required", "", "", Reach.LOGIN_PAGE),
        ("500 Internal Server Error", "", "", Reach.SERVER_ERROR),
        ("503 Service Unavailable", "", "", Reach.SERVER_ERROR),
    ],
)
def test_what_is_no_reprise_server(status: str, body: str, more: str, reason: Reach) -> None:
    with listening(answering(status, body, more)) as port:
        assert end(tried(f"http://127.0.0.1:{port}")) == (Step.ANSWER, reason)


def test_one_that_speaks_no_http_or_nothing_or_hangs_up() -> None:
    def garbage(line: socket.socket) -> None:
        line.recv(65536)
        line.sendall(b"220 mail.example ESMTP\r\n")

    stay = threading.Event()
    for serve, reason in (
        (garbage, Reach.BROKE_OFF),
        (lambda line: None, Reach.BROKE_OFF),
        (lambda line: stay.wait(5), Reach.NO_ANSWER),
    ):
        with listening(serve) as port:
            found = tried(f"http://127.0.0.1:{port}")
        assert end(found) == (Step.ANSWER, reason)
    stay.set()


def test_a_name_that_nobody_has() -> None:
    """Without a network of its own, a machine cannot tell which of the two it is."""
    found = tried("https://no-such-server.invalid")
    assert end(found) in [(Step.NAME, Reach.NAME_UNKNOWN), (Step.NAME, Reach.DNS_SILENT)]
    assert found[2].detail == "no-such-server.invalid"
    assert end(tried(f"https://{'x' * 70}.invalid")) == (Step.NAME, Reach.NAME_UNKNOWN)


# The proxy


def tunnel(line: socket.socket) -> None:
    """A proxy that takes CONNECT to this machine only."""
    head = line.recv(65536).decode()
    host, port = head.split(" ")[1].split(":")
    assert host == "127.0.0.1"
    with socket.create_connection((host, int(port))) as beyond:
        line.sendall(b"HTTP/1.1 200 Connection established\r\n\r\n")

        def copy(out: socket.socket, into: socket.socket) -> None:
            while data := out.recv(65536):
                into.sendall(data)
            into.shutdown(socket.SHUT_WR)

        back = threading.Thread(target=copy, args=(beyond, line), daemon=True)
        back.start()
        copy(line, beyond)
        back.join(5)


def test_through_a_proxy_to_an_encrypted_server(tmp_path: Path) -> None:
    file = made(tmp_path)
    with (
        listening(answering("200 OK", KEY), context(file)) as port,
        listening(tunnel) as proxy,
    ):
        found = tried(f"https://127.0.0.1:{port}", proxy=f"http://127.0.0.1:{proxy}", ca_file=file)
    assert ok(found)[-1] is Step.ENROLLED


def test_through_a_proxy_to_a_plain_server() -> None:
    seen = list[str]()
    with listening(answering("200 OK", KEY, seen=seen)) as proxy:
        found = tried("http://192.168.99.99:8080", proxy=f"http://me:p%40ss@127.0.0.1:{proxy}")
    assert ok(found)[-1] is Step.ENROLLED
    assert seen[0].startswith("GET http://192.168.99.99:8080/api/v1/stations/")
    assert "Proxy-Authorization: Basic bWU6cEBzcw==" in seen[0]


@pytest.mark.parametrize(
    ("status", "reason"),
    [
        ("407 Proxy Authentication Required", Reach.PROXY_PASSWORD),
        ("403 Forbidden", Reach.PROXY_DENIES),
        ("503 Service Unavailable", Reach.PROXY_CANNOT),
        ("405 Method Not Allowed", Reach.NOT_A_PROXY),
    ],
)
def test_a_proxy_that_says_no(status: str, reason: Reach) -> None:
    with listening(answering(status)) as proxy:
        found = tried("https://reprise.example.org", proxy=f"http://127.0.0.1:{proxy}")
    assert end(found) == (Step.CONNECT, reason)


def test_what_is_no_proxy_and_one_that_is_not_there() -> None:
    with listening(lambda line: line.sendall(b"220 mail\r\n\r\n")) as proxy:
        found = tried("https://reprise.example.org", proxy=f"http://127.0.0.1:{proxy}")
    assert end(found) == (Step.CONNECT, Reach.NOT_A_PROXY)
    gone = tried("https://reprise.example.org", proxy=f"http://127.0.0.1:{free_port()}")
    assert end(gone) == (Step.CONNECT, Reach.PROXY_CLOSED)
    name = tried("https://reprise.example.org", proxy=f"http://{'x' * 70}.invalid:3128")
    assert end(name) == (Step.NAME, Reach.PROXY_NAME)


# Before the server


def link(kind: LinkKind, state: LinkState, *addresses: str) -> Link:
    return Link(name="net0", kind=kind, state=state, addresses=addresses)


CABLE, WIFI = LinkKind.ETHERNET, LinkKind.WIFI


@pytest.mark.parametrize(
    ("links", "reason"),
    [
        ((), Reach.NO_ADAPTER),
        ((link(CABLE, LinkState.UNPLUGGED),), Reach.CABLE),
        ((link(CABLE, LinkState.UNPLUGGED), link(WIFI, LinkState.IDLE)), Reach.CABLE),
        ((link(WIFI, LinkState.IDLE),), Reach.WIFI_NOT_JOINED),
        ((link(WIFI, LinkState.SWITCHED_OFF),), Reach.WIFI_OFF),
        ((link(WIFI, LinkState.NO_FIRMWARE),), Reach.NO_FIRMWARE),
        ((link(CABLE, LinkState.NO_DRIVER),), Reach.NO_DRIVER),
        ((link(CABLE, LinkState.CONNECTING),), Reach.NO_ADDRESS),
        ((link(CABLE, LinkState.UNMANAGED),), Reach.LINK_DOWN),
    ],
)
def test_why_there_is_no_link(links: tuple[Link, ...], reason: Reach) -> None:
    assert judge_link(links).reason is reason
    found = tried("https://reprise.example.org", links=links)
    assert end(found) == (Step.LINK, reason)


def test_an_address_of_ones_own_leads_nowhere() -> None:
    up = LinkState.UP
    assert judge_address([link(CABLE, up, "192.0.2.5/24")]).outcome is Outcome.OK
    assert judge_address([link(CABLE, up, "2001:db8::5/64")]).outcome is Outcome.OK
    for alone in ((), ("169.254.7.7/16",), ("fe80::1/64",)):
        found = tried("https://reprise.example.org", links=(link(CABLE, up, *alone),))
        assert end(found) == (Step.ADDRESS, Reach.NO_ADDRESS)


def test_no_server_is_set() -> None:
    found = tried("", links=(link(CABLE, LinkState.UP, "192.0.2.5/24"),))
    assert ok(found) == [Step.LINK, Step.ADDRESS]
    assert end(found) == (Step.NAME, Reach.NO_SERVER)


@pytest.mark.parametrize("language", i18n.LANGUAGES)
def test_every_reason_has_its_sentence_and_its_advice(language: str) -> None:
    i18n.set_language(language)
    for reason in Reach:
        finding = Finding(Step.TLS, Outcome.FAILED, reason, "2019-01-02")
        assert words.what_is_wrong(finding) and words.what_to_do(finding), reason
        assert "{" not in words.what_is_wrong(finding)
    assert words.what_is_wrong(Finding(Step.LINK, Outcome.OK)) == ""
