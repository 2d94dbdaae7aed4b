"""The keys of a keyboard: where they lie, which must be there, and which were seen.

Rows of the ISO keyboard with 105 keys (ISO/IEC 9995), by the kernel's names of keys, which mean
places and not letters: KEY_Q is where a French keyboard has its A.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from reprise.domain.checks.catalogue import CheckId, CheckLimit, CheckReason, MeasureName, Unit
from reprise.domain.checks.results import CheckResult, Measure, made

_UNIT = 1.0


@dataclass(frozen=True, slots=True)
class Key:
    """`name` "" is a gap. `width` in units of a letter key."""

    name: str
    width: float = _UNIT


def _row(text: str) -> tuple[Key, ...]:
    """ "ESC _:1 F1 TAB:1.5": names, widths where they are not 1, "_" for gaps."""
    keys = []
    for word in text.split():
        name, _colon, width = word.partition(":")
        keys.append(Key("" if name == "_" else f"KEY_{name}", float(width or _UNIT)))
    return tuple(keys)


_MAIN = (
    "ESC _:1 F1 F2 F3 F4 _:0.5 F5 F6 F7 F8 _:0.5 F9 F10 F11 F12",
    "GRAVE 1 2 3 4 5 6 7 8 9 0 MINUS EQUAL BACKSPACE:2",
    "TAB:1.5 Q W E R T Y U I O P LEFTBRACE RIGHTBRACE ENTER:1.5",
    "CAPSLOCK:1.75 A S D F G H J K L SEMICOLON APOSTROPHE BACKSLASH _:1.25",
    "LEFTSHIFT:1.25 102ND Z X C V B N M COMMA DOT SLASH RIGHTSHIFT:2.75",
    "LEFTCTRL:1.25 LEFTMETA:1.25 LEFTALT:1.25 SPACE:6.25 RIGHTALT:1.25 RIGHTMETA:1.25"
    " COMPOSE:1.25 RIGHTCTRL:1.25",
)
_MIDDLE = (
    "SYSRQ SCROLLLOCK PAUSE",
    "INSERT HOME PAGEUP",
    "DELETE END PAGEDOWN",
    "_:3",
    "_ UP _",
    "LEFT DOWN RIGHT",
)
_PAD = (
    "_:4",
    "NUMLOCK KPSLASH KPASTERISK KPMINUS",
    "KP7 KP8 KP9 KPPLUS",
    "KP4 KP5 KP6 _",
    "KP1 KP2 KP3 KPENTER",
    "KP0:2 KPDOT _",
)
_GAP = "_:0.25"

Rows = tuple[tuple[Key, ...], ...]
COMPACT: Rows = tuple(_row(f"{a} {_GAP} {b}") for a, b in zip(_MAIN, _MIDDLE, strict=True))
FULL: Rows = tuple((*row, *_row(f"{_GAP} {pad}")) for row, pad in zip(COMPACT, _PAD, strict=True))
_PAD_KEYS = frozenset(key.name for row in _PAD for key in _row(row) if key.name)

# What no keyboard of a PC lacks. Any other key may be said not to exist: small laptops have no
# Pause, an American keyboard has no 102nd key.
NEVER_ABSENT = frozenset(
    f"KEY_{name}"
    for name in (
        *"1234567890QWERTYUIOPASDFGHJKLZXCVBNM",
        *("ESC", "TAB", "LEFTSHIFT", "LEFTCTRL", "LEFTALT", "SPACE", "ENTER", "BACKSPACE"),
        *("COMMA", "DOT", "SLASH", "SEMICOLON", "APOSTROPHE", "UP", "DOWN", "LEFT", "RIGHT"),
    )
)


def rows_for(seen: Iterable[str]) -> Rows:
    """With a numeric pad once one of its keys was seen: laptops with and without one are alike
    otherwise."""
    return FULL if _PAD_KEYS.intersection(seen) else COMPACT


def names_of(rows: Rows) -> frozenset[str]:
    return frozenset(key.name for row in rows for key in row if key.name)


def missing(seen: Iterable[str]) -> tuple[str, ...]:
    """Keys of the drawn keyboard that were not seen, in their places' order."""
    pressed = frozenset(seen)
    return tuple(
        key.name for row in rows_for(pressed) for key in row if key.name and key.name not in pressed
    )


def judge_keyboard(
    seen: frozenset[str], wanted: frozenset[str], said_absent: frozenset[str]
) -> CheckResult:
    """Kernel names of keys (KEY_A …). `said_absent`: not on this keyboard, says the technician."""
    dead = sorted(wanted - seen - said_absent)
    measures = (
        Measure(MeasureName.KEYS_SEEN, len(wanted & seen), Unit.COUNT),
        Measure(MeasureName.KEYS, len(wanted - said_absent), Unit.COUNT),
    )
    limits = (CheckLimit.KEYS_SAID_ABSENT,) if said_absent else ()
    detail = ", ".join(dead or sorted(said_absent))
    reason = CheckReason.KEYS_DEAD if dead else None
    return made(CheckId.KEYBOARD, reason, measures, limits, detail)
