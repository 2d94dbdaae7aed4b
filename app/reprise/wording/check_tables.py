"""The msgid of every member of the enums of the function checks, and what each check asks for."""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum

from reprise.domain.checks.catalogue import (
    CheckAsk,
    CheckId,
    CheckKind,
    CheckLimit,
    CheckReason,
    MeasureName,
    Unit,
)
from reprise.domain.checks.grading import Condition, Grade
from reprise.domain.checks.results import CheckStatus
from reprise.i18n import N_

CHECKS: Mapping[CheckId, str] = {
    CheckId.MEMORY: N_("Memory"),
    CheckId.PROCESSOR: N_("Processor"),
    CheckId.BATTERY: N_("Battery"),
    CheckId.CLOCK: N_("Clock battery"),
    CheckId.ETHERNET: N_("Ethernet"),
    CheckId.WIFI: N_("Wi-Fi"),
    CheckId.CAMERA: N_("Camera"),
    CheckId.KEYBOARD: N_("Keyboard"),
    CheckId.SCREEN: N_("Screen"),
    CheckId.POINTER: N_("Touchpad"),
    CheckId.USB: N_("USB ports"),
    CheckId.SOUND: N_("Sound"),
    CheckId.MICROPHONE: N_("Microphone"),
}

# What passes. The numbers are those of domain/checks/<check>.py.
CRITERIA: Mapping[CheckId, str] = {
    CheckId.MEMORY: N_(
        "A part of the free memory is filled with a pattern, then with its opposite, and read"
        " back: every byte must come back, and no memory error may be counted meanwhile."
    ),
    CheckId.PROCESSOR: N_(
        "All cores compute at once: every result must be right, the temperature must stay below"
        " its limit, and the processor must not slow itself down because of heat."
    ),
    CheckId.BATTERY: N_(
        "The battery must still hold 50 per cent of its capacity when new, and give power to the PC"
        " while the mains is unplugged."
    ),
    CheckId.CLOCK: N_(
        "The clock must have kept the date while the PC was off, and its chip must not say that"
        " its battery is empty."
    ),
    CheckId.ETHERNET: N_("Each Ethernet port must see a link when a cable is plugged in."),
    CheckId.WIFI: N_("A scan must find at least one network."),
    CheckId.CAMERA: N_("One picture is taken: it must not be black or of one even colour."),
    CheckId.KEYBOARD: N_("Every key must be detected at least once when pressed."),
    CheckId.SCREEN: N_(
        "The whole screen turns black, white, red, green, blue and grey: no pixel may stay dark"
        " or lit, and no stain or line may show."
    ),
    CheckId.POINTER: N_("Movement and every button must be detected."),
    CheckId.USB: N_(
        "A stick or a mouse is plugged into each port in turn: the PC must detect it every time."
    ),
    CheckId.SOUND: N_("A tone is played on the left, then on the right: both must be heard."),
    CheckId.MICROPHONE: N_(
        "What is recorded while someone speaks must be clearly louder than the silence before."
    ),
}

KINDS: Mapping[CheckKind, str] = {
    CheckKind.AUTOMATIC: N_("automatic"),
    CheckKind.GUIDED: N_("with a person"),
}

STATUSES: Mapping[CheckStatus, str] = {
    CheckStatus.PASSED: N_("passed"),
    CheckStatus.FAILED: N_("FAILED"),
    CheckStatus.SKIPPED: N_("skipped"),
    CheckStatus.NOT_APPLICABLE: N_("none on this PC"),
    CheckStatus.UNKNOWN: N_("not checked"),
}

