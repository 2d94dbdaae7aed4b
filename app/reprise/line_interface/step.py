"""Where the conversation is, and what takes it elsewhere."""

from __future__ import annotations

from enum import Enum, auto


class LineStep(Enum):
    """In the order of the flow."""

    START = auto()
    MACHINE = auto()
    DRIVES = auto()
    SYSTEM = auto()
    CONFIRM = auto()
    WORK = auto()
    DONE = auto()


class MovedError(Exception):
    """What is asked is out of date: the conversation goes on at `to`."""

    def __init__(self, to: LineStep) -> None:
        super().__init__(to)
        self.to = to


class HungUpError(Exception):
    """Nobody can type any more."""


class SheetError(Exception):
    """A person asks for a sheet: the step goes on where it was, afterwards."""

    def __init__(self, key: str) -> None:
        super().__init__(key)
        self.key = key
