"""Servers of all kinds on real sockets of this machine, and the way tried to them."""

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

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from reprise.adapters.network.server_check import ServerCheck
from reprise.domain.station.connectivity import ConnectionStep, Finding, Reach, StepResult
from reprise.ports import ClockReading
from reprise.settings import ServerSettings
from reprise.wording import connectivity as words
from reprise_common.network import Link

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


Serve = Callable[[socket.socket], object]


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


@contextmanager
def closed_port() -> Iterator[int]:
    """Nobody listens there, and nobody else can begin to."""
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        yield closed.getsockname()[1]


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
    read_timeout_s: float = 30.0,
) -> list[Finding]:
    settings = ServerSettings(
        url,
        ca_file="" if ca_file is None else ca_file.name,
        proxy=proxy,
        connect_timeout_s=5.0,
        read_timeout_s=read_timeout_s,
    )
    found = list(ServerCheck(settings, ca_file, clock or FakeClock(), lambda: links).run(kid))
    assert [one.step for one in found] == list(ConnectionStep)
    for one in found:
        assert (one.reason is not None) == (one.outcome is StepResult.FAILED)
    return found


def end(found: list[Finding]) -> tuple[ConnectionStep, Reach | None]:
    """Where it failed; behind it nothing was tried."""
    at = next(i for i, one in enumerate(found) if one.outcome is StepResult.FAILED)
    assert {one.outcome for one in found[at + 1 :]} <= {StepResult.NOT_TRIED}
    assert words.what_is_wrong(found[at]) and words.what_to_do(found[at])
    return found[at].step, found[at].reason


def ok(found: list[Finding]) -> list[ConnectionStep]:
    return [one.step for one in found if one.outcome is StepResult.OK]
