"""What a hand on a mouse, a touchpad or a touch screen did, in cells of the screen."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class PointerAction(StrEnum):
    MOVE = "move"
    DOWN = "down"
    UP = "up"
    WHEEL_UP = "wheel-up"
    WHEEL_DOWN = "wheel-down"
    WAKE = "wake"  # a button was pressed while no pointer was seen: it meant no place


class Button(StrEnum):
    LEFT = "left"
    MIDDLE = "middle"
    RIGHT = "right"


@dataclass(frozen=True, slots=True)
class Pointed:
    """`column` and `row` count from 0; `button` is None where none is meant."""

    act: PointerAction
    column: int
    row: int
    button: Button | None = None
