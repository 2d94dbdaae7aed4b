"""A message of the log, whoever writes it: what others fill in stays out, their own words stay."""

from __future__ import annotations

import io
import json
import logging
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from reprise.server.logs import about, log_to_stderr, told

SECRET = "jean.dupont@example.org"
Written = Callable[[], str]


@pytest.fixture(params=["text", "json"])
def form(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def written(form: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Written]:
    """What was written since it was last asked for."""
    names = ("", "reprise.server", "uvicorn", "gunicorn.error", "django")
    loggers = [logging.getLogger(name) for name in names]
    before = [(one.handlers, one.propagate, one.level) for one in loggers]
    stream = io.StringIO()
    monkeypatch.setattr("sys.stderr", stream)
    log_to_stderr(form)

    def since() -> str:
        text = stream.getvalue()
        stream.seek(0)
        stream.truncate()
        return text

    yield since
    for one, (handlers, propagate, level) in zip(loggers, before, strict=True):
        one.handlers, one.propagate = handlers, propagate
        one.setLevel(level)


def refused() -> None:
    raise ValueError(SECRET)


def test_our_own_messages_are_told_with_their_facts(written: Written, form: str) -> None:
    log = logging.getLogger("reprise.server")
    with about("0123456789abcdef"):
        log.info("report %s", "a", extra=told("report", result="stored", key=None))
    line = written()
    assert line.count("\n") == 1
    if form == "text":
        assert line.endswith(" INFO 0123456789abcdef report a result=stored\n")
        return
    found: dict[str, Any] = json.loads(line)
    assert list(found) == ["time", "level", "event", "request_id", "message", "result"]
    assert found["request_id"] == "0123456789abcdef"
    log.info("later")
    assert "request_id" not in json.loads(written())


@pytest.mark.parametrize("name", ["uvicorn.error", "django", "asyncio", "a.library.of.tomorrow"])
def test_what_a_library_fills_in_is_not_told(written: Written, name: str) -> None:
    logging.getLogger(name).error("no %s for %r", SECRET, SECRET)
    line = written()
    assert SECRET not in line
    assert f"{name}: no … for …" in line
    logging.getLogger(name).error("Worker was sent SIGKILL!")
    assert "Worker was sent SIGKILL!" in written()


def test_an_error_is_told_without_its_words(written: Written, form: str) -> None:
    try:
        try:
            refused()
        except ValueError as error:
            raise KeyError(SECRET) from error
    except KeyError:
        logging.getLogger("reprise.server").exception("it failed")
    text = written()
    assert SECRET not in text
    assert "test_logs.py" in text
    assert text.index("ValueError") < text.index("KeyError")
    assert (text.count("\n") == 1) is (form == "json")


def test_what_the_request_s_own_line_tells_is_told_once(written: Written) -> None:
    log = logging.getLogger("django.request")
    log.error("%s: %s", "Service Unavailable", f"/{SECRET}")
    assert written() == ""
    try:
        refused()
    except ValueError:
        log.exception("%s: %s", "Internal Server Error", f"/{SECRET}")
    text = written()
    assert SECRET not in text
    assert "test_logs.py" in text


def test_a_message_that_does_not_fit_its_words_is_told_by_its_place(written: Written) -> None:
    log = logging.getLogger("reprise.server")
    record = log.makeRecord(log.name, logging.INFO, __file__, 1, "%d reports", (SECRET,), None)
    log.handlers[0].handle(record)
    text = written()
    assert SECRET not in text
    assert "test_logs.py" in text
