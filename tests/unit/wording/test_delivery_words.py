"""What a person is told of a report that is not on the server yet: a server's own words, and the
notes of versions that stored no reason."""

from __future__ import annotations

import pytest

from reprise import i18n
from reprise.wording.delivery import last_word, what_to_do


@pytest.mark.parametrize(
    ("detail", "words"),
    [
        ("timeout", "the server cannot be reached"),
        ("unreachable", "the server cannot be reached"),
        ("unreachable: no luck", "the server cannot be reached (no luck)"),
        (
            "unreachable: [Errno 111] Connection refused",
            "the server cannot be reached (the connection was refused)",
        ),
        (
            "tls: certificate verify failed: certificate has expired",
            "the server cannot be reached (certificate verify failed: certificate has expired)",
        ),
        ("answer-too-long-or-slow", "the server cannot be reached"),
        ("200: wrong receipt", "the server said: 200: wrong receipt"),
        (
            "409: a report of this number is there",
            "the server said: 409: a report of this number is there",
        ),
        ("tlsx", "the server said: tlsx"),
        ("", ""),
    ],
)
def test_the_last_word_on_a_report(detail: str, words: str) -> None:
    with i18n.using("en"):
        assert last_word(detail) == words


def test_what_to_do_where_no_reason_is_known() -> None:
    with i18n.using("fr"):
        assert "étape par étape" in what_to_do("unreachable: no luck")
        assert what_to_do("409: a report of this number is there").startswith("Rien")
        assert what_to_do("").startswith("Rien")
