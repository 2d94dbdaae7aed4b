"""An engine that never comes; and progress that nobody reads any more."""

from __future__ import annotations

import errno
import os
import sys
from collections.abc import Callable
from pathlib import Path
from threading import Event as Flag
from typing import Any

import pytest

from reprise.bootstrap.command_line import CommandLine
from reprise.cli import engine_wait
from reprise.cli.engine_wait import OWN_ENGINE_S, SOCKET_S, Patience, no_engine, patience_s
from reprise.cli.ticker import Ticker
from reprise.domain.erasure.progress import Progress
from reprise.errors import LinkError
from reprise.workflow.engine.port import Connection


class SeekingDesk:
    line = Connection.SEEKING

    def __init__(self) -> None:
        self.tell: Callable[[], None] = lambda: None

    def watch(self, on_change: Callable[[], None]) -> None:
        self.tell = on_change


def test_it_is_told_where_no_engine_came() -> None:
    given_up, client = Flag(), SeekingDesk()
    with Patience(0.05) as patience:
        patience.watch(client, given_up.set)  # type: ignore[arg-type]
        assert given_up.wait(30)
        assert patience.over


@pytest.mark.parametrize("wait_s", [0.3, None])
def test_it_is_not_told_where_one_came_or_is_coming(wait_s: float | None) -> None:
    given_up, client = Flag(), SeekingDesk()
    with Patience(wait_s) as patience:
        patience.watch(client, given_up.set)  # type: ignore[arg-type]
        if wait_s is not None:
            client.line = Connection.OPEN
            client.tell()
            client.line = Connection.LOST  # an engine that was there may come again
        assert not given_up.wait(0.6)
        assert not patience.over


def test_how_long_it_waits(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(engine_wait, "has_engine_service", lambda: True)
    assert patience_s(CommandLine()) is None, "on the stick the screen is there first"
    monkeypatch.setattr(engine_wait, "has_engine_service", lambda: False)
    assert patience_s(CommandLine(socket=str(tmp_path / "s"))) == SOCKET_S
    assert patience_s(CommandLine(data=str(tmp_path))) == OWN_ENGINE_S
    monkeypatch.setattr(engine_wait, "engine_answers", lambda _args: True)
    assert patience_s(CommandLine()) == SOCKET_S
    monkeypatch.setattr(engine_wait, "engine_answers", lambda _args: False)
    with pytest.raises(LinkError, match="station demo"):
        patience_s(CommandLine())


def test_it_says_where_the_engines_own_words_are(tmp_path: Path) -> None:
    assert str(tmp_path / "engine.log") in str(no_engine(CommandLine(data=str(tmp_path))))


class NobodyReads:
    def __init__(self, terminal: bool) -> None:
        self.terminal, self.tries = terminal, 0

    def isatty(self) -> bool:
        return self.terminal

    def write(self, _text: str) -> int:
        self.tries += 1
        raise BrokenPipeError(errno.EPIPE, os.strerror(errno.EPIPE))

    def flush(self) -> None: ...


@pytest.mark.parametrize("terminal", [True, False])
def test_an_erase_goes_on_where_nobody_reads_its_progress(
    monkeypatch: pytest.MonkeyPatch, terminal: bool
) -> None:
    stream = NobodyReads(terminal)
    monkeypatch.setattr(sys, "stderr", stream)
    item: dict[str, Any] = {"drive": "x", "phase": "write", "total_bytes": 100, "rate_bytes_s": 1.0}
    with Ticker() as ticker:
        for done in (0, 50, 100):
            ticker.take(Progress(done_bytes=done, **item))
    assert stream.tries == 1
