"""The server's messages: a line each on the standard error, in words or as JSON, and nothing in
them that tells of a person. What our libraries say is told without what they fill in, and an error
without its own words: both may hold what a sender wrote."""

from __future__ import annotations

import json
import logging
import re
import sys
import traceback
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from datetime import UTC, datetime
from typing import Any

_OURS = "reprise"
_FILLED_IN = re.compile(r"%(?:\(\w+\))?[-+ #0]*[\d.]*[a-zA-Z]")
_LEVELS = {
    "": logging.WARNING,
    "reprise.server": logging.INFO,
    "uvicorn": logging.WARNING,
    "gunicorn.error": logging.WARNING,
    "django": logging.ERROR,
}
FORMS = ("text", "json")
# The number of a request, which its sender gets too, between the processes and in the answer.
REQUEST_ID = "X-Request-Id"
_request_id: ContextVar[str] = ContextVar("request_id", default="")


def request_id() -> str:
    """Of the request that is being answered; "" where none is."""
    return _request_id.get()


@contextmanager
def about(number: str) -> Iterator[None]:
    """Messages of this block are about that request."""
    before = _request_id.set(number)
    try:
        yield
    finally:
        _request_id.reset(before)


def told(event: str, **facts: str | float | None) -> dict[str, Any]:
    """For `extra=`: what a program reads of a message. `facts`: closed words, numbers, and numbers
    of reports; no text that anybody chose."""
    return {"event": event, "facts": {k: v for k, v in facts.items() if v is not None}}


def log_to_stderr(form: str) -> None:
    """`form`: one of FORMS."""
    handler = _Handler(sys.stderr)
    handler.setFormatter(_Json() if form == "json" else _Text())
    handler.addFilter(_says_something)
    for name, level in _LEVELS.items():
        logger = logging.getLogger(name)
        logger.handlers = [handler]
        logger.propagate = False
        logger.setLevel(level)


class _Handler(logging.StreamHandler):  # type: ignore[type-arg]
    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802 (its name)
        """The library would print what was to be filled in."""
        with suppress(OSError, ValueError):
            self.stream.write(f"no message: {record.pathname}:{record.lineno}\n")


def _says_something(record: logging.LogRecord) -> bool:
    """Django tells of each answer from 500 on, which its request's own line tells."""
    return record.name != "django.request" or bool(record.exc_info)


class _Text(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        fields = _fields(record)
        facts = getattr(record, "facts", {})
        words = [
            fields["time"],
            record.levelname,
            fields.get("request_id", ""),
            fields.get("message", fields["event"]),
            *(f"{name}={fields[name]}" for name in facts),
            fields.get("traceback", ""),
        ]
        return " ".join(word for word in words if word)


class _Json(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        return json.dumps(_fields(record), ensure_ascii=False)


def _fields(record: logging.LogRecord) -> dict[str, Any]:
    """In the order in which they are told."""
    moment = datetime.fromtimestamp(record.created, UTC)
    fields: dict[str, Any] = {
        "time": moment.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
        "level": record.levelname.lower(),
        "event": getattr(record, "event", "message"),
    }
    if request_id():
        fields["request_id"] = request_id()
    message = _message(record)
    if message:
        fields["message"] = message
    fields |= getattr(record, "facts", {})
    if record.exc_info and record.exc_info[1] is not None:
        fields["traceback"] = _without_words(record.exc_info[1])
    return fields


def _message(record: logging.LogRecord) -> str:
    if record.name.partition(".")[0] == _OURS or not record.args:
        return " ".join(record.getMessage().split())
    return " ".join(f"{record.name}: {_FILLED_IN.sub('…', str(record.msg))}".split())


def _without_words(error: BaseException) -> str:
    """Where it came from, and of which kind it is, with those that led to it."""
    before = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    first = _without_words(before) if before is not None else ""
    lines = ["Traceback (most recent call last):\n"]
    lines += traceback.format_list(traceback.extract_tb(error.__traceback__))
    state = getattr(error, "sqlstate", None) or getattr(error, "sqlite_errorname", None) or ""
    kind = type(error)
    return f"{first}{''.join(lines)}{kind.__module__}.{kind.__qualname__} {state}".rstrip() + "\n"
