"""Whether a report is on the server, why not yet, and what to do about it.

The sender decided why (`reason`), and it is said as the connection test says it. What a server
answered in words of its own is quoted, as is the last word in a note of a version that stored no
reason: the next try replaces it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from reprise.domain.station.connectivity import Reach
from reprise.domain.station.delivery import DeliveryResult
from reprise.i18n import N_, _
from reprise.system_words import system_words
from reprise.wording import connectivity

SENDINGS: Mapping[DeliveryResult, str] = {
    DeliveryResult.ACCEPTED: N_("the server has the report"),
    DeliveryResult.REFUSED: N_("the server refused the report"),
    DeliveryResult.RETRY: N_("the server could not accept the report for now"),
    DeliveryResult.OFFLINE: N_("the server cannot be reached"),
}

_BY_ITSELF = N_("The report is sent by itself as soon as the server answers.")

_LOOK = N_("Check the cable or the Wi-Fi (F6); T there tests the connection step by step.")

_NOBODY_LOOKED = (Reach.DNS_SILENT, Reach.NO_NETWORK)  # the test would have stopped at the cable

# How a version without reasons began its notes: the server was not reached.
_EARLIER = re.compile(
    r"(?:unreachable|tls|timeout|answer-too-long-or-slow)\b(?:: )?(.*)", re.DOTALL
)

TABLES = (SENDINGS,)


def last_word(detail: str, reason: Reach | None = None, about: str = "") -> str:
    """A part of a sentence; "" where nothing was tried."""
    if reason is not None:
        sentence = connectivity.said(reason, about)
        return sentence[:1].lower() + sentence[1:].removesuffix(".")
    if earlier := _EARLIER.fullmatch(detail):
        words, rest = _("the server cannot be reached"), earlier[1]
        return f"{words} ({system_words(rest)})" if rest else words
    return detail and _("the server said: {answer}").format(answer=detail)


def what_to_do(detail: str, reason: Reach | None = None, about: str = "") -> str:
    """For a report that waits."""
    if reason in _NOBODY_LOOKED or (reason is None and _EARLIER.fullmatch(detail)):
        return f"{_(_LOOK)} {_(_BY_ITSELF)}"
    if reason is Reach.UNREAD:
        return connectivity.advice(reason, about)
    if reason is not None:
        return f"{connectivity.advice(reason, about, _('F6, then P'))} {_(_BY_ITSELF)}"
    return _("Nothing: it is sent by itself as soon as the server accepts it.")
