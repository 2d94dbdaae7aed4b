"""Why a report did not reach the server: decided from the exception, on real sockets, as the
connection test decides it."""

from __future__ import annotations

import errno
import socket
import struct
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest

from reprise import i18n
from reprise.adapters.delivery.uplink import HttpUplink
from reprise.adapters.network.judging import judge_connect, judge_name
from reprise.domain.station.connectivity import Finding, Reach, StepResult
from reprise.domain.station.delivery import Delivery, DeliveryResult
from reprise.settings import ServerSettings
from reprise.wording.delivery import last_word
from unit.adapters.delivery.report_server import ID, JWS
from unit.adapters.network.way_kit import (
    DAY,
    FakeClock,
    Serve,
    answering,
    closed_port,
    context,
    listening,
    made,
    tried,
)

BEYOND = "https://reprise.example.org"


def sent(
    url: str,
    *,
    proxy: str = "",
    ca_file: Path | None = None,
    clock: FakeClock | None = None,
    connect_timeout_s: float = 5.0,
    read_timeout_s: float = 30.0,
) -> Delivery:
    settings = ServerSettings(
        url,
        ca_file="" if ca_file is None else ca_file.name,
        proxy=proxy,
        connect_timeout_s=connect_timeout_s,
        read_timeout_s=read_timeout_s,
    )
    found = HttpUplink(settings, ca_file, clock or FakeClock()).send(ID, JWS)
    assert found.outcome in (DeliveryResult.OFFLINE, DeliveryResult.RETRY)
    return found


def in_test(url: str, **how: object) -> Finding:
    """What the connection test says of the same server."""
    return next(one for one in tried(url, **how) if one.outcome is StepResult.FAILED)  # type: ignore[arg-type]


def same(url: str, **how: object) -> Delivery:
    """Sent, and tried: both come to the same end, and name the same."""
    found = sent(url, **how)  # type: ignore[arg-type]
    end = in_test(url, **how)
    assert (found.reason, found.about) == (end.reason, end.detail)
    return found


def reset(line: socket.socket) -> None:
    """RST instead of an answer: with unread data and no lingering."""
    line.recv(1)
    line.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    line.close()


def test_a_refused_port() -> None:
    with closed_port() as port:
        found = same(f"http://127.0.0.1:{port}")
    assert (found.reason, found.about) == (Reach.PORT_CLOSED, f"127.0.0.1:{port}")
    assert "111" in found.detail


def test_a_server_that_resets_the_connection() -> None:
    with listening(reset) as port:
        found = same(f"http://127.0.0.1:{port}")
    assert found.reason is Reach.BROKE_OFF
    with listening(reset) as port:
        assert same(f"https://127.0.0.1:{port}").reason is Reach.BROKE_OFF
    with i18n.using("en"):
        assert last_word(found.detail, found.reason) == "the server closed the connection"


def test_a_server_that_hangs_up_or_never_answers() -> None:
    stay = threading.Event()
    with listening(lambda line: None) as port:
        assert same(f"https://127.0.0.1:{port}").reason is Reach.BROKE_OFF
    with listening(lambda line: stay.wait(60)) as port:
        found = same(f"http://127.0.0.1:{port}", read_timeout_s=0.5)
        assert found.reason is Reach.NO_ANSWER
    stay.set()


@contextmanager
def full_port() -> Iterator[int]:
    """Nobody accepts there, and the queue is full: the kernel leaves calls unanswered."""
    with socket.socket() as door, socket.socket() as first, socket.socket() as second:
        door.bind(("127.0.0.1", 0))
        door.listen(0)
        for one in (first, second):
            one.setblocking(False)
            one.connect_ex(door.getsockname())
        yield door.getsockname()[1]


def test_a_port_that_leaves_calls_unanswered() -> None:
    with full_port() as port:
        direct = sent(f"http://127.0.0.1:{port}", connect_timeout_s=0.5)
        by_proxy = sent(BEYOND, proxy=f"http://127.0.0.1:{port}", connect_timeout_s=0.5)
    assert (direct.reason, direct.about) == (Reach.NO_ANSWER, f"127.0.0.1:{port}")
    assert (by_proxy.reason, by_proxy.about) == (Reach.PROXY_NO_ANSWER, f"127.0.0.1:{port}")


