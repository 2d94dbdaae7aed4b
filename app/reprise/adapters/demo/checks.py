"""Function checks of a played PC: what the real ones would tell of such a machine. Nothing is
measured; a person's word is still asked for. The microphone is dead."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from reprise.adapters.demo.clock import PlayedTime
from reprise.adapters.demo.network import POINTS
from reprise.domain.checks.battery import BatteryFacts, judge_battery
from reprise.domain.checks.camera import judge_camera
from reprise.domain.checks.catalogue import (
    CheckAsk,
    CheckId,
    CheckLimit,
    CheckReason,
    MeasureName,
    Unit,
)
from reprise.domain.checks.ethernet import judge_ethernet
from reprise.domain.checks.keyboard import COMPACT, judge_keyboard, names_of
from reprise.domain.checks.memory import MemoryFacts, judge_memory
from reprise.domain.checks.microphone import judge_microphone
from reprise.domain.checks.pointer import judge_pointer
from reprise.domain.checks.processor import LoadFacts, judge_processor
from reprise.domain.checks.results import CheckProgress, CheckResult, Measure, made, unknown
from reprise.domain.checks.usb import judge_usb
from reprise.domain.checks.wifi import judge_wifi
from reprise.domain.pc.hardware import Inventory
from reprise.ports import StopFlag
from reprise.ports.sheets.checks import FunctionCheck

_GIB = 1 << 30
_ABSENT = ("KEY_SCROLLLOCK", "KEY_PAUSE")  # as on many laptops
_BUTTONS = ("BTN_LEFT", "BTN_RIGHT")
_PORTS = ("usb1-port1", "usb1-port2", "usb1-port4")


class PlayedCheck:
    """Implements ports.sheets.checks.FunctionCheck: `steps` at equal distances, then `result`."""

    def __init__(
        self, time: PlayedTime, step_s: float, steps: Sequence[CheckProgress], result: CheckResult
    ) -> None:
        self._time, self._step_s = time, step_s
        self._steps, self._result = tuple(steps), result

    def run(self, stop: StopFlag) -> Iterator[CheckProgress | CheckResult]:
        for step in self._steps:
            if stop.is_set():
                return
            yield step
            self._time.sleep(self._step_s)
        if not stop.is_set():
            yield self._result


def played_checks(pc: Inventory, time: PlayedTime) -> Mapping[CheckId, FunctionCheck]:
    """What the inventory does not say is that of a healthy PC on the mains, with no more parts than
    such a PC must have."""

    def played(
        result: CheckResult, step_s: float = 1.0, steps: Sequence[CheckProgress] = ()
    ) -> PlayedCheck:
        return PlayedCheck(time, step_s, steps, result)

    def bar(check: CheckId) -> tuple[CheckProgress, ...]:
        return tuple(CheckProgress(check=check, part=tenth / 10) for tenth in range(10))

    checks: dict[CheckId, FunctionCheck] = {
        check: played(made(check, None) if check.spec.expected(pc) else _none(check))
        for check in CheckId
        if check is not CheckId.SCREEN
    }
    clock = made(CheckId.CLOCK, None, limits=(CheckLimit.CLOCK_ON_MAINS,))
    heard = unknown(CheckId.SOUND, CheckReason.NO_WORD)
    return checks | {
        CheckId.MEMORY: played(_memory(pc), 2.0, bar(CheckId.MEMORY)),
        CheckId.PROCESSOR: played(_load(pc), 4.0, bar(CheckId.PROCESSOR)),
        CheckId.BATTERY: played(_battery(pc)),
        CheckId.CLOCK: played(clock),
        CheckId.ETHERNET: played(_ethernet(pc)),
        CheckId.WIFI: played(_wifi(pc), 3.0, bar(CheckId.WIFI)[:1]),
        CheckId.CAMERA: played(_camera(pc)),
        CheckId.KEYBOARD: played(_keyboard(), 3.0, tuple(_typing())),
        CheckId.POINTER: played(judge_pointer(64, _BUTTONS, _BUTTONS), 15.0, tuple(_pointing())),
        CheckId.USB: played(judge_usb(_PORTS, len(_PORTS)), 60.0, tuple(_plugging())),
        CheckId.SOUND: played(heard, 60.0, _asking(CheckId.SOUND)),
        CheckId.MICROPHONE: played(
            judge_microphone(-61.3, -60.7), 60.0, _asking(CheckId.MICROPHONE)
        ),
    }


def _none(check: CheckId) -> CheckResult:
    return unknown(check, CheckReason.NONE_FOUND)


def _memory(pc: Inventory) -> CheckResult:
    total = pc.memory.total_bytes or 4 * _GIB
    facts = MemoryFacts(
        tested_bytes=total // 2, total_bytes=total, wrong_bytes=0, duration_s=21.3, events=None
    )
    return judge_memory(facts)


def _load(pc: Inventory) -> CheckResult:
    return judge_processor(
        LoadFacts(
            threads=pc.processor.threads or 2,
            duration_s=40.1,
            wrong_sums=0,
            idle_c=44,
            peak_c=81,
            limit_c=100,
            slowdowns=0,
            machine_checks=0,
        )
    )


def _battery(pc: Inventory) -> CheckResult:
    first = pc.batteries[0] if pc.batteries else None
    return judge_battery(
        BatteryFacts(
            names=tuple(battery.model or battery.name for battery in pc.batteries),
            design_wh=first.design_wh if first else None,
            full_wh=first.full_wh if first else None,
            cycles=first.cycles if first else None,
            drop_wh=None,
            duration_s=0.0,
        )
    )


def _ethernet(pc: Inventory) -> CheckResult:
    ports = tuple(card for card in pc.network if card.kind == "ethernet")
    linked = tuple(card.name for card in ports if card.link)
    return judge_ethernet(tuple(card.name for card in ports), linked, 1000 if linked else None)


def _wifi(pc: Inventory) -> CheckResult:
    if all(card.kind != "wifi" for card in pc.network):
        return _none(CheckId.WIFI)
    return judge_wifi(len(POINTS), max(point.signal for point in POINTS))


def _camera(pc: Inventory) -> CheckResult:
    """What has a battery has a lid, and a camera in it."""
    if not pc.batteries:
        return _none(CheckId.CAMERA)
    return judge_camera("HP TrueVision", 112.4, 41.7)


def _keys() -> tuple[str, ...]:
    return tuple(key.name for row in COMPACT for key in row if key.name and key.name not in _ABSENT)


def _keyboard() -> CheckResult:
    return judge_keyboard(frozenset(_keys()), names_of(COMPACT), frozenset())


def _typing() -> Iterator[CheckProgress]:
    for count in range(len(_keys()) + 1):
        yield CheckProgress(check=CheckId.KEYBOARD, seen=_keys()[:count])


def _pointing() -> Iterator[CheckProgress]:
    for moves, seen in ((0, 0), (20, 0), (64, 1)):
        yield CheckProgress(
            check=CheckId.POINTER,
            seen=_BUTTONS[:seen],
            wanted=_BUTTONS,
            measures=(Measure(MeasureName.MOVES, moves, Unit.COUNT),),
        )


def _plugging() -> Iterator[CheckProgress]:
    ports = Measure(MeasureName.PORTS, len(_PORTS), Unit.COUNT)
    for count in range(1, len(_PORTS)):
        yield CheckProgress(check=CheckId.USB, seen=_PORTS[:count], measures=(ports,))


def _asking(check: CheckId) -> tuple[CheckProgress, ...]:
    sides = {
        CheckId.SOUND: (CheckAsk.LISTEN_LEFT, CheckAsk.LISTEN_RIGHT),
        CheckId.MICROPHONE: (CheckAsk.BE_SILENT, CheckAsk.SPEAK),
    }
    return tuple(CheckProgress(check=check, ask=ask) for ask in sides[check])
