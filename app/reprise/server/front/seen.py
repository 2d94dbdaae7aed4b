"""What is told of each request once it is answered: a line of the log, and the figures."""

from __future__ import annotations

import logging
import secrets
import time
from typing import Any

from reprise.server.front.figures import Figures
from reprise.server.front.replies import Scope, Send, problem_reply, send_reply
from reprise.server.logs import REQUEST_ID, told
from reprise.server.problems import Problem

log = logging.getLogger("reprise.server")
_ID_BYTES = 8
# Methods are words of the sender: others are not told.
_METHODS = frozenset({"GET", "HEAD", "PUT", "POST", "PATCH", "DELETE", "OPTIONS"})


class Seen:
    """One request. `path`: its address without what its sender filled in; "" where there is none.
    `word`: what became of a report."""

    def __init__(self, scope: Scope, send: Send, figures: Figures) -> None:
        self.number = secrets.token_hex(_ID_BYTES)
        self.path = ""
        self.word: str | None = None
        self.quiet = False  # asked again and again by whoever looks whether all is well
        self._method = scope["method"] if scope["method"] in _METHODS else "?"
        self._send, self._figures = send, figures
        self._began = time.monotonic()
        self._status: int | None = None

    async def send(self, message: Any) -> None:
        if message["type"] == "http.response.start":
            self._status = message["status"]
            number = (REQUEST_ID.lower().encode(), self.number.encode())
            message = {**message, "headers": [*message["headers"], number]}
        await self._send(message)

    async def refuse(self, problem: Problem) -> None:
        """Where no answer was begun."""
        if self._status is None:
            await send_reply(self.send, problem_reply(problem))

    def tell(self) -> None:
        """Without a status the sender hung up before it was answered."""
        took = time.monotonic() - self._began
        self._figures.answered(self.path, self._status, self.word, took)
        if self.quiet and self._status == 200:
            return
        facts = told(
            "request",
            method=self._method,
            path=self.path,
            status=self._status,
            duration_s=round(took, 4),
            result=self.word or ("hung-up" if self._status is None else None),
        )
        log.info("", extra=facts)
