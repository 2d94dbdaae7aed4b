"""What passes: facts that a check gathered of a device -> its result (see judge_machine)."""

from __future__ import annotations

from reprise.domain.checks import (
    CheckId,
    CheckLimit,
    CheckReason,
    CheckResult,
    Measure,
    MeasureName,
    Unit,
)
from reprise.domain.judge_machine import made, unknown

CAMERA_CONTRAST_MIN = 3.0  # standard deviation of luma, 0 to 255: below, one even surface
MICROPHONE_RISE_MIN_DB = 10.0  # a voice or our tone over the silence before


def judge_ethernet(
    ports: tuple[str, ...], linked: tuple[str, ...], speed_mbit_s: int | None
) -> CheckResult:
    """Each wired port must have had a link; a port without a cable says nothing."""
    if not ports:
        return unknown(CheckId.ETHERNET, CheckReason.NONE_FOUND)
    measures = [
        Measure(MeasureName.PORTS_SEEN, len(linked), Unit.COUNT),
        Measure(MeasureName.PORTS, len(ports), Unit.COUNT),
    ]
    if speed_mbit_s is not None:
        measures.append(Measure(MeasureName.LINK_SPEED, speed_mbit_s, Unit.MEGABITS_S))
    reason = None
    if not linked:
        reason = CheckReason.NO_CABLE
    elif len(linked) < len(ports):
        reason = CheckReason.SOME_PORTS
    limits = (CheckLimit.NOTHING_SENT,) if linked else ()
    missing = ", ".join(port for port in ports if port not in linked)
    return made(
        CheckId.ETHERNET, reason, tuple(measures), limits, missing, unknown=reason is not None
    )


def judge_wifi(networks: int, best_percent: int | None) -> CheckResult:
    """Networks by the scan; their names are nobody's business and are not kept."""
    if networks == 0:
        return unknown(CheckId.WIFI, CheckReason.NO_NETWORK_AROUND)
    measures = [Measure(MeasureName.NETWORKS, networks, Unit.COUNT)]
    if best_percent is not None:
        measures.append(Measure(MeasureName.BEST_SIGNAL, best_percent, Unit.PERCENT))
    return made(CheckId.WIFI, None, tuple(measures), (CheckLimit.NOTHING_SENT,))


def judge_camera(name: str, brightness: float, contrast: float) -> CheckResult:
    """Mean and standard deviation of luma, 0 to 255, of one picture."""
    measures = (
        Measure(MeasureName.BRIGHTNESS, round(brightness, 1), Unit.LEVEL),
        Measure(MeasureName.CONTRAST, round(contrast, 1), Unit.LEVEL),
    )
    reason = CheckReason.BLANK_PICTURE if contrast < CAMERA_CONTRAST_MIN else None
    return made(CheckId.CAMERA, reason, measures, (CheckLimit.ONE_PICTURE,), name)


def judge_microphone(silence_db: float, sound_db: float) -> CheckResult:
    """Root mean square against full scale, before and while there was something to hear."""
    measures = (
        Measure(MeasureName.SILENCE_LEVEL, round(silence_db, 1), Unit.DECIBELS),
        Measure(MeasureName.SOUND_LEVEL, round(sound_db, 1), Unit.DECIBELS),
    )
    rose = sound_db - silence_db >= MICROPHONE_RISE_MIN_DB
    return made(CheckId.MICROPHONE, None if rose else CheckReason.SILENT, measures)


def judge_pointer(moves: int, seen: tuple[str, ...], wanted: tuple[str, ...]) -> CheckResult:
    """`wanted`: the buttons that the devices say they have; a pass needs each and some motion."""
    if not wanted:
        return unknown(CheckId.POINTER, CheckReason.NONE_FOUND)
    missing = tuple(button for button in wanted if button not in seen)
    measures = (
        Measure(MeasureName.MOVES, moves, Unit.COUNT),
        Measure(MeasureName.BUTTONS_SEEN, len(wanted) - len(missing), Unit.COUNT),
        Measure(MeasureName.BUTTONS, len(wanted), Unit.COUNT),
    )
    reason = CheckReason.NOT_ALL_SEEN if missing or not moves else None
    return made(
        CheckId.POINTER, reason, measures, detail=", ".join(missing), unknown=reason is not None
    )


def judge_usb(seen: tuple[str, ...], ports: int | None) -> CheckResult:
    """`ports`: how many the firmware says a person can reach; None where it does not say: then
    the technician's word that all were tried is the only one."""
    measures = [Measure(MeasureName.PORTS_SEEN, len(seen), Unit.COUNT)]
    limits: tuple[CheckLimit, ...] = (CheckLimit.PORTS_NOT_COUNTED,)
    if ports is not None:
        measures.append(Measure(MeasureName.PORTS, ports, Unit.COUNT))
        limits = ()
    short = not seen or (ports is not None and len(seen) < ports)
    reason = CheckReason.NOT_ALL_SEEN if short else None
    return made(CheckId.USB, reason, tuple(measures), limits, unknown=short)


def judge_keyboard(
    seen: frozenset[str], wanted: frozenset[str], said_absent: frozenset[str]
) -> CheckResult:
    """Kernel names of keys (KEY_A …). `said_absent`: not on this keyboard, says the technician."""
    missing = sorted(wanted - seen - said_absent)
    measures = (
        Measure(MeasureName.KEYS_SEEN, len(wanted & seen), Unit.COUNT),
        Measure(MeasureName.KEYS, len(wanted - said_absent), Unit.COUNT),
    )
    limits = (CheckLimit.KEYS_SAID_ABSENT,) if said_absent else ()
    detail = ", ".join(missing or sorted(said_absent))
    reason = CheckReason.KEYS_DEAD if missing else None
    return made(CheckId.KEYBOARD, reason, measures, limits, detail)


def judge_by_word(
    check: CheckId, works: bool, limit: CheckLimit, measures: tuple[Measure, ...] = ()
) -> CheckResult:
    """Only a person can tell: the screen and the loudspeakers."""
    return made(check, None if works else CheckReason.SEEN_BROKEN, measures, (limit,))
