"""Sends one report to the server (PUT /api/v1/reports/{id}) and judges the answer.

Only a 200 or 201 with a receipt for our very bytes is "accepted". What the server understood and
will not have is "refused"; everything else is tried again.
"""

from __future__ import annotations

import json
import re
import time
from pathlib import Path
from urllib.parse import urlsplit

import requests

from reprise.adapters.receipts import read_receipt
from reprise.domain.delivery import Delivery, Outcome
from reprise.errors import InputError
from reprise.i18n import _
from reprise.settings import ServerSettings

# Answers are a receipt or a problem document (RFC 9457): anything longer is not ours.
_MAX_ANSWER_BYTES = 64 * 1024
_DETAIL_CHARACTERS = 300
# urllib3 puts the object in front of the reason: HTTPSConnection(host='…', port=443): …
_NOISE = re.compile(r"^.*?HTTPS?Connection[^)]*\)[^:]*: ")
_REFUSED = frozenset({400, 403, 409, 410, 413, 415, 422})


class HttpUplink:
    """ports.Uplink over HTTP(S). Certificates are always verified; redirects are not followed,
    as a report must go to the server that was set and nowhere else; no proxy, password or
    authority is taken from the environment."""

    def __init__(self, settings: ServerSettings, ca_file: Path | None = None) -> None:
        """Raises InputError where no server is set or its certificate file is missing."""
        if not settings.url:
            raise InputError(
                _("no server is set."),
                _('Write its address into reprise.toml on the stick: [server] url = "https://…"'),
            )
        if ca_file is not None and not ca_file.is_file():
            raise InputError(
                _("the certificate file “{path}” (server.ca_file) is missing.").format(
                    path=ca_file
                ),
                _("Copy it beside reprise.toml."),
            )
        self._base = settings.url.rstrip("/")
        self._timeout = (settings.connect_timeout_s, settings.read_timeout_s)
        # requests' read time-out is between two bytes; a server that dribbles must not hold us.
        self._deadline_s = settings.connect_timeout_s + 2 * settings.read_timeout_s
        self._session = requests.Session()
        self._session.trust_env = False
        self._session.verify = True if ca_file is None else str(ca_file)
        if settings.proxy:
            self._session.proxies = {"http": settings.proxy, "https": settings.proxy}

    @property
    def server(self) -> str:
        return urlsplit(self._base).netloc

    def get(self, path: str) -> tuple[int, bytes | None]:
        """Status and body of the answer to a GET; the body None where it is longer or slower than
        any of ours. Raises requests.exceptions.RequestException, OSError."""
        return self._ask("GET", path)

    def send(self, report_id: str, jws: bytes) -> Delivery:
        """One try. Never raises for what the network or the server does."""
        try:
            status, body = self._ask("PUT", f"/api/v1/reports/{report_id}", jws)
        except requests.exceptions.SSLError as error:
            return Delivery(Outcome.OFFLINE, f"tls: {_short(error)}")
        except requests.exceptions.Timeout:
            return Delivery(Outcome.OFFLINE, "timeout")
        except (requests.exceptions.RequestException, OSError) as error:
            return Delivery(Outcome.OFFLINE, f"unreachable: {_short(error)}")
        if body is None:
            return Delivery(Outcome.RETRY, "answer-too-long-or-slow")
        return _judge(status, body, report_id, jws)

    def _ask(self, verb: str, path: str, data: bytes | None = None) -> tuple[int, bytes | None]:
        kind = {} if data is None else {"Content-Type": "application/jose"}
        with self._session.request(
            verb,
            self._base + path,
            data=data,
            headers={**kind, "Accept": "application/json"},
            timeout=self._timeout,
            allow_redirects=False,
            stream=True,
        ) as answer:
            return answer.status_code, self._body(answer)

    def _body(self, answer: requests.Response) -> bytes | None:
        """None where the answer is longer or slower than any of ours."""
        until = time.monotonic() + self._deadline_s
        body = b""
        for piece in answer.iter_content(1):  # larger pieces would wait until they are full
            body += piece
            if len(body) > _MAX_ANSWER_BYTES or time.monotonic() > until:
                return None
        return body


def _judge(status: int, body: bytes, report_id: str, jws: bytes) -> Delivery:
    if status in (200, 201):
        if read_receipt(body, report_id, jws) is None:
            return Delivery(Outcome.RETRY, f"{status}: wrong receipt")
        return Delivery(Outcome.ACCEPTED, str(status), body)
    detail = f"{status}: {_title(body)}".rstrip(": ")
    return Delivery(Outcome.REFUSED if status in _REFUSED else Outcome.RETRY, detail)


def _title(body: bytes) -> str:
    """The words of a problem document; "" where the body is none."""
    try:
        problem = json.loads(body)
    except (ValueError, RecursionError):
        return ""
    if not isinstance(problem, dict):
        return ""
    words = [str(problem[key]) for key in ("title", "detail") if problem.get(key)]
    return _one_line(" – ".join(words))


def _one_line(text: str) -> str:
    return "".join(c if c.isprintable() else " " for c in text)[:_DETAIL_CHARACTERS]


def _short(error: Exception) -> str:
    """The innermost reason: requests and urllib3 wrap it in their own names."""
    inner: BaseException = error
    while True:
        reason = getattr(inner, "reason", None)
        following = reason if isinstance(reason, BaseException) else None
        following = following or next((a for a in inner.args if isinstance(a, Exception)), None)
        if following is None:
            return _one_line(_NOISE.sub("", str(inner)))
        inner = following
