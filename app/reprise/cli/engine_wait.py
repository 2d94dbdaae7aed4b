"""How long a screen waits for an engine that was never there: on the stick for ever, as it comes
after the first picture; on any other machine it may never come, and that must be said."""

from __future__ import annotations

from collections.abc import Callable
from threading import Event as Flag
from threading import Thread
from typing import TYPE_CHECKING

from reprise.bootstrap.engine import (
    engine_answers,
    engine_log,
    engine_socket,
    has_engine_service,
)
from reprise.errors import LinkError
from reprise.i18n import _

if TYPE_CHECKING:
    from reprise.bootstrap.command_line import CommandLine
    from reprise.workflow.engine.port import EngineClient

SOCKET_S = 10.0  # where a person says that an engine listens
OWN_ENGINE_S = 60.0  # a slow PC reads a lot of Python before its engine answers


def patience_s(given: CommandLine) -> float | None:
    """None: for ever, as this machine starts an engine by itself. Raises LinkError at once where
    none can come."""
    if given.data is not None:
        return OWN_ENGINE_S
    if given.socket is None and has_engine_service():
        return None
    if given.socket is None and not engine_answers(given):
        raise no_engine(given)
    return SOCKET_S


def no_engine(given: CommandLine) -> LinkError:
    """What is wrong, and what to do."""
    socket = engine_socket(given)
    if given.data is not None:
        return LinkError(
            _("The erasing engine was started, but it does not answer at {socket}.").format(
                socket=socket
            ),
            _("“{log}” says why.").format(log=engine_log(given.data)),
        )
    return LinkError(
        _("No erasing engine answers at {socket}.").format(socket=socket),
        _(
            "Start this PC from a Reprise stick. On any other machine “reprise station demo” shows"
            " the screens, and “reprise --data FOLDER station run” starts an engine of its own."
        ),
    )


class Patience:
    """Watches an engine until an engine was there once, for `wait_s` seconds at most (None: for
    ever)."""

    def __init__(self, wait_s: float | None) -> None:
        self._wait_s = wait_s
        self._met, self.over = Flag(), False

    def __enter__(self) -> Patience:
        return self

    def __exit__(self, *_exc: object) -> None:
        self._met.set()  # nobody waits any more

    def watch(self, engine: EngineClient, give_up: Callable[[], None]) -> None:
        """`give_up` is called, from another thread, where none came in time."""
        from reprise.workflow.engine.port import Connection

        if self._wait_s is None:
            return

        def look() -> None:
            if engine.line is not Connection.SEEKING:
                self._met.set()

        def wait() -> None:
            if not self._met.wait(self._wait_s):
                self.over = True
                give_up()

        engine.watch(look)
        look()
        Thread(target=wait, name="patience", daemon=True).start()
