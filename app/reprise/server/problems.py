"""Refusals as problem documents (RFC 9457): what is wrong and what to do about it.

`type` is a path of this server; a person who opens it reads the same advice as a page.
"""

from __future__ import annotations

import json
from dataclasses import dataclass

from reprise.server.logs import request_id
from reprise.server.problem_words import WORDS, ProblemKind

__all__ = (
    "MEDIA_TYPE",
    "Problem",
    "ProblemError",
    "ProblemKind",
    "problem_body",
    "problem_headers",
)
MEDIA_TYPE = "application/problem+json"
_RETRY_AFTER_S = {429: 600, 503: 30}


@dataclass(frozen=True, slots=True)
class Problem:
    """One refusal. `because` adds what was seen, for the sender alone: it may hold what anybody
    wrote. `key`: the number of an unknown key, for the log. `field`: the place in the report that
    it is about, "" where it is about none."""

    kind: ProblemKind
    because: str = ""
    key: str | None = None
    field: str = ""

    @property
    def status(self) -> int:
        return WORDS[self.kind].status

    @property
    def title(self) -> str:
        return WORDS[self.kind].title()

    @property
    def advice(self) -> str:
        return WORDS[self.kind].advice()


class ProblemError(Exception):
    """Ends a request with a problem document."""

    def __init__(
        self, kind: ProblemKind, because: str = "", key: str | None = None, field: str = ""
    ) -> None:
        super().__init__(f"{kind.value} {because}".strip())
        self.problem = Problem(kind, because, key, field)


def problem_body(problem: Problem) -> bytes:
    """The document itself, in the language in force, with the number that the log has it under."""
    document = {
        "type": f"/problems/{problem.kind.value}",
        "title": problem.title,
        "status": problem.status,
        "detail": f"{problem.because} {problem.advice}".strip(),
        "request_id": request_id(),
        **({"field": problem.field} if problem.field else {}),
    }
    return json.dumps(document, ensure_ascii=False).encode()


def problem_headers(problem: Problem) -> dict[str, str]:
    """What its answer says beside the document."""
    headers = {"Content-Type": MEDIA_TYPE, "Cache-Control": "no-store"}
    if problem.status in (408, 413):
        headers["Connection"] = "close"
    if problem.status in _RETRY_AFTER_S:
        headers["Retry-After"] = str(_RETRY_AFTER_S[problem.status])
    return headers
