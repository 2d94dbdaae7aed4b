"""The kernel's input devices: what sysfs tells of them, and the events read from them.

<linux/input.h> and <linux/input-event-codes.h>; Documentation/input of the kernel.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

EVENT = struct.Struct("=qqHHi")  # struct input_event on 64 bits: seconds, µs, type, code, value
EV_KEY, EV_REL, EV_ABS = 1, 2, 3
RELEASED, PRESSED = 0, 1
EVIOCGRAB = 0x40044590  # _IOW('E', 0x90, int)
KEY_BYTES = 96  # KEY_CNT bits
EVIOCGKEY = 0x80604518  # _IOR('E', 0x18, char[KEY_BYTES]): the keys that are down now

_REL_X, _ABS_X, _ABS_MT_X = 0, 0, 0x35
_BTN_LEFT, _BTN_RIGHT, _BTN_TOOL_FINGER = 0x110, 0x111, 0x145
_PROP_BUTTONPAD = 2  # the pad itself is the one button
_BUS_USB, _BUS_BLUETOOTH = 3, 5
_LETTERS = range(16, 26)  # the row Q to P: a power button or a hotkey device has none
_SPACE = 57
_WORD_BITS = 64
_MOTION_CODES = frozenset((0, 1, 0x35, 0x36))  # X and Y, of REL, ABS and ABS_MT alike

BUTTONS: Mapping[int, str] = {_BTN_LEFT: "BTN_LEFT", _BTN_RIGHT: "BTN_RIGHT"}

# The keys of a PC keyboard with 105 keys, by their kernel names, in the order of their codes.
_FROM_1 = (
    "ESC 1 2 3 4 5 6 7 8 9 0 MINUS EQUAL BACKSPACE TAB Q W E R T Y U I O P LEFTBRACE RIGHTBRACE"
    " ENTER LEFTCTRL A S D F G H J K L SEMICOLON APOSTROPHE GRAVE LEFTSHIFT BACKSLASH Z X C V B N"
    " M COMMA DOT SLASH RIGHTSHIFT KPASTERISK LEFTALT SPACE CAPSLOCK F1 F2 F3 F4 F5 F6 F7 F8 F9"
    " F10 NUMLOCK SCROLLLOCK KP7 KP8 KP9 KPMINUS KP4 KP5 KP6 KPPLUS KP1 KP2 KP3 KP0 KPDOT"
)
_FROM_96 = (
    "KPENTER RIGHTCTRL KPSLASH SYSRQ RIGHTALT LINEFEED HOME UP PAGEUP LEFT RIGHT END DOWN"
    " PAGEDOWN INSERT DELETE"
)
KEYS: Mapping[int, str] = {
    **{code: f"KEY_{name}" for code, name in enumerate(_FROM_1.split(), 1)},
    **{code: f"KEY_{name}" for code, name in enumerate(_FROM_96.split(), 96)},
    **{86: "KEY_102ND", 87: "KEY_F11", 88: "KEY_F12", 119: "KEY_PAUSE"},
    **{125: "KEY_LEFTMETA", 126: "KEY_RIGHTMETA", 127: "KEY_COMPOSE"},
}


@dataclass(frozen=True, slots=True)
class InputFacts:
    """One event device by its sysfs folder. Sets of codes; `bus`: BUS_ number."""

    name: str
    bus: int
    keys: frozenset[int]
    relative: frozenset[int]
    absolute: frozenset[int]
    properties: frozenset[int]

    @property
    def is_keyboard(self) -> bool:
        return _SPACE in self.keys and self.keys.issuperset(_LETTERS)

    @property
    def is_touchpad(self) -> bool:
        return _BTN_TOOL_FINGER in self.keys and bool(self.absolute & {_ABS_X, _ABS_MT_X})

    @property
    def is_own_pointer(self) -> bool:
        """A touchpad, or a stick in the keyboard: not a mouse that was plugged in."""
        mouse = _BTN_LEFT in self.keys and _REL_X in self.relative
        return self.is_touchpad or (mouse and self.bus not in (_BUS_USB, _BUS_BLUETOOTH))

    @property
    def buttons(self) -> frozenset[str]:
        """Those that a finger can press: a pad without separate buttons has only one."""
        names = {name for code, name in BUTTONS.items() if code in self.keys}
        if _PROP_BUTTONPAD in self.properties:
            names.discard("BTN_RIGHT")
        return frozenset(names)


@dataclass(frozen=True, slots=True)
class InputEvent:
    kind: int
    code: int
    value: int

    @property
    def is_motion(self) -> bool:
        return self.kind in (EV_REL, EV_ABS) and self.code in _MOTION_CODES


def parse_bits(text: str) -> frozenset[int]:
    """A bitmap as sysfs prints it: hexadecimal words of 64 bits, the highest first, no leading
    zeros but in the first word. Empty where it is no such text."""
    words = text.split()
    try:
        numbers = [int(word, 16) for word in words]
    except ValueError:
        return frozenset()
    return frozenset(
        place * _WORD_BITS + bit
        for place, number in enumerate(reversed(numbers))
        for bit in range(_WORD_BITS)
        if number >> bit & 1
    )


def parse_events(data: bytes) -> Iterator[InputEvent]:
    """Whole events of what was read; a torn last one is left out."""
    whole = len(data) - len(data) % EVENT.size
    for _seconds, _micros, kind, code, value in EVENT.iter_unpack(data[:whole]):
        yield InputEvent(kind, code, value)