def test_one_that_stops_in_the_middle_of_its_answer() -> None:
    def half(line: socket.socket) -> None:
        line.recv(65536)
        line.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\n{")

    with listening(half) as port:
        assert sent(f"http://127.0.0.1:{port}").reason is Reach.BROKE_OFF


def test_a_certificate_that_vouches_for_itself(tmp_path: Path) -> None:
    with listening(answering("200 OK"), context(made(tmp_path))) as port:
        found = same(f"https://127.0.0.1:{port}")
    assert (found.reason, found.about) == (Reach.CERTIFICATE_AUTHORITY, "127.0.0.1")
    assert "self-signed" in found.detail


def test_a_certificate_of_another_name(tmp_path: Path) -> None:
    file = made(tmp_path, "login.example")
    with listening(answering("200 OK"), context(file)) as port:
        found = same(f"https://127.0.0.1:{port}", ca_file=file)
    assert found.reason is Reach.CERTIFICATE_NAME


@pytest.mark.parametrize(
    ("first", "last", "clock", "reason"),
    [
        (-2 * DAY, -DAY, FakeClock(), Reach.CERTIFICATE_DATE),
        (-2 * DAY, -DAY, FakeClock(False, "rtc"), Reach.CLOCK_DOUBTFUL),
        (DAY, 2 * DAY, FakeClock(False, "rtc"), Reach.CLOCK_WRONG),
    ],
)
def test_an_expired_certificate_or_a_wrong_clock(
    tmp_path: Path, first: timedelta, last: timedelta, clock: FakeClock, reason: Reach
) -> None:
    file = made(tmp_path, first=first, last=last)
    with listening(answering("200 OK"), context(file)) as port:
        found = same(f"https://127.0.0.1:{port}", ca_file=file, clock=clock)
    assert found.reason is reason
    assert clock.read().now.date().isoformat() == found.about


def test_a_certificate_file_that_is_none(tmp_path: Path) -> None:
    (tmp_path / "ca.pem").write_text("no certificate")
    with listening(answering("200 OK"), context(made(tmp_path))) as port:
        found = same(f"https://127.0.0.1:{port}", ca_file=tmp_path / "ca.pem")
    assert (found.reason, found.about) == (Reach.CA_FILE, "ca.pem")


def test_a_certificate_file_too_large_to_be_one(tmp_path: Path) -> None:
    file = made(tmp_path)
    good = context(file)
    with file.open("ab") as more:
        more.write(b"\n" * (2 << 20))
    with listening(answering("200 OK"), good) as port:
        found = same(f"https://127.0.0.1:{port}", ca_file=file)
    assert (found.reason, found.about) == (Reach.CA_FILE, file.name)


def test_a_certificate_file_that_went_with_its_stick(tmp_path: Path) -> None:
    file = made(tmp_path)
    uplink = HttpUplink(ServerSettings(BEYOND, ca_file="both.pem"), file, FakeClock())
    file.unlink()
    found = uplink.send(ID, JWS)
    assert (found.reason, found.about) == (Reach.CA_FILE, "both.pem")


def test_a_server_that_does_not_encrypt() -> None:
    with listening(answering("400 Bad Request", "no")) as port:
        assert same(f"https://127.0.0.1:{port}").reason is Reach.NOT_TLS


@pytest.mark.parametrize(
    ("serve", "reason"),
    [
        (answering("407 Proxy Authentication Required"), Reach.PROXY_PASSWORD),
        (answering("403 Forbidden"), Reach.PROXY_DENIES),
        (answering("503 Service Unavailable"), Reach.PROXY_CANNOT),
        (answering("405 Method Not Allowed"), Reach.NOT_A_PROXY),
        (lambda line: line.sendall(b"220 mail\r\n\r\n"), Reach.NOT_A_PROXY),
    ],
)
def test_a_proxy_that_refuses(serve: Serve, reason: Reach) -> None:
    with listening(serve) as port:
        found = same(BEYOND, proxy=f"http://127.0.0.1:{port}")
    assert (found.reason, found.about) == (reason, f"127.0.0.1:{port}")


@pytest.mark.parametrize("url", [BEYOND, "http://192.168.99.99:8080"])
def test_a_proxy_that_is_not_there(url: str) -> None:
    with closed_port() as port:
        found = same(url, proxy=f"http://127.0.0.1:{port}")
    assert (found.reason, found.about) == (Reach.PROXY_CLOSED, f"127.0.0.1:{port}")


def test_a_proxy_asked_in_plain_words() -> None:
    with listening(answering("502 Bad Gateway")) as port:
        found = sent("http://192.168.99.99:8080", proxy=f"http://127.0.0.1:{port}")
    assert found.reason is Reach.PROXY_CANNOT


@pytest.mark.parametrize("name", ["no-such-server.invalid", f"{'x' * 70}.invalid"])
def test_a_name_that_nobody_has(name: str) -> None:
    """Without a network of its own, a machine cannot tell which of the two it is."""
    found = same(f"https://{name}")
    assert found.reason in (Reach.NAME_UNKNOWN, Reach.DNS_SILENT)
    assert found.about == name


def test_the_name_of_a_proxy_that_nobody_has() -> None:
    found = same(BEYOND, proxy=f"http://{'x' * 70}.invalid:3128")
    assert found.reason is Reach.PROXY_NAME


@pytest.mark.parametrize(
    ("status", "body", "reason", "about"),
    [
        ("302 Found", "", Reach.LOGIN_PAGE, "302"),
        ("511 Network Authentication Required", "", Reach.LOGIN_PAGE, "511"),
        ("200 OK", "<html>Log in</html>", Reach.NOT_REPRISE, "200"),
        ("404 Not Found", "<html>", Reach.NOT_REPRISE, "404"),
        ("500 Internal Server Error", "", Reach.SERVER_ERROR, "500"),
        ("503 Busy", '{"title":"Disk full"}', Reach.SERVER_ERROR, "503: Disk full"),
        ("200 OK", '{"report_id":"x","sha256":"y","received_at":"z"}', Reach.RECEIPT, ""),
        ("429 Too Many", '{"type":"/problems/busy","title":"Wait"}', None, ""),
    ],
)
def test_an_answer_that_is_no_receipt(
    status: str, body: str, reason: Reach | None, about: str
) -> None:
    with listening(answering(status, body)) as port:
        found = sent(f"http://127.0.0.1:{port}")
    assert (found.reason, found.about) == (reason, about)
    assert found.detail.startswith(status[:3])


@pytest.mark.parametrize(
    ("number", "proxy", "reason"),
    [
        (errno.ECONNREFUSED, False, Reach.PORT_CLOSED),
        (errno.ECONNRESET, False, Reach.BROKE_OFF),
        (errno.EHOSTUNREACH, False, Reach.UNREACHABLE),
        (errno.ENETUNREACH, False, Reach.NO_NETWORK),
        (errno.ENETDOWN, True, Reach.NO_NETWORK),
        (errno.ETIMEDOUT, False, Reach.NO_ANSWER),
        (errno.ETIMEDOUT, True, Reach.PROXY_NO_ANSWER),
        (errno.EACCES, False, Reach.UNREACHABLE),
    ],
)
def test_what_the_kernel_says_of_a_connection(number: int, proxy: bool, reason: Reach) -> None:
    assert judge_connect(OSError(number, "…"), by_proxy=proxy) is reason


def test_what_the_name_servers_say() -> None:
    silent = socket.gaierror(socket.EAI_AGAIN, "…")
    assert judge_name(silent, by_proxy=False) is Reach.DNS_SILENT
    assert judge_name(TimeoutError(), by_proxy=True) is Reach.DNS_SILENT
    unknown = socket.gaierror(socket.EAI_NONAME, "…")
    assert judge_name(unknown, by_proxy=False) is Reach.NAME_UNKNOWN
    assert judge_name(unknown, by_proxy=True) is Reach.PROXY_NAME
