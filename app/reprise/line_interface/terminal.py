"""A terminal's two ways as plain lines: what is said, and what was typed before an Enter."""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from queue import Empty, SimpleQueue
from typing import Protocol

from reprise.wording import printable

# What speech and braille stumble over, and the console's font may lack.
_PLAINER = str.maketrans(
    {"…": "...", "–": "-", "—": "-", "’": "'", "«": '"', "»": '"', "“": '"', "”": '"', "·": ","}
)

# What arrow and function keys send, and terminals that answer a question nobody here asked.
_KEYS = re.compile(r"\x1b(?:\[\[?[0-9;?]*[A-Za-z~]|O[A-Za-z]|)")


# Function keys of the Linux console, of VT220 and of xterm, alone on their line.
_FUNCTION_KEYS = {
    **{f"\x1b[[{letter}": f"F{n}" for n, letter in enumerate("ABCDE", 1)},
    **{f"\x1bO{letter}": f"F{n}" for n, letter in enumerate("PQRS", 1)},
    **{f"\x1b[{n + 10 + (n > 5) + (n > 10)}~": f"F{n}" for n in range(1, 13)},
}


def typed_text(line: str) -> str:
    """What a person meant to type: no key that has no letter, but for a function key alone."""
    if key := _FUNCTION_KEYS.get(line.strip()):
        return key
    return "".join(c for c in _KEYS.sub("", line) if c.isprintable()).strip()


def plain(text: str) -> str:
    """One line for any terminal, speech and braille."""
    words = printable(text)
    words = words.replace("« ", '"').replace(" »", '"').replace(" · ", ", ")
    return words.translate(_PLAINER)


@dataclass(frozen=True, slots=True)
class Typed:
    text: str


class Changed:
    """Something is new at the engine."""


class Ended:
    """Nothing can be typed any more."""


Item = Typed | Changed | Ended


class Keys(Protocol):
    """How the terminal gives what is typed, and whether it takes what is said. Nothing of it has an
    effect where it is none."""

    def each(self, on: bool, /) -> None:
        """Each key at once, as a line of its own; else whole lines."""
        ...

    def hidden(self, on: bool, /) -> None:
        """Nobody sees or hears what is typed."""
        ...

    def forget(self) -> None:
        """What was typed and not read yet, a line without its Enter too."""
        ...

    def took(self) -> bool:
        """All that was said has gone to where it is heard, or read."""
        ...


class LinesOnly:
    """Keys of what is no terminal."""

    def each(self, on: bool, /) -> None: ...

    def hidden(self, on: bool, /) -> None: ...

    def forget(self) -> None: ...

    def took(self) -> bool:
        return True


class Inbox:
    """What happens, in its order, from any thread."""

    def __init__(self) -> None:
        self._items: SimpleQueue[Item] = SimpleQueue()
        self._told = threading.Event()  # one Changed is on its way at a time

    def put(self, item: Item) -> None:
        self._items.put(item)

    def changed(self) -> None:
        if not self._told.is_set():
            self._told.set()
            self._items.put(Changed())

    def read(self, lines: Iterable[str], came: Callable[[], None] = lambda: None) -> None:
        """Until there are no more: for a thread of its own. `came` is called for each at once, as
        nobody looks in here while the terminal takes nothing of what is said; it must not wait."""
        try:
            for line in lines:
                came()
                self.put(Typed(typed_text(line)))
        finally:
            self.put(Ended())

    @property
    def is_empty(self) -> bool:
        """Nothing waits to be heard of."""
        return self._items.empty()

    def get(self, wait_s: float) -> Item | None:
        """None where nothing came in time."""
        try:
            item = self._items.get(timeout=wait_s)
        except Empty:
            return None
        if isinstance(item, Changed):
            self._told.clear()  # before it is looked at: what comes from here on is told again
        return item

    def forget_typed(self) -> None:
        """A word typed ahead was not an answer to what is asked now."""
        kept = []
        while (item := self.get(0)) is not None:
            if not isinstance(item, Typed):
                kept.append(item)
        for item in kept:
            self.changed() if isinstance(item, Changed) else self.put(item)


class LineOutput:
    """Says whole lines. A question stays open on its line, where the answer is typed."""

    def __init__(self, write: Callable[[str], None]) -> None:
        self._write = write
        self.asked = False  # a question is open, and nothing was said since
        self.echo = True  # the terminal shows what is typed, and its Enter

    def say(self, *lines: str) -> None:
        for line in filter(None, map(plain, lines)):
            self._write(("\n" if self.asked else "") + line + "\n")
            self.asked = False

    def ask(self, question: str) -> None:
        self._write(("\n" if self.asked else "") + plain(question) + " ")
        self.asked = True

    def answered(self) -> None:
        """What comes next begins a line of its own."""
        if self.echo:
            self.asked = False
