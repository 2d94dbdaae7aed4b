"""Slow lines and kernels that lack something, both honest: what they take is waited for."""

from __future__ import annotations

import errno
import socket
import threading
import time

import pytest

from reprise.adapters.delivery.uplink import HttpUplink
from reprise.adapters.network import call
from reprise.adapters.network.call import Call, EndedError
from reprise.adapters.network.names import Address
from reprise.domain.station.connectivity import Reach
from reprise.domain.station.delivery import DeliveryResult
from reprise.settings import ServerSettings
from unit.adapters.delivery.report_server import ID, JWS, Server, running
from unit.adapters.network.way_kit import FakeClock, closed_port, listening

LARGE = b"x" * (64 << 10)  # for which there are 16 s more


def sent(server: Server, jws: bytes) -> tuple[DeliveryResult, Reach | None]:
    settings = ServerSettings(server.url, connect_timeout_s=2.0, read_timeout_s=0.3)
    found = HttpUplink(settings, None, FakeClock()).send(ID, jws)
    return found.outcome, found.reason


def test_what_a_report_takes_is_waited_for_where_it_lies_in_the_kernel_already() -> None:
    with running(Server()) as server:
        server.pause_s = 1.5
        assert sent(server, LARGE) == (DeliveryResult.ACCEPTED, None)
        began = time.monotonic()
        server.pause_s = 60.0
        assert sent(server, JWS) == (DeliveryResult.OFFLINE, Reach.NO_ANSWER)
        assert time.monotonic() - began < 10, "a small one takes no time"


def test_a_silent_server_is_out_of_reach_for_a_large_report_too(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(call, "SLOWEST", len(LARGE))
    with running(Server()) as server:
        server.pause_s = 60.0
        assert sent(server, LARGE) == (DeliveryResult.OFFLINE, Reach.NO_ANSWER)


def test_what_no_server_takes_holds_the_others_no_longer_than_the_largest_that_it_takes(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(call, "SLOWEST", 64 << 10)
    monkeypatch.setattr(call, "LARGEST", len(LARGE))  # for which there is a second more
    over = threading.Event()

    def hold(_line: socket.socket) -> None:
        over.wait(60)

    with listening(hold) as port:
        settings = ServerSettings(
            f"http://127.0.0.1:{port}", connect_timeout_s=0.5, read_timeout_s=0.5
        )
        began = time.monotonic()
        found = HttpUplink(settings, None, FakeClock()).send(ID, bytes(32 << 20))
        over.set()
    assert found.reason in (Reach.NO_ANSWER, Reach.ANSWER)
    assert time.monotonic() - began < 10


def _at(family: socket.AddressFamily, where: tuple[object, ...]) -> Address:
    return (family, socket.SOCK_STREAM, socket.IPPROTO_TCP, "", where)


def _calling(port: int, *, ipv6_first: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    """A kernel without IPv6, and a name that has both addresses."""
    real = socket.socket

    def made_socket(family: int, *rest: int, **how: int) -> socket.socket:
        if family == socket.AF_INET6:
            raise OSError(errno.EAFNOSUPPORT, "Address family not supported by protocol")
        return real(family, *rest, **how)

    six = _at(socket.AF_INET6, ("::1", port, 0, 0))
    both = [six, _at(socket.AF_INET, ("127.0.0.1", port))]
    monkeypatch.setattr(call, "addresses_of", lambda *_a: both if ipv6_first else both[::-1])
    settings = ServerSettings(f"http://localhost:{port}", connect_timeout_s=2.0)
    with Call(settings, None, FakeClock()) as one, monkeypatch.context() as patch:
        one.look_up()
        patch.setattr(socket, "socket", made_socket)
        one.connect()


def test_an_address_of_a_kind_that_the_kernel_lacks_hides_no_other(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with listening(lambda _line: None) as port:
        _calling(port, ipv6_first=True, monkeypatch=monkeypatch)


@pytest.mark.parametrize("ipv6_first", [True, False])
def test_nor_does_it_hide_why_the_other_gives_no_line(
    monkeypatch: pytest.MonkeyPatch, ipv6_first: bool
) -> None:
    with closed_port() as port, pytest.raises(EndedError) as end:
        _calling(port, ipv6_first=ipv6_first, monkeypatch=monkeypatch)
    assert end.value.finding.reason is Reach.PORT_CLOSED
