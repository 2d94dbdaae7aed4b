"""Why a report is not on the server yet, from the last word of a delivery, and what to do about it.

Of what the kernel or OpenSSL said in English the number or the telling words are read; a server's
own words are quoted as they came.
"""

from __future__ import annotations

import errno
import re
from collections.abc import Mapping

from reprise.i18n import N_, _
from reprise.system_words import system_words

_EAI_AGAIN, _EAI_NONAME = -3, -2  # glibc, netdb.h
_NUMBER = re.compile(r"\[Errno (-?\d+)\]")

_BY_ITSELF = N_("The report is sent by itself as soon as the server answers.")
_TEST = N_("F6, then T, tests the connection step by step.")
_NO_NETWORK = N_("Check the cable or the Wi-Fi (F6).")
_STOPPED = N_(
    "The network works: the server or the proxy is stopped, or its port is wrong. F6, then T, says"
    " which; tell its administrator."
)

# By errno, or by the number that getaddrinfo gives (negative): what is true, and what to do.
_REACHED: Mapping[int, tuple[str, str]] = {
    errno.ECONNREFUSED: (N_("the connection was refused"), _STOPPED),
    errno.ECONNRESET: (N_("the server closed the connection"), _TEST),
    errno.EHOSTUNREACH: (N_("no machine answers at the server's address"), _TEST),
    errno.ENETUNREACH: (N_("this PC has no network"), _NO_NETWORK),
    errno.ENETDOWN: (N_("this PC has no network"), _NO_NETWORK),
    errno.ETIMEDOUT: (N_("the server did not answer in time"), _TEST),
    _EAI_AGAIN: (N_("no DNS server answers"), _NO_NETWORK),
    _EAI_NONAME: (
        N_("the server's name is unknown"),
        N_("Check the server's address in reprise.toml; F6, then T, tests the connection."),
    ),
}
_CERTIFICATE = (
    ("expired", N_("the server's certificate seems to have expired")),
    ("self-signed", N_("the server's certificate comes from an unknown authority")),
    ("self signed", N_("the server's certificate comes from an unknown authority")),
    ("local issuer", N_("the server's certificate comes from an unknown authority")),
    ("mismatch", N_("the server's certificate has another name than the server")),
    ("not valid for", N_("the server's certificate has another name than the server")),
)
_NOT_ACCEPTED = N_("the server's certificate is not accepted")
_UNREACHED = N_("the server cannot be reached")
_LATE = N_("the server did not answer in time")


def last_word(detail: str) -> str:
    """ "" where nothing was tried."""
    code, _colon, rest = detail.partition(": ")
    if code == "unreachable":
        return _said(rest, _(_reached(rest)[0]))
    if code == "tls":
        text = next((text for part, text in _CERTIFICATE if part in rest), _NOT_ACCEPTED)
        return _(text)
    if code == "timeout":
        return _(_LATE)
    if code == "answer-too-long-or-slow":
        return _("the server's answer is not usable")
    if rest == "wrong receipt":
        return _("the server's receipt is not for this report")
    return detail and _("the server said: {answer}").format(answer=detail)


def what_to_do(detail: str) -> str:
    """For a report that waits."""
    code, _colon, rest = detail.partition(": ")
    if code == "tls":
        return _(
            "Check this PC's date. If it is right, tell the server's administrator: its "
            "certificate does not match."
        )
    if code == "unreachable":
        return f"{_(_reached(rest)[1])} {_(_BY_ITSELF)}"
    if code == "timeout":
        return f"{_(_TEST)} {_(_BY_ITSELF)}"
    return _("Nothing: it is sent by itself as soon as the server accepts it.")


def _number(rest: str) -> int | None:
    found = _NUMBER.search(rest)
    return int(found[1]) if found else None


def _reached(rest: str) -> tuple[str, str]:
    number = _number(rest)
    return (_UNREACHED, _TEST) if number is None else _REACHED.get(number, (_UNREACHED, _TEST))


def _said(rest: str, words: str) -> str:
    return words if not rest or _number(rest) in _REACHED else f"{words} ({system_words(rest)})"
