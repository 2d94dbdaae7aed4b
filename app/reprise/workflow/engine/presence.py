"""Tells the engine that a person is here, whatever else stands still."""

from __future__ import annotations

import logging
from collections.abc import Callable
from threading import Event as Flag
from threading import Thread

from reprise.errors import Failures
from reprise.workflow.engine.port import Connection, EngineClient

_RETRY_S = 0.5
_LAST_S = 2.0  # no longer does an end wait for an engine that does not answer
_logger = logging.getLogger(__name__)


class Presence:
    """`engine`: None until there is one. Each session is told, from the first key on, on whichever
    screen, and again every `retry_s` until its own state says so: what was asked may have come to
    nothing. In a thread of its own: a screen whose terminal takes nothing hears keys, and does
    nothing else."""

    def __init__(
        self, engine: Callable[[], EngineClient | None], retry_s: float = _RETRY_S
    ) -> None:
        self._engine, self._retry_s = engine, retry_s
        self._here = self._ended = False
        self._woken = Flag()
        self._failures = Failures(_logger, "the engine was not told that a person is here: ")
        self._thread = Thread(target=self._run, name="person", daemon=True)
        self._thread.start()

    def person_came(self) -> None:
        """From any thread; never waits."""
        self._here = True
        self._woken.set()

    def stop(self) -> None:
        """Who ended it is told of first. Before the engine is closed."""
        self._ended = True
        self._woken.set()
        self._thread.join(_LAST_S)

    def _run(self) -> None:
        ended = False
        while not ended:
            self._woken.wait(self._retry_s)
            self._woken.clear()
            ended = self._ended  # before it is looked: who came until then is told of
            try:
                self._look()
            except Exception as error:  # noqa: BLE001 - logged; there must be another try
                self._failures.failed(error)
            else:
                self._failures.well()

    def _look(self) -> None:
        engine = self._engine()
        if engine is None:
            return
        state = engine.state
        if state.by_hand:
            self._here = True
        elif self._here and engine.line is Connection.OPEN and state.started is not None:
            engine.take_over()
