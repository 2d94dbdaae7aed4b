"""The catalogue of function checks: one row a check, and the closed sets of what they may ask for,
measure and come to.

Of a check named X, `domain/checks/X.py` judges, `adapters/checks/X.py` reads, and
`wording/check_tables.py` has the words. The values of these enums are in reports and journals.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Self

from reprise.domain.checks.own_parts import (
    any_pc,
    has_battery,
    has_ethernet,
    has_own_screen,
    has_wifi,
    is_portable,
    no_pc,
)
from reprise.domain.pc.hardware import Inventory


class CheckReason(StrEnum):
    """Why a check has any other end than a pass."""

    NOT_DONE = "not-done"  # nobody made it
    # skipped: the technician's choice
    NO_TIME = "no-time"
    FOR_PARTS = "for-parts"
    NO_EQUIPMENT = "no-equipment"
    ELSEWHERE = "checked-elsewhere"
    IN_WORDS = "in-words"  # the technician's own, in `detail`
    # no such part on this PC
    NOT_FITTED = "not-fitted"
    NONE_FOUND = "none-found"
    # failed, as measured
    WRONG_BITS = "wrong-bits"
    MEMORY_EVENTS = "memory-events"  # EDAC or machine checks counted meanwhile
    WRONG_SUMS = "wrong-sums"
    TOO_HOT = "too-hot"
    SLOWED_BY_HEAT = "slowed-by-heat"
    WORN_OUT = "worn-out"
    NOT_GIVING = "not-giving-power"
    CLOCK_LOST = "clock-lost"
    CLOCK_FLAG = "clock-battery-flag"
    CLOCK_WRONG = "clock-wrong"
    BLANK_PICTURE = "blank-picture"
    SILENT = "nothing-louder-than-silence"
    # failed, by the word of the technician
    SEEN_BROKEN = "seen-broken"
    KEYS_DEAD = "keys-dead"
    # unknown
    TOO_LITTLE_MEMORY = "too-little-free-memory"
    NO_SENSOR = "no-temperature-sensor"
    NO_CAPACITY = "no-capacity-reported"
    ON_MAINS = "on-mains"
    NO_CABLE = "no-cable"
    SOME_PORTS = "some-ports-only"
    NO_NETWORK_AROUND = "no-network-around"
    SWITCHED_OFF = "switched-off"
    TOOL_ABSENT = "check-tool-missing"
    TOOL_FAILED = "check-tool-failed"
    NOT_READABLE = "not-readable"
    FORMAT_UNKNOWN = "picture-format-unknown"
    NOT_ALL_SEEN = "not-all-seen"
    NO_WORD = "no-word"  # only a person can tell, and none did


SKIP_REASONS = (
    CheckReason.NO_TIME,
    CheckReason.FOR_PARTS,
    CheckReason.NO_EQUIPMENT,
    CheckReason.ELSEWHERE,
    CheckReason.IN_WORDS,
)

SAID_REASONS = (CheckReason.SEEN_BROKEN, CheckReason.KEYS_DEAD)  # of a failure, by a person


class CheckLimit(StrEnum):
    """What a check did not prove, however it ended."""

    MEMORY_SHARE = "memory-share"  # only the free part of the memory was tested
    NO_ERROR_COUNTER = "no-error-counter"  # no EDAC: corrected errors are invisible
    NO_THROTTLE_COUNTER = "no-throttle-counter"
    SHORT_LOAD = "short-load"
    SHORT_DISCHARGE = "short-discharge"
    CLOCK_ON_MAINS = "clock-on-mains"  # mains power alone may have kept the clock
    CLOCK_NO_FLAG = "clock-no-flag"
    NOTHING_SENT = "nothing-sent"  # a link or a scan, no data went over it
    KEYS_SAID_ABSENT = "keys-said-absent"  # not on this keyboard, by the technician's word
    KEYS_TYPED = "keys-typed"  # by what they type: modifiers are not seen
    BY_EYE = "by-eye"
    BY_EAR = "by-ear"
    PORTS_NOT_COUNTED = "ports-not-counted"  # the firmware does not say how many there are
    ONE_PICTURE = "one-picture"


class CheckKind(StrEnum):
    AUTOMATIC = "automatic"  # needs nobody
    GUIDED = "guided"  # needs a person's hands, eyes or ears


@dataclass(frozen=True, slots=True)
class CheckSpec:
    """`expected`: whether a PC must have the part; `found`: whether one that need not have it may
    have it all the same (`any_pc`: only the check itself can tell). `essential`: see grading.
    `lasting`: a later pass does not undo a failure that was measured, as such faults come and go.
    `disturbs`: takes processor and memory from an erasure, so the two never run at once.
    `by_word`: what a person judges it by."""

    kind: CheckKind
    expected: Callable[[Inventory], bool]
    found: Callable[[Inventory], bool] = no_pc
    essential: bool = False
    lasting: bool = False
    disturbs: bool = False
    by_word: CheckLimit = CheckLimit.BY_EYE

    def applies(self, inventory: Inventory) -> bool:
        """Whether the check is to be made on this PC."""
        return self.expected(inventory) or self.found(inventory)


_AUTOMATIC, _GUIDED = CheckKind.AUTOMATIC, CheckKind.GUIDED
_VITAL = CheckSpec(_AUTOMATIC, any_pc, essential=True, lasting=True, disturbs=True)


class CheckId(StrEnum):
    """In the order in which they are shown."""

    spec: CheckSpec

    def __new__(cls, value: str, spec: CheckSpec) -> Self:
        check = str.__new__(cls, value)
        check._value_, check.spec = value, spec
        return check

    MEMORY = "memory", _VITAL
    PROCESSOR = "processor", _VITAL
    BATTERY = "battery", CheckSpec(_AUTOMATIC, is_portable, has_battery)
    CLOCK = "clock", CheckSpec(_AUTOMATIC, any_pc)
    ETHERNET = "ethernet", CheckSpec(_AUTOMATIC, no_pc, has_ethernet)
    WIFI = "wifi", CheckSpec(_AUTOMATIC, is_portable, has_wifi)
    CAMERA = "camera", CheckSpec(_AUTOMATIC, no_pc, any_pc)
    KEYBOARD = "keyboard", CheckSpec(_GUIDED, is_portable, essential=True)
    SCREEN = "screen", CheckSpec(_GUIDED, has_own_screen, essential=True)
    POINTER = "pointer", CheckSpec(_GUIDED, is_portable, essential=True)
    USB = "usb", CheckSpec(_GUIDED, any_pc)
    SOUND = "sound", CheckSpec(_GUIDED, is_portable, any_pc, by_word=CheckLimit.BY_EAR)
    MICROPHONE = "microphone", CheckSpec(_GUIDED, no_pc, any_pc)


class MeasureName(StrEnum):
    TESTED = "tested"
    TOTAL = "total"
    ERRORS = "errors"
    DURATION = "duration"
    CORES = "cores"
    IDLE_TEMPERATURE = "idle-temperature"
    PEAK_TEMPERATURE = "peak-temperature"
    TEMPERATURE_LIMIT = "temperature-limit"
    SLOWDOWNS = "slowdowns"
    HEALTH = "health"
    CHARGE_CYCLES = "charge-cycles"
    ENERGY_DROP = "energy-drop"
    POWER = "power"
    CLOCK_ERROR = "clock-error"
    PORTS_SEEN = "ports-seen"
    PORTS = "ports"
    LINK_SPEED = "link-speed"
    NETWORKS = "networks"
    BEST_SIGNAL = "best-signal"
    KEYS_SEEN = "keys-seen"
    KEYS = "keys"
    MOVES = "moves"
    BUTTONS_SEEN = "buttons-seen"
    BUTTONS = "buttons"
    SILENCE_LEVEL = "silence-level"
    SOUND_LEVEL = "sound-level"
    BRIGHTNESS = "brightness"
    CONTRAST = "contrast"


class Unit(StrEnum):
    COUNT = "count"
    BYTES = "bytes"
    SECONDS = "seconds"
    CELSIUS = "celsius"
    PERCENT = "percent"
    WATT_HOURS = "watt-hours"
    WATTS = "watts"
    MEGABITS_S = "megabits-per-second"
    DECIBELS = "decibels"  # below the largest value that the device can tell
    LEVEL = "level"  # 0 to 255


class CheckAsk(StrEnum):
    """What a guided check asks of the person while it runs."""

    LISTEN_LEFT = "listen-left"
    LISTEN_RIGHT = "listen-right"
    BE_SILENT = "be-silent"
    SPEAK = "speak"
