"""What a person is told of a report that is not on the server yet: what is true, and what to do."""

from __future__ import annotations

import socket
from collections.abc import Iterator

import pytest

from reprise import i18n
from reprise.adapters.uplink import HttpUplink
from reprise.settings import ServerSettings
from reprise.wording.unsent import last_word, what_to_do

REFUSED = "unreachable: Failed to establish a new connection: [Errno 111] Connection refused"


@pytest.mark.parametrize(
    ("detail", "words"),
    [
        ("timeout", "the server did not answer in time"),
        ("unreachable", "the server cannot be reached"),
        (REFUSED, "the connection was refused"),
        ("unreachable: [Errno 101] Network is unreachable", "this PC has no network"),
        ("unreachable: no luck", "the server cannot be reached (no luck)"),
        (
            "unreachable: Failed to resolve 'x' ([Errno -2] Name or service not known)",
            "the server’s name is unknown",
        ),
        ("tls", "the server’s certificate is not accepted"),
        (
            "tls: [SSL: CERTIFICATE_VERIFY_FAILED] certificate verify failed: certificate has"
            " expired (_ssl.c:1000)",
            "the server’s certificate seems to have expired",
        ),
        ("answer-too-long-or-slow", "the server’s answer is not usable"),
        ("200: wrong receipt", "the server’s receipt is not for this report"),
        (
            "409: a report of this number is there",
            "the server said: 409: a report of this number is there",
        ),
        ("", ""),
    ],
)
def test_the_last_word_on_a_report(detail: str, words: str) -> None:
    with i18n.using("en"):
        assert last_word(detail) == words


def test_a_server_that_is_down_is_no_reason_to_look_at_the_cable() -> None:
    with i18n.using("fr"):
        told = f"{last_word(REFUSED)}. {what_to_do(REFUSED)}"
        assert "Le réseau fonctionne" in told
        assert "câble" not in told
        assert "refused" not in told
        assert "Errno" not in told
        assert "câble" in what_to_do("unreachable: [Errno 101] Network is unreachable")
        assert "câble" not in what_to_do("timeout")


@pytest.fixture
def closed_port() -> Iterator[int]:
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        yield held.getsockname()[1]  # bound, and nobody listens


def test_what_the_kernel_says_of_a_server_that_is_down_is_understood(closed_port: int) -> None:
    uplink = HttpUplink(ServerSettings(f"http://127.0.0.1:{closed_port}", connect_timeout_s=5.0))
    told = uplink.send("0f" * 16, b"a.b.c").detail
    with i18n.using("en"):
        assert last_word(told) == "the connection was refused", told
