"""Touchpad, or stick in the keyboard: movement and each button, of the PC's own devices."""

from __future__ import annotations

from collections.abc import Iterator

from reprise.adapters.checks.checked_pc import CheckedPc
from reprise.adapters.checks.input_devices import input_devices, reading
from reprise.domain.checks.catalogue import CheckId, CheckReason, MeasureName, Unit
from reprise.domain.checks.pointer import judge_pointer
from reprise.domain.checks.results import CheckProgress, CheckResult, Measure, unknown
from reprise.ports import StopFlag
from reprise.tools.evdev import BUTTONS, EV_KEY, PRESSED

_TICK_S = 0.2
_MOVES = 30  # a finger across a pad gives hundreds


class PointerCheck:
    """Implements ports.sheets.checks.FunctionCheck. It ends by itself once all was seen."""

    def __init__(self, pc: CheckedPc) -> None:
        self._roots = pc.roots

    def run(self, stop: StopFlag) -> Iterator[CheckProgress | CheckResult]:
        own = {p: facts for p, facts in input_devices(self._roots).items() if facts.is_own_pointer}
        wanted = tuple(sorted(frozenset[str]().union(*(facts.buttons for facts in own.values()))))
        with reading(tuple(own)) as devices:
            if own and not devices:
                yield unknown(CheckId.POINTER, CheckReason.NOT_READABLE)
                return
            moves, seen = 0, set[str]()
            while devices and (moves < _MOVES or not seen.issuperset(wanted)):
                if stop.is_set():
                    return
                for event in devices.wait(_TICK_S):
                    moves += event.is_motion
                    if event.kind == EV_KEY and event.value == PRESSED:
                        seen.update({BUTTONS[event.code]} if event.code in BUTTONS else ())
                yield CheckProgress(
                    check=CheckId.POINTER,
                    seen=tuple(sorted(seen)),
                    wanted=wanted,
                    measures=(Measure(MeasureName.MOVES, moves, Unit.COUNT),),
                )
        yield judge_pointer(moves, tuple(sorted(seen)), wanted)
