"""What a look at the server found."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


class Mark(Enum):
    GOOD = "✓"
    DOUBT = "!"  # it works, and should be looked at
    BAD = "✗"


@dataclass(frozen=True, slots=True)
class Finding:
    """`what`: a sentence without its full stop. `advice`: what to do, "" where there is nothing."""

    mark: Mark
    what: str
    advice: str = ""


def good(what: str) -> Finding:
    return Finding(Mark.GOOD, what)


def doubt(what: str, advice: str) -> Finding:
    return Finding(Mark.DOUBT, what, advice)


def bad(what: str, advice: str) -> Finding:
    return Finding(Mark.BAD, what, advice)
