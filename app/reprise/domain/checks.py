"""The words of the function checks of a PC, and what came of one (see check_catalogue).

The French decree 2022-190 asks that all functions of a refurbished device be tested. A check that
was skipped, or whose result is not known, is never taken for a pass.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from math import isfinite


class CheckId(StrEnum):
    """In the order in which they are shown."""

    MEMORY = "memory"
    PROCESSOR = "processor"
    BATTERY = "battery"
    CLOCK = "clock"
    ETHERNET = "ethernet"
    WIFI = "wifi"
    CAMERA = "camera"
    KEYBOARD = "keyboard"
    SCREEN = "screen"
    POINTER = "pointer"
    USB = "usb"
    SOUND = "sound"
    MICROPHONE = "microphone"


class CheckKind(StrEnum):
    AUTOMATIC = "automatic"  # needs nobody
    GUIDED = "guided"  # needs a person's hands, eyes or ears


class CheckStatus(StrEnum):
    PASSED = "passed"
    FAILED = "failed"
    SKIPPED = "skipped"
    NOT_APPLICABLE = "not-applicable"
    UNKNOWN = "unknown"


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


@dataclass(frozen=True, slots=True)
class Measure:
    """One measured value with its unit. Raises ValueError where it is no number."""

    name: MeasureName
    value: int | float
    unit: Unit

    def __post_init__(self) -> None:
        if not isfinite(self.value):
            raise ValueError(f"{self.name}: {self.value}")


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckResult:
    """What came of one check. `detail` is data: names of ports or keys, a tool's own words.

    Raises ValueError where a result that is no pass has no reason, or a pass has one.
    """

    check: CheckId
    status: CheckStatus
    reason: CheckReason | None = None
    detail: str = ""
    measures: tuple[Measure, ...] = ()
    limits: tuple[CheckLimit, ...] = ()

    def __post_init__(self) -> None:
        if (self.status is CheckStatus.PASSED) != (self.reason is None):
            raise ValueError(f"{self.check}: {self.status} and the reason {self.reason}")

    def measured(self, name: MeasureName) -> int | float | None:
        return next((one.value for one in self.measures if one.name is name), None)


class CheckAsk(StrEnum):
    """What a guided check asks of the person while it runs."""

    LISTEN_LEFT = "listen-left"
    LISTEN_RIGHT = "listen-right"
    BE_SILENT = "be-silent"
    SPEAK = "speak"


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckProgress:
    """For the screen only. `part` of 0 to 1, None where the end depends on a person; `seen` names
    what was seen so far (keys, ports, buttons); `ask`: what the person must do now."""

    check: CheckId
    part: float | None = None
    ask: CheckAsk | None = None
    seen: tuple[str, ...] = ()
    wanted: tuple[str, ...] = ()
    measures: tuple[Measure, ...] = ()


def skipped(check: CheckId, reason: CheckReason, words: str = "") -> CheckResult:
    """Raises ValueError where `reason` is not one to skip a check for, or is to be in words and
    there are none."""
    if reason not in SKIP_REASONS or (reason is CheckReason.IN_WORDS) != bool(words):
        raise ValueError(f"no reason to skip a check: {reason} {words!r}")
    return CheckResult(check=check, status=CheckStatus.SKIPPED, reason=reason, detail=words)


def failed_by_word(result: CheckResult) -> CheckResult:
    """The technician saw that the part does not work."""
    return replace(result, status=CheckStatus.FAILED, reason=CheckReason.SEEN_BROKEN)
