"""The thread between the devices and the screen. Motion costs the screen nothing: the kernel draws
the pointer, and the screen hears of buttons, of the wheel, and of motion with a button down."""

from __future__ import annotations

import syslog
import time
from collections.abc import Callable, Iterable, Iterator
from threading import Event as Flag
from threading import Thread
from typing import Protocol

from reprise.adapters.console.mouse.devices import Devices
from reprise.adapters.console.mouse.motion import Pointer
from reprise.adapters.hardware.sysfs import Roots
from reprise.domain.station.pointing import Pointed, PointerAction

_LOOK_S = 2.0  # how soon a device that is plugged in is found
_REST_S = 0.4  # between looks whether to end, while nothing moves
_DRAW_S = 0.05  # what is written to the console takes the pointer away for so long
_SEEN_S = 10.0  # the pointer goes away after so long without motion
_PAUSE_S = 0.008  # a mouse tells 1000 times a second; its buffer holds more than this
_FAREWELL_S = 1.0
_HIDDEN = (-1, -1)


class PointerConsole(Protocol):
    """A console with a pointer. Any call may raise OSError."""

    def size(self) -> tuple[int, int]: ...
    def in_front(self) -> bool: ...
    def draw(self, column: int, row: int) -> None: ...
    def hide(self) -> None: ...


class ConsoleMouse:
    """Implements ports.sheets.mouse.Mouse. Whatever fails ends the mouse with a line in the
    system's log; keys come another way."""

    def __init__(
        self,
        glass: PointerConsole,
        roots: Roots | None = None,
        log: Callable[[str], None] = syslog.syslog,
    ) -> None:
        self._glass, self._log = glass, log
        self._pointer = Pointer(1, 1)
        self._devices = Devices(self._pointer, roots)
        self._stop = Flag()
        self._thread: Thread | None = None
        self._moved_s = self._drawn_s = self._looked_s = float("-inf")
        self._drawn = _HIDDEN
        self._held = 0  # buttons that the screen was told of and that are still down

    def start(self, tell: Callable[[Pointed], None]) -> None:
        """`tell` is called from a thread of its own."""
        thread = Thread(target=self._guarded, args=(tell,), name="mouse", daemon=True)
        try:
            thread.start()
            self._thread = thread
        except RuntimeError as error:  # out of threads or memory
            self._log(f"reprise: no mouse: {error}")

    def stop(self) -> None:
        self._stop.set()
        if self._thread is not None:
            self._thread.join(_FAREWELL_S)

    def _guarded(self, tell: Callable[[Pointed], None]) -> None:
        try:
            self._pointer = self._placed()
            self._run(tell)
        except Exception as error:  # noqa: BLE001 - the screen must never miss a mouse
            self._log(f"reprise: the mouse is left alone: {error!r}")
        finally:
            self._devices.close()

    def _placed(self) -> Pointer:
        self._pointer.resize(*self._glass.size())
        self._pointer.put(0.5, 0.5)
        return self._pointer

    def _run(self, tell: Callable[[Pointed], None]) -> None:
        while not self._stop.is_set():
            now_s = time.monotonic()
            if now_s - self._looked_s >= _LOOK_S:
                self._looked_s = now_s
                self._devices.look()
            ready = self._devices.wait(_REST_S if self._drawn == _HIDDEN else _DRAW_S)
            now_s = time.monotonic()
            told = list(self._devices.read(ready, now_s))
            if not self._glass.in_front():
                self._drawn, self._held = _HIDDEN, 0
                continue
            self._pointer.resize(*self._glass.size())
            meant = list(self._meant(told, now_s))
            self._draw(now_s)  # first: where it fails, nothing was pressed blindly
            for pointed in meant:
                tell(pointed)
            if ready:
                self._stop.wait(_PAUSE_S)
        if self._drawn != _HIDDEN:
            self._glass.hide()

    def _meant(self, told: Iterable[Pointed], now_s: float) -> Iterator[Pointed]:
        """What the screen hears. A button means a place only where the pointer is seen."""
        seen = now_s - self._moved_s < _SEEN_S
        for pointed in told:
            self._moved_s = now_s
            if pointed.act is PointerAction.MOVE:
                seen = True
                if self._held:
                    yield pointed
            elif pointed.act is PointerAction.DOWN and not seen:
                yield Pointed(PointerAction.WAKE, pointed.column, pointed.row)
            elif pointed.act is PointerAction.DOWN:
                self._held += 1
                yield Pointed(PointerAction.MOVE, pointed.column, pointed.row)
                yield pointed
            elif pointed.act is not PointerAction.UP:
                yield pointed
            elif self._held:
                self._held -= 1
                yield pointed

    def _draw(self, now_s: float) -> None:
        if now_s - self._moved_s >= _SEEN_S:
            if self._drawn != _HIDDEN:
                self._glass.hide()
            self._drawn = _HIDDEN
        elif self._drawn != self._pointer.cell or now_s - self._drawn_s >= _DRAW_S:
            self._drawn, self._drawn_s = self._pointer.cell, now_s
            self._glass.draw(*self._drawn)