CHECK_REASONS: Mapping[CheckReason, str] = {
    CheckReason.NOT_DONE: N_("nobody made this check"),
    CheckReason.NO_TIME: N_("no time"),
    CheckReason.FOR_PARTS: N_("the PC is going for parts or recycling"),
    CheckReason.NO_EQUIPMENT: N_("the equipment needed is missing"),
    CheckReason.ELSEWHERE: N_("checked elsewhere"),
    CheckReason.IN_WORDS: N_("as the technician says"),
    CheckReason.NOT_FITTED: N_("this PC has no such part of its own"),
    CheckReason.NONE_FOUND: N_("no such part was found"),
    CheckReason.WRONG_BITS: N_("bytes did not come back as they were written"),
    CheckReason.MEMORY_EVENTS: N_("the PC counted memory errors meanwhile"),
    CheckReason.WRONG_SUMS: N_("the processor computed wrongly"),
    CheckReason.TOO_HOT: N_("too hot under load: clean the fan, renew the thermal paste"),
    CheckReason.SLOWED_BY_HEAT: N_("slowed down by heat: clean the fan, renew the thermal paste"),
    CheckReason.WORN_OUT: N_("worn out"),
    CheckReason.NOT_GIVING: N_("no energy was seen to leave it"),
    CheckReason.CLOCK_LOST: N_("the date was lost: replace the clock battery"),
    CheckReason.CLOCK_FLAG: N_("the clock says that its battery is empty: replace it"),
    CheckReason.CLOCK_WRONG: N_("the clock is more than a day wrong"),
    CheckReason.BLANK_PICTURE: N_("the picture is empty: is the camera covered?"),
    CheckReason.SILENT: N_("nothing was clearly louder than the silence"),
    CheckReason.SEEN_BROKEN: N_("does not work, says the technician"),
    CheckReason.KEYS_DEAD: N_("keys do not work"),
    CheckReason.TOO_LITTLE_MEMORY: N_("too little memory is free for it"),
    CheckReason.NO_SENSOR: N_("computed rightly, but no temperature sensor could be read"),
    CheckReason.NO_CAPACITY: N_("the battery does not say its capacity"),
    CheckReason.ON_MAINS: N_("on mains: unplug it for half a minute, and check again"),
    CheckReason.NO_CABLE: N_("no cable, or no link: plug one in and check again"),
    CheckReason.SOME_PORTS: N_("some ports had no cable: plug one in and check again"),
    CheckReason.NO_NETWORK_AROUND: N_("no network was found: there may be none around"),
    CheckReason.SWITCHED_OFF: N_("Wi-Fi is switched off: look for a switch or a key"),
    CheckReason.TOOL_ABSENT: N_("the program that this check needs is missing"),
    CheckReason.TOOL_FAILED: N_("a program that this check needs failed"),
    CheckReason.NOT_READABLE: N_("it could not be read"),
    CheckReason.FORMAT_UNKNOWN: N_("the picture came in a format that cannot be judged"),
    CheckReason.NOT_ALL_SEEN: N_("not everything was seen"),
    CheckReason.NO_WORD: N_("nobody said whether it works"),
}

CHECK_LIMITS: Mapping[CheckLimit, str] = {
    CheckLimit.MEMORY_SHARE: N_("only a part of the memory was tested"),
    CheckLimit.NO_ERROR_COUNTER: N_("this PC does not count memory errors that it corrects"),
    CheckLimit.NO_THROTTLE_COUNTER: N_("this processor does not count its slow-downs"),
    CheckLimit.SHORT_LOAD: N_("a short load says little of hours of work"),
    CheckLimit.SHORT_DISCHARGE: N_("a short discharge does not say how many hours it lasts"),
    CheckLimit.CLOCK_ON_MAINS: N_(
        "the mains may have kept the clock: its battery alone was not tested"
    ),
    CheckLimit.CLOCK_NO_FLAG: N_("the clock's chip does not tell the state of its battery"),
    CheckLimit.NOTHING_SENT: N_("no data was sent"),
    CheckLimit.KEYS_TYPED: N_("by the technician's word: only what the keys type was seen"),
    CheckLimit.KEYS_SAID_ABSENT: N_("keys that this keyboard does not have, says the technician"),
    CheckLimit.BY_EYE: N_("judged by eye"),
    CheckLimit.BY_EAR: N_("judged by ear"),
    CheckLimit.PORTS_NOT_COUNTED: N_("this PC does not say how many ports it has"),
    CheckLimit.ONE_PICTURE: N_("judged from one picture"),
}

CHECK_ASKS: Mapping[CheckAsk, str] = {
    CheckAsk.LISTEN_LEFT: N_("A tone is playing on the LEFT…"),
    CheckAsk.LISTEN_RIGHT: N_("A tone is playing on the RIGHT…"),
    CheckAsk.BE_SILENT: N_("Please be silent for two seconds…"),
    CheckAsk.SPEAK: N_("Now speak, or clap your hands, near the PC…"),
}

