"""What a person is told of a report that is not on the server yet."""

from __future__ import annotations

import pytest

from reprise import i18n
from reprise.workflow.deliver import detail_words


@pytest.mark.parametrize(
    ("detail", "words"),
    [
        ("timeout", "the server did not answer in time"),
        ("unreachable", "the server cannot be reached"),
        (
            "unreachable: [Errno 111] Connection refused",
            "the server cannot be reached (the connection was refused)",
        ),
        ("tls", "the server's certificate is not accepted"),
        ("tls: expired", "the server's certificate is not accepted (expired)"),
        ("answer-too-long-or-slow", "the server's answer is not usable"),
        ("200: wrong receipt", "the server's receipt is not for this report"),
        (
            "409: a report of this number is there",
            "the server said: 409: a report of this number is there",
        ),
        ("", ""),
    ],
)
def test_the_last_word_on_a_report(detail: str, words: str) -> None:
    with i18n.using("en"):
        assert detail_words(detail) == words
