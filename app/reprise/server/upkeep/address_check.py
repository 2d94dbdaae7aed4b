"""The server's public address: whether it answers there, and says that it is ready."""

from __future__ import annotations

import http.client
import json
import ssl
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from http import HTTPStatus

from reprise import i18n
from reprise.i18n import _
from reprise.server.upkeep.finding import Finding, Mark, bad, doubt, good
from reprise.system_words import os_reason

_ASKING_S = 5
_TRIES, _BETWEEN_S = 8, 1.0
_MOST_BYTES = 64 * 1024
# X509_V_ERR_…: signed by itself (18, 19), or by whom this machine does not know (20, 21)
_NO_AUTHORITY = (18, 19, 20, 21)


def look_at_address(url: str) -> Iterator[Finding]:
    """`url`: the setting public_url."""
    if not url:
        yield doubt(
            _("Address: public_url is not set"),
            _("Set it in server.toml: the codes on certificates then lead to their reports."),
        )
        return
    what = _("Address: {url}").format(url=url)
    try:
        with urllib.request.urlopen(f"{url}/healthz", timeout=_ASKING_S):  # noqa: S310 (http only)
            pass
    except (OSError, ValueError, http.client.HTTPException) as error:
        yield doubt(
            _("Address: {url} does not answer ({reason})").format(url=url, reason=_why(error)),
            _advice(error),
        )
        return
    if url.startswith("http://"):
        yield doubt(what, _("Use https://: what goes over the network can be read by others."))
    else:
        yield good(what)
    yield from _readiness(url)


def _readiness(url: str) -> Iterator[Finding]:
    """What the server says it lacks: a service is kept from folders that this command may reach.
    One that has just begun, or is busy, is asked again; what it said stands while it is silent."""
    told: Finding | None = None
    for left in reversed(range(_TRIES)):
        found = _unready(url)
        if found is None:
            return
        if told is None or found.mark is Mark.BAD:
            told = found
        if left:
            time.sleep(_BETWEEN_S)
    if told is not None:
        yield told


def _unready(url: str) -> Finding | None:
    """None: it is ready, or of a version that does not say."""
    try:
        asked = f"{url}/readyz?lang={i18n.language()}"
        with urllib.request.urlopen(asked, timeout=_ASKING_S):  # noqa: S310 (http only)
            return None
    except urllib.error.HTTPError as error:
        if error.code == HTTPStatus.NOT_FOUND:
            return None
        if error.code == HTTPStatus.SERVICE_UNAVAILABLE:
            lacks = _detail(error) or _("Look at its log: journalctl -u reprise-server")
            return bad(_("Server: it says that it is not ready"), lacks)
        reason, advice = _why(error), _advice(error)
    except (OSError, ValueError, http.client.HTTPException) as error:
        reason, advice = _why(error), _advice(error)
    what = _("Server: it does not say whether it is ready ({reason})")
    return doubt(what.format(reason=reason), advice)


def _detail(error: urllib.error.HTTPError) -> str:
    """Of a problem document; "" of anything else."""
    try:
        return str(json.loads(error.read(_MOST_BYTES))["detail"])
    except (OSError, ValueError, LookupError, TypeError, http.client.HTTPException):
        return ""


def _advice(error: Exception) -> str:
    reason = getattr(error, "reason", error)
    if isinstance(reason, ssl.SSLCertVerificationError) and reason.verify_code in _NO_AUTHORITY:
        return _(
            "Give this machine the certificate of your authority, in "
            "/usr/local/share/ca-certificates, and run update-ca-certificates."
        )
    return _("Check that the server runs, and what its proxy says.")


def _why(error: Exception) -> str:
    """Of urllib, which wraps the system's reason."""
    if isinstance(error, urllib.error.HTTPError):
        return f"HTTP {error.code}"
    reason = getattr(error, "reason", error)
    if isinstance(reason, ssl.SSLCertVerificationError):
        return _("this machine does not trust its certificate")
    if isinstance(reason, ssl.SSLError):
        return _("it does not answer encrypted")
    return os_reason(reason) if isinstance(reason, OSError) else _("its answer makes no sense")