# A part that is told beside its whole, where that was measured, too.
PARTS: Mapping[MeasureName, tuple[MeasureName, str]] = {
    MeasureName.TESTED: (MeasureName.TOTAL, N_("{part} tested of {whole}")),
    MeasureName.PORTS_SEEN: (MeasureName.PORTS, N_("ports seen: {part} of {whole}")),
    MeasureName.KEYS_SEEN: (MeasureName.KEYS, N_("keys seen: {part} of {whole}")),
    MeasureName.BUTTONS_SEEN: (MeasureName.BUTTONS, N_("buttons seen: {part} of {whole}")),
}

MEASURES: Mapping[MeasureName, str] = {
    MeasureName.TESTED: N_("tested {value}"),
    MeasureName.TOTAL: N_("memory {value}"),
    MeasureName.ERRORS: N_("errors: {value}"),
    MeasureName.DURATION: N_("for {value}"),
    MeasureName.CORES: N_("cores loaded: {value}"),
    MeasureName.IDLE_TEMPERATURE: N_("{value} before the check"),
    MeasureName.PEAK_TEMPERATURE: N_("peak: {value}"),
    MeasureName.TEMPERATURE_LIMIT: N_("limit: {value}"),
    MeasureName.SLOWDOWNS: N_("slow-downs: {value}"),
    MeasureName.HEALTH: N_("{value} of its capacity left"),
    MeasureName.CHARGE_CYCLES: N_("charge cycles: {value}"),
    MeasureName.ENERGY_DROP: N_("gave {value}"),
    MeasureName.POWER: N_("at {value}"),
    MeasureName.CLOCK_ERROR: N_("off by: {value}"),
    MeasureName.PORTS_SEEN: N_("ports seen: {value}"),
    MeasureName.PORTS: N_("ports there are: {value}"),
    MeasureName.LINK_SPEED: N_("link: {value}"),
    MeasureName.NETWORKS: N_("networks: {value}"),
    MeasureName.BEST_SIGNAL: N_("best signal: {value}"),
    MeasureName.KEYS_SEEN: N_("keys seen: {value}"),
    MeasureName.KEYS: N_("keys there are: {value}"),
    MeasureName.MOVES: N_("movements: {value}"),
    MeasureName.BUTTONS_SEEN: N_("buttons seen: {value}"),
    MeasureName.BUTTONS: N_("buttons there are: {value}"),
    MeasureName.SILENCE_LEVEL: N_("silence: {value}"),
    MeasureName.SOUND_LEVEL: N_("sound: {value}"),
    MeasureName.BRIGHTNESS: N_("brightness: {value}"),
    MeasureName.CONTRAST: N_("contrast: {value}"),
}

UNITS: Mapping[Unit, str] = {
    Unit.COUNT: N_("number"),
    Unit.BYTES: N_("bytes"),
    Unit.SECONDS: N_("seconds"),
    Unit.CELSIUS: N_("degrees Celsius"),
    Unit.PERCENT: N_("per cent"),
    Unit.WATT_HOURS: N_("watt-hours"),
    Unit.WATTS: N_("watts"),
    Unit.MEGABITS_S: N_("megabits per second"),
    Unit.DECIBELS: N_("decibels"),
    Unit.LEVEL: N_("level of 255"),
}

CONDITIONS: Mapping[Condition, str] = {
    Condition.LIGHT: N_("no marks, or light ones"),
    Condition.WORN: N_("clear signs of wear"),
    Condition.BROKEN: N_("broken, or a part is missing"),
}

GRADES: Mapping[Grade, str] = {
    Grade.A: N_("A"),
    Grade.B: N_("B"),
    Grade.C: N_("C"),
    Grade.NONE: N_("not graded"),
    Grade.D: N_("D"),
}

TABLES: Mapping[type[Enum], Mapping[Enum, str]] = {
    CheckId: CHECKS,  # type: ignore[dict-item]
    CheckKind: KINDS,  # type: ignore[dict-item]
    CheckStatus: STATUSES,  # type: ignore[dict-item]
    CheckReason: CHECK_REASONS,  # type: ignore[dict-item]
    CheckLimit: CHECK_LIMITS,  # type: ignore[dict-item]
    CheckAsk: CHECK_ASKS,  # type: ignore[dict-item]
    MeasureName: MEASURES,  # type: ignore[dict-item]
    Unit: UNITS,  # type: ignore[dict-item]
    Condition: CONDITIONS,  # type: ignore[dict-item]
    Grade: GRADES,  # type: ignore[dict-item]
}
