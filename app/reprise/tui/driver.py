"""The terminal of the screen, both ways: that somebody presses keys, and that what is drawn is
seen."""

from __future__ import annotations

import logging
import os
import re
import select
import time
from codecs import getincrementaldecoder
from collections.abc import Callable, Iterator
from functools import cached_property

from textual._xterm_parser import XTermParser
from textual.drivers.linux_driver import LinuxDriver
from textual.message import Message

from reprise.terminal_output import taken
from reprise.tui import messages

_logger = logging.getLogger(__name__)
_CHUNK = 4096
_WAIT_S = 0.1  # for the rest of what a key sends, as Textual's own driver does

# What terminals say by themselves: the answers to what Textual asks at its start (DECRPM), and of
# their windows, as it wishes: focus and size.
_ANSWERS = re.compile(rb"\x1b\[(?:\?[0-9;]*\$y|[IO]|48[0-9;:]*t)")
_BEGINNING = re.compile(rb"\x1b(?:\[(?:\?[0-9;]*\$?|4(?:8[0-9;:]*)?)?)?")


class Person:
    """Whether a person sent what comes from a terminal, whatever it means: there are keys that mean
    nothing to the screens, and keys pressed all the same."""

    def __init__(self) -> None:
        self._rest = b""  # that may become an answer

    def spoke(self, chunk: bytes) -> bool:
        """b"": nothing more came for a while."""
        rest = _ANSWERS.sub(b"", self._rest + chunk)
        waits = bool(chunk) and _BEGINNING.fullmatch(rest) is not None
        self._rest = rest if waits else b""
        return bool(rest) and not waits


class DrawingWatch:
    """Whether what is drawn is seen: a slow screen is, only later, one that is held is not. A
    picture may take longer than the time between two questions, and be asked of right after the
    next one was drawn: so what counts is that the terminal had once taken all, not that it has."""

    def __init__(
        self, is_taken: Callable[[], bool], clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._is_taken = is_taken  # the terminal has taken all that was drawn
        self._clock = clock
        self._held_at: float | None = None  # since when it has not
        self._held_s = 0.0  # the longest such time since this was last asked
        self._drawn, self._taken = 0, 0  # pictures
        self._before = 0  # were drawn when it was last asked
        self._since = False  # then

    def draw(self) -> None:
        """One more is on its way to the terminal."""
        self._drawn += 1

    def look(self) -> None:
        """Often, from any one thread."""
        drawn, now = self._drawn, self._clock()
        if self._is_taken():
            self._taken, self._since, self._held_at = drawn, True, None
            return
        self._held_at = now if self._held_at is None else self._held_at
        self._held_s = max(self._held_s, now - self._held_at)

    def ask(self) -> bool:
        """Since this was last asked, the terminal had once taken all that stood there before."""
        seen = self._since and self._taken >= self._before
        self._before, self._since = self._drawn, False
        return seen

    def held_s(self) -> float:
        """So long it took nothing, without a break, since this was last asked. Not to be counted in
        questions: an application whose pictures wait asks none."""
        held_s, self._held_s = self._held_s, 0.0
        return held_s


class StationDriver(LinuxDriver):
    """Says of whatever a person sends that somebody is there, before what it means: KeyPressed to
    the screen, and `person_came` at once, as a screen that is held hears nothing."""

    person_came: Callable[[], None]

    @classmethod
    def telling(cls, person_came: Callable[[], None]) -> type[StationDriver]:
        """`person_came` is called in the thread that reads the keys: it must not wait."""
        return type(cls.__name__, (cls,), {"person_came": staticmethod(person_came)})

    @cached_property
    def seen(self) -> DrawingWatch:
        return DrawingWatch(self._is_taken)

    def _is_taken(self) -> bool:
        """A thread writes it, some pictures behind."""
        writer = self._writer_thread
        return writer is None or (writer._queue.empty() and taken(writer.fileno()))

    def write(self, data: str) -> None:
        super().write(data)
        self.seen.draw()

    def run_input_thread(self) -> None:
        """As LinuxDriver's. A byte that is no UTF-8 (noise, another character set) does not end the
        screen, nor do numbers that are no character: the next one would count down anew."""
        person = Person()
        self._parser = XTermParser(self._debug)
        decode = getincrementaldecoder("utf-8")("replace").decode
        while not self.exit_event.is_set():
            self._take(person, decode)
        self._take(person, decode)  # what came meanwhile

    def _take(self, person: Person, decode: Callable[[bytes], str]) -> None:
        ready = select.select([self.fileno], [], [], _WAIT_S)[0]
        chunk = os.read(self.fileno, _CHUNK) if ready else b""
        if person.spoke(chunk):
            self.person_came()
            self.send_message(messages.KeyPressed())
        for event in self._meant(decode(chunk)):
            self.process_message(event)
        self.seen.look()

    def _meant(self, text: str) -> Iterator[Message]:
        try:
            if text:  # "" would be its end
                yield from self._parser.feed(text)
            yield from self._parser.tick()
        except Exception:
            # Textual's, of a sequence that is none (ESC[1114112u); that parser has ended
            _logger.exception("what the terminal sent could not be read")
            self._parser = XTermParser(self._debug)
