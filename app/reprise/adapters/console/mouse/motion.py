"""From the raw events of one device to motion over cells and buttons.

<linux/input-event-codes.h>; Documentation/input/multi-touch-protocol.rst for the emulation of one
pointer that every touch device gives beside its fingers.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from reprise.domain.station.pointing import Button, Pointed, PointerAction
from reprise.tools.evdev import EV_ABS, EV_KEY, EV_REL, InputEvent, InputFacts

EV_SYN, SYN_REPORT, SYN_DROPPED = 0, 0, 3
REL_X, REL_Y, REL_WHEEL = 0, 1, 8
ABS_X, ABS_Y = 0, 1
BTN_LEFT, BTN_RIGHT, BTN_MIDDLE = 0x110, 0x111, 0x112
BTN_TOUCH, BTN_TOOL_FINGER, BTN_TOOL_DOUBLETAP, BTN_TOOL_TRIPLETAP = 0x14A, 0x145, 0x14D, 0x14E
_PROP_DIRECT = 1  # the finger is on what it means: a touch screen

_BUTTONS: Mapping[int, Button] = {
    BTN_LEFT: Button.LEFT,
    BTN_MIDDLE: Button.MIDDLE,
    BTN_RIGHT: Button.RIGHT,
}
_FINGERS: Mapping[int, int] = {BTN_TOOL_FINGER: 1, BTN_TOOL_DOUBLETAP: 2, BTN_TOOL_TRIPLETAP: 3}

# A count of a mouse is about a pixel, and a cell of the console has 8 by 16 of them.
_COUNTS_X, _COUNTS_Y = 8.0, 16.0
_PAD_PIXELS_X, _PAD_PIXELS_Y = 1000.0, 600.0  # a finger across the whole pad
_WHEEL_MOST = 5  # rows of a wheel that was spun
_SCROLL_PART = 0.06  # of the pad's height, for a row
_TAP_S, _TAP_PART = 0.2, 0.03  # longer, or farther, is no tap


@dataclass(frozen=True, slots=True)
class Range:
    """Of one absolute axis, both ends included; `now`: its value when the device was opened."""

    low: int
    high: int
    now: int

    def part(self, value: int) -> float:
        """0 at the low end, 1 at the high one."""
        span = max(self.high - self.low, 1)
        return min(max((value - self.low) / span, 0.0), 1.0)


class Pointer:
    """The one place that all devices move, kept on a screen of `columns` by `rows`."""

    def __init__(self, columns: int, rows: int) -> None:
        self._columns, self._rows = columns, rows
        self._x, self._y = columns / 2, rows / 2

    @property
    def cell(self) -> tuple[int, int]:
        return int(self._x), int(self._y)

    def resize(self, columns: int, rows: int) -> None:
        self._columns, self._rows = columns, rows
        self.move(0, 0)

    def move(self, pixels_x: float, pixels_y: float) -> None:
        self._to(self._x + pixels_x / _COUNTS_X, self._y + pixels_y / _COUNTS_Y)

    def put(self, part_x: float, part_y: float) -> None:
        self._to(part_x * self._columns, part_y * self._rows)

    def _to(self, x: float, y: float) -> None:
        self._x = min(max(x, 0.0), self._columns - 0.01)
        self._y = min(max(y, 0.0), self._rows - 0.01)


@dataclass
class PointingDevice(ABC):
    """One device. The kernel sends what belongs together as one packet, ended by SYN_REPORT."""

    pointer: Pointer
    down: set[Button] = field(default_factory=set)
    now_s: float = 0.0
    _changes: list[tuple[Button, bool]] = field(default_factory=list)
    _wheel: int = 0
    _lost: bool = False  # the kernel dropped events: nothing counts until the next packet

    def take(self, events: Iterator[InputEvent], now_s: float) -> Iterator[Pointed]:
        """What they mean; `now_s` is a monotonic time."""
        self.now_s = now_s
        for event in events:
            if event.kind == EV_SYN:
                yield from self._sync(event.code)
            elif not self._lost:
                self._note(event)

    def release(self) -> Iterator[Pointed]:
        """For a device that is gone, or events that were lost: nothing stays pressed."""
        for button in sorted(self.down):
            yield self._pointed(PointerAction.UP, button)
        self.down.clear()
        self._changes.clear()
        self._wheel = 0

    def _sync(self, code: int) -> Iterator[Pointed]:
        if code == SYN_DROPPED:
            self._lost = True
            yield from self.release()
        elif self._lost:
            self._lost = False
            self.forget()
        else:
            yield from self._packet()

    def _packet(self) -> Iterator[Pointed]:
        before = self.pointer.cell
        self.apply()
        if self.pointer.cell != before:
            yield self._pointed(PointerAction.MOVE)
        for button, pressed in self._changes:
            if pressed != (button in self.down):
                (self.down.add if pressed else self.down.discard)(button)
                yield self._pointed(PointerAction.DOWN if pressed else PointerAction.UP, button)
        act = PointerAction.WHEEL_UP if self._wheel > 0 else PointerAction.WHEEL_DOWN
        for _row in range(min(abs(self._wheel), _WHEEL_MOST)):
            yield self._pointed(act)
        self._changes.clear()
        self._wheel = 0

    def _pointed(self, act: PointerAction, button: Button | None = None) -> Pointed:
        return Pointed(act, *self.pointer.cell, button)

    def _note(self, event: InputEvent) -> None:
        if event.kind == EV_KEY and event.code in _BUTTONS:
            self._changes.append((_BUTTONS[event.code], bool(event.value)))
        elif event.kind == EV_REL and event.code == REL_WHEEL:
            self._wheel += event.value
        else:
            self.note(event)

    @abstractmethod
    def note(self, event: InputEvent) -> None:
        """Keep what only this kind of device knows."""

    @abstractmethod
    def apply(self) -> None:
        """Move the pointer by what was noted in this packet."""

    @abstractmethod
    def forget(self) -> None:
        """What was noted is not to be believed any more."""


@dataclass
class RelativeDevice(PointingDevice):
    """Counts of motion: a mouse, a track ball, a stick in the keyboard."""

    _x: int = 0
    _y: int = 0

    def note(self, event: InputEvent) -> None:
        if event.kind == EV_REL and event.code == REL_X:
            self._x += event.value
        elif event.kind == EV_REL and event.code == REL_Y:
            self._y += event.value

    def apply(self) -> None:
        self.pointer.move(self._x, self._y)
        self.forget()

    def forget(self) -> None:
        self._x = self._y = 0


@dataclass(kw_only=True)
class AbsoluteDevice(PointingDevice):
    """Places: the tablet of a virtual PC, a touch screen, a pen."""

    ranges: tuple[Range, Range]
    _moved: bool = False  # in this packet: another device may have moved the pointer since

    def __post_init__(self) -> None:
        self._at = [axis.now for axis in self.ranges]  # an axis is told where it changes only

    def note(self, event: InputEvent) -> None:
        if event.kind == EV_ABS and event.code in (ABS_X, ABS_Y):
            self._at[event.code] = event.value
            self._moved = True
        elif event.kind == EV_KEY and event.code == BTN_TOUCH:
            self._changes.append((Button.LEFT, bool(event.value)))
            self._moved = True

    def apply(self) -> None:
        if self._moved:
            parts = [axis.part(value) for axis, value in zip(self.ranges, self._at, strict=True)]
            self.pointer.put(parts[0], parts[1])
        self._moved = False

    def forget(self) -> None:
        self._moved = False


@dataclass(kw_only=True)
class Touchpad(PointingDevice):
    """A touchpad: motion is how a finger's place changes, a tap is a click, two fingers scroll."""

    ranges: tuple[Range, Range]
    _from: tuple[float, float] | None = None  # where motion is counted from
    _fingers: int = 0
    _most: int = 0  # fingers since the touch began
    _touch: bool | None = None  # what this packet says of it
    _began_s: float = 0.0
    _way: float = 0.0
    _scrolled: float = 0.0

    def __post_init__(self) -> None:
        self._at = [axis.part(axis.now) for axis in self.ranges]

    def note(self, event: InputEvent) -> None:
        if event.kind == EV_ABS and event.code in (ABS_X, ABS_Y):
            self._at[event.code] = self.ranges[event.code].part(event.value)
        elif event.kind == EV_KEY and event.code == BTN_TOUCH:
            self._touch = bool(event.value)
        elif event.kind == EV_KEY and event.code in _FINGERS:
            self._count(_FINGERS[event.code], bool(event.value))

    def _count(self, fingers: int, there: bool) -> None:
        """Another finger is another place: nothing moved."""
        if there:
            self._fingers = fingers
            self._most = max(self._most, fingers)
        elif self._fingers == fingers:
            self._fingers = 0
        self._from = None

    def apply(self) -> None:
        if self._touch is True:
            self._began_s, self._way, self._most = self.now_s, 0.0, self._fingers
            self._from = None
        elif self._touch is False:
            self._lift()
        self._touch = None
        if not self._fingers:
            return
        x, y = self._at
        if self._from is not None:
            self._moved(x - self._from[0], y - self._from[1])
        self._from = (x, y)

    def _moved(self, part_x: float, part_y: float) -> None:
        self._way += abs(part_x) + abs(part_y)
        if self._fingers == 1:
            self.pointer.move(part_x * _PAD_PIXELS_X, part_y * _PAD_PIXELS_Y)
            return
        self._scrolled += part_y
        rows = int(self._scrolled / _SCROLL_PART)
        self._scrolled -= rows * _SCROLL_PART
        self._wheel -= rows

    def _lift(self) -> None:
        self._from, self._scrolled = None, 0.0
        short = self.now_s - self._began_s <= _TAP_S and self._way <= _TAP_PART
        if short and self._most == 1 and not self.down and not self._changes:
            self._changes += [(Button.LEFT, True), (Button.LEFT, False)]

    def forget(self) -> None:
        self._from, self._fingers, self._touch = None, 0, None
        self._most = 2  # whatever ends now was no tap


def is_pointing(facts: InputFacts) -> bool:
    """Whether it points at all. A game pad or a motion sensor has axes, but no such button."""
    buttons = bool(facts.keys & {BTN_LEFT, BTN_TOUCH})
    axes = {REL_X, REL_Y} <= facts.relative or {ABS_X, ABS_Y} <= facts.absolute
    return buttons and axes


def hand_for(facts: InputFacts, pointer: Pointer, ranges: tuple[Range, Range]) -> PointingDevice:
    """`ranges`: of the absolute axes, where it has them."""
    if not {ABS_X, ABS_Y} <= facts.absolute:
        return RelativeDevice(pointer)
    if facts.is_touchpad and _PROP_DIRECT not in facts.properties:
        return Touchpad(pointer, ranges=ranges)
    return AbsoluteDevice(pointer, ranges=ranges)
