"""The few words of HTTP that the test of the server speaks, over a line that is already open."""

from __future__ import annotations

import base64
import http.client
import re
import socket
from contextlib import suppress
from dataclasses import dataclass
from urllib.parse import SplitResult, quote, unquote

from reprise.adapters.network.route import ascii_host
from reprise.codec import loaded
from reprise.domain.station.connectivity import Reach
from reprise.errors import InputError

# Answers are a key, a receipt or a problem document (RFC 9457): anything longer is not ours.
MAX_ANSWER_BYTES = 64 * 1024
_PIECE = 64 * 1024
_MAX_HEAD_BYTES = 16 * 1024
_STATUS = re.compile(rb"HTTP/1\.[01] (\d{3})")
_PEM = b"-----BEGIN PUBLIC KEY-----"
_NO_KEY = "/problems/not-found"  # the type of the server's answer on a key that it does not have
_PROBLEM = "/problems/"  # so begins the type of every problem document of a Reprise server
_CANNOT = (502, 503, 504)
_OF_A_PROXY = (403, 407, *_CANNOT)
_IN_A_PATH = "/%:@!$&'()*+,;=~"  # what is quoted already stays (RFC 3986, 3.3)


class NotHttpError(Exception):
    """What came is no answer in HTTP."""


@dataclass(frozen=True, slots=True)
class HttpRequest:
    """`kind`: the body's media type."""

    method: str
    path: str
    kind: str = ""
    body: bytes = b""


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    body: bytes


@dataclass(frozen=True, slots=True)
class Problem:
    """`kind`: its type, "" where it has none. `words`: its title and detail."""

    kind: str = ""
    words: str = ""

    @property
    def ours(self) -> bool:
        """Of a Reprise server: proxies and firewalls have pages and documents of their own."""
        return self.kind.startswith(_PROBLEM)


def open_tunnel(line: socket.socket, target: tuple[str, int], proxy: SplitResult) -> Reach | None:
    """CONNECT (RFC 9110, 9.3.6); None where the tunnel stands. Raises OSError."""
    host, port = target
    name = ascii_host(host)
    at = f"[{name}]:{port}" if ":" in name else f"{name}:{port}"
    head = f"CONNECT {at} HTTP/1.1\r\nHost: {at}\r\n{_credentials(proxy)}\r\n"
    line.sendall(head.encode("ascii", "replace"))
    match = _STATUS.match(_read_head(line))
    if match is None:
        return Reach.NOT_A_PROXY
    status = int(match[1])
    return None if 200 <= status < 300 else judge_proxy(status)


def judge_proxy(status: int) -> Reach:
    if status == 407:
        return Reach.PROXY_PASSWORD
    if status in _CANNOT:
        return Reach.PROXY_CANNOT
    return Reach.PROXY_DENIES if status in (401, 403) else Reach.NOT_A_PROXY


def _read_head(line: socket.socket) -> bytes:
    """Byte by byte: what follows belongs to the tunnel. Some end a line with LF alone (RFC 9112,
    2.2)."""
    head = b""
    while not head.endswith((b"\n\r\n", b"\n\n")) and len(head) < _MAX_HEAD_BYTES:
        byte = line.recv(1)
        if not byte:
            break
        head += byte
    return head


def _credentials(proxy: SplitResult) -> str:
    if not proxy.username:
        return ""
    pair = f"{unquote(proxy.username)}:{unquote(proxy.password or '')}"
    return f"Proxy-Authorization: Basic {base64.b64encode(pair.encode()).decode()}\r\n"


def key_question(kid: str) -> HttpRequest:
    """For the public key of this station."""
    return HttpRequest("GET", f"/api/v1/stations/{quote(kid or '-', safe='')}/key.pem")


def ask(
    line: socket.socket, server: SplitResult, question: HttpRequest, proxy: SplitResult | None
) -> Answer:
    """`proxy`: one that is asked in plain words. Raises OSError, NotHttpError."""
    path = quote(f"{server.path}{question.path}", safe=_IN_A_PATH)
    at = _host_header(server)
    where = path if proxy is None else f"http://{at}{path}"
    more = "" if proxy is None else _credentials(proxy)
    head = f"{question.method} {where} HTTP/1.1\r\nHost: {at}\r\nUser-Agent: reprise\r\n{more}"
    if question.body:
        head += f"Content-Type: {question.kind}\r\nContent-Length: {len(question.body)}\r\n"
    head += "Accept: */*\r\nAccept-Encoding: identity\r\nConnection: close\r\n\r\n"
    line.sendall(head.encode("ascii", "replace"))
    with suppress(BrokenPipeError, ConnectionResetError):  # an answer may have come before
        for start in range(0, len(question.body), _PIECE):  # the line's time-out is for each
            line.sendall(question.body[start : start + _PIECE])
    return _read_answer(line, question.method)


def _read_answer(line: socket.socket, method: str) -> Answer:
    """Never more than MAX_ANSWER_BYTES and one of a body. A redirect is an answer like others."""
    response = http.client.HTTPResponse(line, method=method)
    try:
        _begin(response)
        body = response.read(MAX_ANSWER_BYTES + 1)
    except http.client.HTTPException as error:
        raise NotHttpError(str(error) or type(error).__name__) from error
    finally:
        response.close()
    if response.length and len(body) <= MAX_ANSWER_BYTES:
        raise ConnectionResetError(f"{response.length} bytes of the answer are missing")
    return Answer(response.status, body)


def _begin(response: http.client.HTTPResponse) -> None:
    """A line that is closed without a word gave no answer, be it with FIN or, as where a part of
    the question is never read, with RST."""
    try:
        response.begin()
    except ConnectionError as error:
        raise NotHttpError(str(error)) from error


def _host_header(url: SplitResult) -> str:
    host = ascii_host(url.hostname or "")
    host = f"[{host}]" if ":" in host else host
    return host if url.port is None else f"{host}:{url.port}"


def judge_answer(answer: Answer, *, through_proxy: bool) -> Reach | None:
    """None: a Reprise server that knows this station."""
    status = answer.status
    if status == 200 and answer.body.startswith(_PEM):
        return None
    if status == 404 and read_problem(answer.body).kind == _NO_KEY:
        return Reach.NOT_ENROLLED
    return judge_status(status, through_proxy=through_proxy)


def judge_status(status: int, *, through_proxy: bool) -> Reach:
    """Of an answer that is not what a Reprise server gives."""
    if through_proxy and status in _OF_A_PROXY:
        return judge_proxy(status)
    if status == 511 or 300 <= status < 400:  # RFC 6585, 6: what public Wi-Fi networks answer
        return Reach.LOGIN_PAGE
    return Reach.SERVER_ERROR if status >= 500 else Reach.NOT_REPRISE


def about_status(reason: Reach, told: str, at: str) -> str:
    """What the sentence on an answer names: `told`, or the proxy where it is the proxy's own."""
    return at if reason in _PROXYS_OWN else told


_PROXYS_OWN = frozenset({Reach.PROXY_PASSWORD, Reach.PROXY_DENIES, Reach.PROXY_CANNOT})


def read_problem(body: bytes) -> Problem:
    """Empty where the body is no problem document."""
    try:
        problem = loaded(body)
    except InputError:
        return Problem()
    if not isinstance(problem, dict):
        return Problem()
    words = [str(problem[key]) for key in ("title", "detail") if problem.get(key)]
    return Problem(str(problem.get("type", "")), " – ".join(words))
