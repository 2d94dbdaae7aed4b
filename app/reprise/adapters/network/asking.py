"""The few words of HTTP that the test of the server speaks, over a line that is already open."""

from __future__ import annotations

import base64
import http.client
import json
import re
import socket
from dataclasses import dataclass
from urllib.parse import SplitResult, quote, unquote

from reprise.domain.reach import Reach

_MAX_ANSWER_BYTES = 64 * 1024
_MAX_HEAD_BYTES = 16 * 1024
_STATUS = re.compile(rb"HTTP/1\.[01] (\d{3})")
_PEM = b"-----BEGIN PUBLIC KEY-----"
_NO_KEY = "/problems/not-found"  # the type of the server's answer on a key that it does not have
_CANNOT = (502, 503, 504)


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    body: bytes


def open_tunnel(line: socket.socket, target: tuple[str, int], proxy: SplitResult) -> Reach | None:
    """CONNECT (RFC 9110, 9.3.6); None where the tunnel stands. Raises OSError."""
    host, port = target
    at = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
    head = f"CONNECT {at} HTTP/1.1\r\nHost: {at}\r\n{_credentials(proxy)}\r\n"
    line.sendall(head.encode("ascii", "replace"))
    found = _STATUS.match(_read_head(line))
    if found is None:
        return Reach.NOT_A_PROXY
    status = int(found[1])
    return None if 200 <= status < 300 else _proxy_says(status)


def _proxy_says(status: int) -> Reach:
    if status == 407:
        return Reach.PROXY_PASSWORD
    if status in _CANNOT:
        return Reach.PROXY_CANNOT
    return Reach.PROXY_DENIES if status in (401, 403) else Reach.NOT_A_PROXY


def _read_head(line: socket.socket) -> bytes:
    """Byte by byte: what follows belongs to the tunnel."""
    head = b""
    while not head.endswith(b"\r\n\r\n") and len(head) < _MAX_HEAD_BYTES:
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


def ask_for_key(
    line: socket.socket, server: SplitResult, kid: str, proxy: SplitResult | None
) -> Answer:
    """Ask for the public key of this station. Raises OSError; ValueError where it is no HTTP."""
    path = f"{server.path}/api/v1/stations/{quote(kid or '-', safe='')}/key.pem"
    where = path if proxy is None else f"http://{server.netloc}{path}"
    more = "" if proxy is None else _credentials(proxy)
    head = f"GET {where} HTTP/1.1\r\nHost: {server.netloc}\r\nAccept: */*\r\n{more}"
    line.sendall(f"{head}Connection: close\r\n\r\n".encode("ascii", "replace"))
    response = http.client.HTTPResponse(line, method="GET")
    try:
        response.begin()
        return Answer(response.status, response.read(_MAX_ANSWER_BYTES))
    except http.client.HTTPException as error:
        raise ValueError(str(error)) from error
    finally:
        response.close()


def judge_answer(answer: Answer, *, through_proxy: bool) -> Reach | None:
    """None: a Reprise server that knows this station."""
    status = answer.status
    if status == 200 and answer.body.startswith(_PEM):
        return None
    if status == 404 and _problem_type(answer.body) == _NO_KEY:
        return Reach.NOT_ENROLLED
    if through_proxy and status in (407, *_CANNOT):
        return _proxy_says(status)
    if status == 511 or 300 <= status < 400:  # RFC 6585, 6: what public Wi-Fi networks answer
        return Reach.LOGIN_PAGE
    return Reach.SERVER_ERROR if status >= 500 else Reach.NOT_REPRISE


def _problem_type(body: bytes) -> str:
    try:
        problem = json.loads(body)
    except (ValueError, RecursionError):
        return ""
    return str(problem.get("type", "")) if isinstance(problem, dict) else ""
