"""Whatever answers as the proxy, on real sockets, and names that nobody can be asked for: the
sender and the connection test come to an end in time, with the same reason."""

from __future__ import annotations

import pytest

from reprise.domain.station.connectivity import ConnectionStep, Finding, Reach
from reprise.domain.station.delivery import Delivery, DeliveryResult
from unit.adapters.delivery.hostile_kit import (
    BEYOND,
    for_ever,
    in_time,
    probed,
    read_head,
    reset,
    saying,
    sent,
)
from unit.adapters.network.way_kit import Serve, answering, listening

pytestmark = pytest.mark.whole  # they wait, half a minute in all


def test_a_proxy_that_dribbles() -> None:
    with listening(for_ever(b"HTTP/1.1 200 OK\r\nX: ", b"x")) as port:
        proxy = f"http://127.0.0.1:{port}"
        found = in_time(sent, BEYOND, proxy=proxy)
        assert isinstance(found, Delivery)
        assert found.reason is Reach.PROXY_NO_ANSWER
        wrong = in_time(probed, BEYOND, proxy=proxy)
        assert isinstance(wrong, Finding)
        assert (wrong.step, wrong.reason) == (ConnectionStep.CONNECT, Reach.PROXY_NO_ANSWER)


@pytest.mark.parametrize(
    "name", ["a..b", "x" * 64 + ".fr", ".a", "ex ample.fr", "."], ids=lambda name: name[:12]
)
@pytest.mark.parametrize("by_proxy", [False, True])
def test_a_server_whose_name_is_impossible(name: str, by_proxy: bool) -> None:
    """Nobody is asked for it, nor is the proxy."""
    with listening(saying(b"HTTP/1.1 200 Connection established\r\n\r\n")) as port:
        proxy = f"http://127.0.0.1:{port}" if by_proxy else ""
        found, wrong = sent(f"https://{name}", proxy=proxy), probed(f"https://{name}", proxy=proxy)
    assert (found.outcome, found.reason, found.about) == (
        DeliveryResult.OFFLINE,
        Reach.NAME_UNKNOWN,
        name,
    )
    assert (wrong.step, wrong.reason, wrong.detail) == (
        ConnectionStep.NAME,
        Reach.NAME_UNKNOWN,
        name,
    )


@pytest.mark.parametrize("word", ["p%E2%82%ACss", "p€ss"])
def test_a_password_of_the_proxy_beyond_latin_letters(word: str) -> None:
    seen = list[str]()
    with listening(answering("407 No", seen=seen)) as port:
        proxy = f"http://me:{word}@127.0.0.1:{port}"
        for url in (BEYOND, "http://192.168.99.99"):
            found, wrong = sent(url, proxy=proxy), probed(url, proxy=proxy)
            assert found.reason is wrong.reason is Reach.PROXY_PASSWORD
            assert found.about == wrong.detail == f"127.0.0.1:{port}"
    assert all("Proxy-Authorization: Basic bWU6cOKCrHNz\r\n" in asked for asked in seen)


@pytest.mark.parametrize("close", [read_head, reset])
@pytest.mark.parametrize("url", [BEYOND, "http://192.168.99.99"])
def test_a_proxy_that_closes_without_an_answer(url: str, close: Serve) -> None:
    with listening(close) as port:
        proxy = f"http://127.0.0.1:{port}"
        found, wrong = sent(url, proxy=proxy), probed(url, proxy=proxy)
    assert found.reason is wrong.reason is Reach.NOT_A_PROXY
    assert found.about == wrong.detail == f"127.0.0.1:{port}"


def test_a_page_of_the_proxy_is_no_refusal() -> None:
    with listening(answering("403 Forbidden", "<html>Squid: Access denied</html>")) as port:
        proxy = f"http://127.0.0.1:{port}"
        found = sent("http://192.168.99.99", proxy=proxy)
        wrong = probed("http://192.168.99.99", proxy=proxy)
    assert found.outcome is DeliveryResult.RETRY
    assert found.reason is wrong.reason is Reach.PROXY_DENIES
    assert found.about == wrong.detail == f"127.0.0.1:{port}"
