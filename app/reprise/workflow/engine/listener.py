"""Tells screens what the engine does, and hands it what they ask. Each screen has threads of its
own, and nothing is queued for it but where it stands in the journal: one that reads slowly gets the
news in larger heaps, one that does not read is let go, and the engine notices neither."""

from __future__ import annotations

import logging
from collections import deque
from collections.abc import Callable, Mapping
from threading import Event as Flag
from threading import Semaphore, Thread
from typing import Any, Protocol

from reprise import i18n
from reprise.codec import event_to_builtins, from_builtins, to_builtins
from reprise.domain.erasure.progress import Progress
from reprise.errors import InputError, LinkError, RepriseError, program_error
from reprise.workflow.engine import protocol
from reprise.workflow.engine.engine import Engine
from reprise.workflow.engine.port import Asking, StationStatus

_PACE_S = 0.25  # ticks at most four times a second, however much else there is to tell
_FAREWELL_S = 1.0  # for a screen that does not read
_MOST_SCREENS = 8
_MOST_ASKED = 16  # by one screen, unanswered; it waits then
_REQUESTS = protocol.requests_of(Asking)
_logger = logging.getLogger(__name__)


class Listener(Protocol):
    """Where screens come in."""

    def accept(self) -> protocol.Channel | None:
        """The next one; None once the door is closed."""
        ...

    def close(self) -> None: ...


def serve(engine: Engine, door: Listener) -> None:
    """Until the door is closed; where the engine is over, until the screens have heard the end."""
    inside: set[Thread] = set()
    while (link := door.accept()) is not None:
        inside = {thread for thread in inside if thread.is_alive()}
        if len(inside) >= _MOST_SCREENS:
            _refuse(link, "too many screens are open")
            continue
        visit = Thread(target=ScreenConnection(engine, link).run, name="screen", daemon=True)
        visit.start()
        inside.add(visit)
    for visit in inside:
        visit.join(_FAREWELL_S)


def _refuse(link: protocol.Channel, why: str) -> None:
    try:
        link.send(protocol.encode(protocol.Refused(why)))
    except LinkError:
        _logger.info("a screen left before it could be told: %s", why)
    finally:
        link.close()


class ScreenConnection:
    """One screen, from its greeting to its end."""

    def __init__(
        self,
        engine: Engine,
        link: protocol.Channel,
        requests: Mapping[str, protocol.Request] = _REQUESTS,
    ) -> None:
        self._engine, self._link, self._requests = engine, link, requests
        self._wake, self._gone = Flag(), Flag()
        self._answers: deque[protocol.Answer] = deque()
        self._room = Semaphore(_MOST_ASKED)
        self._refusal = ""
        self._told = _Told()

    def run(self) -> None:
        """Blocks until the screen is gone. Never raises for what a screen does."""
        try:
            self._link.send(protocol.encode(protocol.Hello()))
            if not protocol.greeted(self._link.receive(protocol.MOST_ASKED_BYTES)):
                raise InputError("the screen and the engine are of different versions")
            self._engine.watch(self._wake.set)
            Thread(target=self._listen, name="screen-asks", daemon=True).start()
            self._tell()
        except (InputError, LinkError) as error:
            self._refusal = self._refusal or str(error)
        finally:
            self._engine.unwatch(self._wake.set)
            if self._refusal:
                _logger.warning("a screen was let go: %s", self._refusal)
                _refuse(self._link, self._refusal)
            self._link.close()

    # What it asks

    def _listen(self) -> None:
        try:
            while (line := self._link.receive(protocol.MOST_ASKED_BYTES)) is not None:
                ask = protocol.decode(line)
                if not isinstance(ask, protocol.Ask):
                    raise InputError("the screen said what only the engine says")
                self._room.acquire()
                Thread(target=self._serve, args=(ask,), name=ask.name, daemon=True).start()
        except (InputError, LinkError) as error:
            self._refusal = str(error)
        finally:
            self._gone.set()
            self._wake.set()

    def _serve(self, ask: protocol.Ask) -> None:
        value, failure = None, None
        with i18n.using(ask.language):
            try:
                value = self._call(ask)
            except RepriseError as error:
                failure = protocol.failure_of(error)
            except Exception as error:
                _logger.exception("%s failed", ask.name)
                failure = protocol.Failure(RepriseError.__name__, program_error(error))
        self._answers.append(protocol.Answer(ask.number, failure, value))
        self._room.release()
        self._wake.set()

    def _call(self, ask: protocol.Ask) -> Any:
        """Raises InputError where there is no such method or the argument is not its own."""
        request = self._requests.get(ask.name)
        if request is None:
            raise InputError(f"nothing is called {ask.name!r}")
        method: Callable[..., Any] = getattr(self._engine, ask.name)
        if request.argument is None:
            return to_builtins(method())
        return to_builtins(method(from_builtins(ask.argument, request.argument)))

    # What it is told

    def _tell(self) -> None:
        over = False
        while not (over or self._gone.is_set()):
            self._wake.clear()
            over = self._engine.over  # before the news: they are the last ones then
            # taken first, sent last: a screen sees what it did before it is told that it is done
            answers = [self._answers.popleft() for _one in range(len(self._answers))]
            for news in self._told.news(self._engine):
                self._link.send(protocol.encode(news))
            for answer in answers:
                self._link.send(protocol.encode(answer))
            if not over:
                self._wake.wait(_PACE_S)


class _Told:
    """How far one screen has been told."""

    def __init__(self) -> None:
        self._events = 0
        self._status: StationStatus | None = None
        self._ticks: Mapping[str, Progress] = {}

    def news(self, engine: Engine) -> list[protocol.News]:
        """What it does not know yet; the last one closes the moment."""
        status, events = engine.snapshot()
        ticks = engine.progress
        new = [event_to_builtins(event) for event in events[self._events :]]
        heaps = [
            protocol.News(events=tuple(new[at : at + protocol.MOST_EVENTS]), more=True)
            for at in range(0, len(new), protocol.MOST_EVENTS)
        ]
        moved = tuple(tick for key, tick in ticks.items() if self._ticks.get(key) != tick)
        if heaps or moved or status != self._status:
            changed = None if status == self._status else status
            heaps.append(protocol.News(status=changed, ticks=moved))
        self._events, self._status, self._ticks = len(events), status, ticks
        return heaps
