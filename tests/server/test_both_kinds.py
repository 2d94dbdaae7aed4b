"""A server that listens at "::" hears IPv4, too, and tells those who come by it apart."""

from __future__ import annotations

import http.client
import socket
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest

from server.kit import Running, serving

_MOST = 30  # log-ins that one address begins in a minute


def _hears_both() -> bool:
    try:
        with socket.socket(socket.AF_INET6) as made:
            made.bind(("::", 0))
            return not made.getsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY)
    except OSError:
        return False


pytestmark = [
    pytest.mark.whole,
    pytest.mark.skipif(not _hears_both(), reason="this machine has no IPv6"),
]


@pytest.fixture(scope="module")
def both(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    folder = tmp_path_factory.mktemp("both")
    config = folder / "config"
    config.mkdir()
    (config / "server.toml").write_text('proxy = "127.0.0.9"\n')
    with serving(folder / "reprise.db", "--host", "::", config=config) as running:
        yield running


def _begun(running: Running, source: str, told: str) -> int:
    """The answer to who comes from there. `told`: for whom, as a proxy says it."""
    port = urlsplit(running.url).port
    line = http.client.HTTPConnection("127.0.0.1", port, 10, source_address=(source, 0))
    headers = {"Accept": "application/json", "X-Forwarded-For": told}
    line.request("GET", "/account/2fa/webauthn/login/", headers=headers)
    try:
        return line.getresponse().status
    finally:
        line.close()


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (("127.0.0.1", ""), ("127.0.0.2", "")),
        (("127.0.0.9", "203.0.113.1"), ("127.0.0.9", "203.0.113.2")),
        (("127.0.0.9", "::ffff:203.0.113.3"), ("127.0.0.9", "::ffff:203.0.113.4")),
    ],
    ids=["itself", "by a proxy", "by a proxy that hears both"],
)
def test_who_tries_too_often_keeps_nobody_else_out(
    both: Running, one: tuple[str, str], other: tuple[str, str]
) -> None:
    assert [_begun(both, *one) for _try in range(_MOST)] == [200] * _MOST
    assert _begun(both, *one) == 429
    assert _begun(both, *other) == 200
