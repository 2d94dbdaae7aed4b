"""Whatever answers on the way to the server, on real sockets: the sender and the connection test
come to an end in time, with a reason, and in little memory."""

from __future__ import annotations

import gzip
import resource
import socket
import ssl
import time
from pathlib import Path

import pytest

from reprise.adapters.delivery.uplink import HttpUplink
from reprise.adapters.network.nm import NmNetwork
from reprise.adapters.pc.command import SystemCommandRunner
from reprise.domain.station.connectivity import ConnectionStep, Finding, Reach
from reprise.domain.station.delivery import Delivery, DeliveryResult
from reprise.errors import RepriseError
from reprise.settings import ServerSettings
from unit.adapters.delivery.hostile_kit import (
    ID,
    for_ever,
    in_time,
    probed,
    read_head,
    saying,
    sent,
    settings_of,
)
from unit.adapters.network.way_kit import FakeClock, answering, context, listening, made

pytestmark = pytest.mark.whole  # they wait, half a minute in all

_FOUND = b"HTTP/1.1 302 Found\r\n"


@pytest.mark.parametrize(
    "where", [b"http://portail/acc\xe8s", b"http://[x/", b"http://h:99999999/", b"\x00\x01"]
)
def test_a_login_page_at_an_impossible_address(where: bytes) -> None:
    answer = _FOUND + b"Location: " + where + b"\r\nContent-Length: 0\r\n\r\n"
    with listening(saying(answer)) as port:
        url = f"http://127.0.0.1:{port}"
        found = sent(url)
        assert (found.outcome, found.reason) == (DeliveryResult.RETRY, Reach.LOGIN_PAGE)
        assert probed(url).reason is Reach.LOGIN_PAGE


@pytest.mark.parametrize(
    "answer",
    [
        b'{"report_id":"%b","sha256":"\\ud800","received_at":"x"}' % ID.encode(),
        b"[" * 40_000,
        b'{"title":' + b"9" * 10_000 + b"}",
        b'{"title":"\\ud800\\u001b[2J"}',
    ],
)
@pytest.mark.parametrize("status", ["200 OK", "403 Forbidden", "999 No"])
def test_an_answer_that_no_program_expects(status: str, answer: bytes) -> None:
    with listening(answering(status, answer.decode())) as port:
        url = f"http://127.0.0.1:{port}"
        found = sent(url)
        assert found.outcome is DeliveryResult.RETRY
        assert found.detail.isprintable()
        assert probed(url).step is ConnectionStep.ANSWER


@pytest.mark.parametrize(
    ("first", "again"),
    [
        (b"HTTP/1.1 200 OK\r\nX: ", b"x"),
        (b"", b"HTTP/1.1 100 Continue\r\n\r\n"),
        (_FOUND + b"Location: http://x/\r\n\r\n", b"x"),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", b"1\r\nx\r\n"),
    ],
    ids=["head", "continue", "redirect", "chunks"],
)
def test_a_server_that_dribbles(first: bytes, again: bytes) -> None:
    with listening(for_ever(first, again)) as port:
        url = f"http://127.0.0.1:{port}"
        found = in_time(sent, url)
        assert isinstance(found, Delivery)
        assert (found.outcome, found.reason) == (DeliveryResult.RETRY, Reach.ANSWER)
        wrong = in_time(probed, url)
        assert isinstance(wrong, Finding)
        assert (wrong.step, wrong.reason) == (ConnectionStep.ANSWER, Reach.ANSWER)


def test_a_server_that_dribbles_through_its_encryption(tmp_path: Path) -> None:
    file = made(tmp_path)
    serve = for_ever(b"HTTP/1.1 200 OK\r\nX: ", b"x")
    with listening(serve, context(file)) as port:
        url = f"https://127.0.0.1:{port}"
        found = in_time(sent, url, ca_file=file)
        assert isinstance(found, Delivery)
        assert found.reason is Reach.ANSWER


