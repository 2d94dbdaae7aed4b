"""Keyboard: which keys were pressed. It ends when Esc or Enter is held, when all keys were seen, or
when no key comes any more: with a broken Esc key nobody may be caught here."""

from __future__ import annotations

import time
from collections.abc import Iterator

from reprise.adapters.checks.checked_pc import CheckedPc
from reprise.adapters.checks.input_devices import input_devices, reading
from reprise.domain.checks.catalogue import CheckId, CheckReason
from reprise.domain.checks.keyboard import judge_keyboard, missing, names_of, rows_for
from reprise.domain.checks.results import CheckProgress, CheckResult, unknown
from reprise.ports import StopFlag
from reprise.tools.evdev import EV_KEY, KEYS, PRESSED, RELEASED, InputEvent

HOLD_S = 2.0
IDLE_S = 45.0
_ENDING = ("KEY_ESC", "KEY_ENTER")
_TICK_S = 0.2


class KeyboardCheck:
    """Implements ports.sheets.checks.FunctionCheck."""

    def __init__(self, pc: CheckedPc, hold_s: float = HOLD_S, idle_s: float = IDLE_S) -> None:
        self._roots, self._hold_s, self._idle_s = pc.roots, hold_s, idle_s

    def run(self, stop: StopFlag) -> Iterator[CheckProgress | CheckResult]:
        paths = [p for p, facts in input_devices(self._roots).items() if facts.is_keyboard]
        with reading(paths) as devices:
            if not devices:
                reason = CheckReason.NOT_READABLE if paths else CheckReason.NONE_FOUND
                yield unknown(CheckId.KEYBOARD, reason)
                return
            devices.grab()
            pressed = _Pressed(time.monotonic())
            yield CheckProgress(check=CheckId.KEYBOARD)
            while devices and not self._ended(pressed):
                if stop.is_set():
                    return
                if pressed.take(devices.wait(_TICK_S), time.monotonic()):
                    yield CheckProgress(check=CheckId.KEYBOARD, seen=tuple(pressed.seen))
            devices.wait_until_up()  # else the key that ends this would also be typed
        seen = frozenset(pressed.seen)
        yield judge_keyboard(seen, names_of(rows_for(seen)), frozenset())

    def _ended(self, pressed: _Pressed) -> bool:
        now = time.monotonic()
        held = pressed.held_since
        if held is not None and now - held >= self._hold_s:
            return True
        return not missing(pressed.seen) or now - pressed.last >= self._idle_s


class _Pressed:
    """Keys seen, in their order, and since when an ending key is held down."""

    def __init__(self, now: float) -> None:
        self.seen: dict[str, None] = {}
        self.last = now
        self.held_since: float | None = None

    def take(self, events: tuple[InputEvent, ...], now: float) -> bool:
        """Whether a new key was seen."""
        before = len(self.seen)
        for event in events:
            name = KEYS.get(event.code) if event.kind == EV_KEY else None
            if name is None:
                continue
            self.last = now
            if event.value == PRESSED:
                self.seen[name] = None
                self.held_since = now if name in _ENDING else None
            elif event.value == RELEASED and name in _ENDING:
                self.held_since = None
        return len(self.seen) > before
