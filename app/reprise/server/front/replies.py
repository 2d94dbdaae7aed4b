"""Answers of the front itself, as ASGI sends them."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, MutableMapping
from dataclasses import dataclass, field
from typing import Any

from reprise import i18n
from reprise.server.problems import Problem, problem_body, problem_headers
from reprise.server.spoken import answer_headers, spoken_language

Scope = MutableMapping[str, Any]
Send = Callable[[Any], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Reply:
    status: int
    body: bytes
    headers: Mapping[str, str] = field(default_factory=dict)


def header(scope: Scope, name: str) -> str:
    """One header of a request, "" where there is none; of several lines the first."""
    return next(iter(header_lines(scope, name)), "")


def header_lines(scope: Scope, name: str) -> list[str]:
    wanted = name.lower().encode()
    return [v.decode("latin-1") for k, v in scope["headers"] if k == wanted]


def language_of(scope: Scope) -> str:
    query = scope["query_string"].decode("latin-1")
    return spoken_language(query, header(scope, "accept-language"))


def problem_reply(problem: Problem, **headers: str) -> Reply:
    """In the language in force."""
    return Reply(problem.status, problem_body(problem), {**problem_headers(problem), **headers})


async def send_reply(send: Send, reply: Reply) -> None:
    headers = {
        "Cache-Control": "no-store",
        **answer_headers(i18n.language()),
        **reply.headers,
        "Content-Length": str(len(reply.body)),
    }
    pairs = [(k.lower().encode(), v.encode("latin-1")) for k, v in headers.items()]
    await send({"type": "http.response.start", "status": reply.status, "headers": pairs})
    await send({"type": "http.response.body", "body": reply.body})