def test_an_encryption_that_dribbles() -> None:
    """A record of 16 KB, of which a byte comes now and then."""

    def serve(line: socket.socket) -> None:
        line.recv(65536)
        line.sendall(b"\x16\x03\x03\x3f\x00")
        while True:
            line.sendall(b"\x02")
            time.sleep(0.1)

    with listening(serve) as port:
        url = f"https://127.0.0.1:{port}"
        found = in_time(sent, url)
        assert isinstance(found, Delivery)
        assert (found.outcome, found.reason) == (DeliveryResult.OFFLINE, Reach.NO_ANSWER)
        wrong = in_time(probed, url)
        assert isinstance(wrong, Finding)
        assert (wrong.step, wrong.reason) == (ConnectionStep.TLS, Reach.NO_ANSWER)


@pytest.mark.parametrize("status", [b"200 OK", b"302 Found"])
def test_a_page_that_grows_to_gigabytes_when_it_is_unpacked(status: bytes) -> None:
    packed = gzip.compress(bytes(300 << 20), 9)
    head = b"HTTP/1.1 %b\r\nLocation: http://x/\r\nContent-Encoding: gzip\r\n" % status
    answer = head + b"Content-Length: %d\r\n\r\n" % len(packed) + packed
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with listening(saying(answer)) as port:
        found = in_time(sent, f"http://127.0.0.1:{port}")
    assert isinstance(found, Delivery)
    assert found.outcome is DeliveryResult.RETRY
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 64 << 10  # KiB


@pytest.mark.parametrize("status", ["400 Bad Request", "403 Forbidden", "413 Too Large"])
@pytest.mark.parametrize("page", ["<html>Access denied</html>", '{"title":"Forbidden"}', ""])
def test_a_page_of_another_program_is_no_refusal(status: str, page: str) -> None:
    with listening(answering(status, page)) as port:
        url = f"http://127.0.0.1:{port}"
        found = sent(url)
        assert (found.outcome, found.reason) == (DeliveryResult.RETRY, Reach.NOT_REPRISE)
        assert probed(url).reason is Reach.NOT_REPRISE


def test_a_server_that_answers_before_it_has_read_everything(tmp_path: Path) -> None:
    """As nginx does with what is too large for it."""

    def serve(line: socket.socket) -> None:
        line.recv(1024)
        line.sendall(b"HTTP/1.1 413 Too Large\r\nContent-Length: 0\r\n\r\n")
        line.shutdown(socket.SHUT_WR)
        while line.recv(1 << 20):
            pass

    with listening(serve) as port:
        settings = settings_of(f"http://127.0.0.1:{port}", "")
        found = HttpUplink(settings, None, FakeClock()).send(ID, bytes(20 << 20))
    assert found.reason is Reach.NOT_REPRISE


def test_a_long_report_on_a_slow_line_has_its_time(tmp_path: Path) -> None:
    """Its deadline grows with what is to be sent: this takes longer than a short one has."""

    def serve(line: socket.socket) -> None:
        until = time.monotonic() + 3
        while time.monotonic() < until:
            line.recv(65536)
            time.sleep(0.05)
        line.settimeout(0.5)
        try:
            while line.recv(1 << 20):
                pass
        except TimeoutError:
            line.sendall(b"HTTP/1.1 404 No\r\nContent-Length: 0\r\n\r\n")

    file = made(tmp_path)
    with listening(serve, context(file)) as port:
        settings = ServerSettings(
            f"https://127.0.0.1:{port}", connect_timeout_s=0.5, read_timeout_s=1.0
        )
        found = HttpUplink(settings, file, FakeClock()).send(ID, bytes(12 << 20))
    assert found.reason is Reach.NOT_REPRISE


def test_an_end_of_the_line_in_the_middle_of_a_record(tmp_path: Path) -> None:
    def serve(line: socket.socket) -> None:
        assert isinstance(line, ssl.SSLSocket)
        read_head(line)
        line.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n{")

    file = made(tmp_path)
    with listening(serve, context(file)) as port:
        assert sent(f"https://127.0.0.1:{port}", ca_file=file).reason is Reach.BROKE_OFF


class Unreadable:
    """What is set, in a form that nobody foresaw."""

    def server(self) -> ServerSettings:
        raise ValueError("Port could not be cast to integer value")


def test_the_test_of_the_way_raises_what_a_screen_takes_and_nothing_else() -> None:
    network = NmNetwork(SystemCommandRunner(), Unreadable(), FakeClock())  # type: ignore[arg-type]
    with pytest.raises(RepriseError, match="ValueError: Port could not"):
        list(network.test_server("kid-1"))
