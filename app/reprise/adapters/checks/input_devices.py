"""Reading input devices raw: every physical key is seen, also those that type nothing."""

from __future__ import annotations

import contextlib
import fcntl
import os
import select
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from reprise.adapters.hardware.inputs import input_facts
from reprise.adapters.hardware.sysfs import Roots, names
from reprise.tools.evdev import (
    EVENT,
    EVIOCGKEY,
    EVIOCGRAB,
    KEY_BYTES,
    InputEvent,
    InputFacts,
    parse_events,
)

_READ_BYTES = 64 * EVENT.size
_UP_S = 3.0
_LOOK_S = 0.05


def input_devices(roots: Roots) -> dict[str, InputFacts]:
    """Path below /dev -> what the device is; sorted by path."""
    folder = roots.sys / "class/input"
    return {
        str(roots.dev / "input" / name): input_facts(folder / name)
        for name in names(folder)
        if name.startswith("event")
    }


class Readers:
    """Open devices. Closed by whoever opened them; a grab ends with its descriptor, so a crash
    gives the keyboard back."""

    def __init__(self, descriptors: Sequence[int]) -> None:
        self._open = list(descriptors)
        self._poll = select.poll()
        for descriptor in self._open:
            self._poll.register(descriptor, select.POLLIN)

    def __bool__(self) -> bool:
        return bool(self._open)

    def wait(self, timeout_s: float) -> tuple[InputEvent, ...]:
        """What came within the time; empty where nothing did. A device that was unplugged is
        left out from then on."""
        events: list[InputEvent] = []
        for descriptor, _happened in self._poll.poll(timeout_s * 1000):
            try:
                data = os.read(descriptor, _READ_BYTES)
            except BlockingIOError:
                continue
            except OSError:
                data = b""
            if not data:
                self._poll.unregister(descriptor)
                self._open.remove(descriptor)
                os.close(descriptor)
                continue
            events += parse_events(data)
        return tuple(events)

    def wait_until_up(self) -> None:
        """Until no key is down, some seconds at most: a key that goes down for one reader and up
        for another would repeat for ever."""
        ends = time.monotonic() + _UP_S
        while time.monotonic() < ends and any(_is_down(descriptor) for descriptor in self._open):
            time.sleep(_LOOK_S)

    def grab(self) -> None:
        """From now on the events of these devices go nowhere else: no key does what it usually
        does (switch consoles, restart, put the PC to sleep)."""
        self.wait_until_up()
        for descriptor in self._open:
            with contextlib.suppress(OSError):  # grabbed by another: it is read all the same
                fcntl.ioctl(descriptor, EVIOCGRAB, 1)

    def close(self) -> None:
        for descriptor in self._open:
            os.close(descriptor)
        self._open.clear()


def _is_down(descriptor: int) -> bool:
    keys = bytearray(KEY_BYTES)
    try:
        fcntl.ioctl(descriptor, EVIOCGKEY, keys)
    except OSError:  # unplugged
        return False
    return any(keys)


@contextmanager
def reading(paths: Sequence[str]) -> Iterator[Readers]:
    """Devices that cannot be opened are left out."""
    opened: list[int] = []
    for path in paths:
        with contextlib.suppress(OSError):
            opened.append(os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC))
    readers = Readers(opened)
    try:
        yield readers
    finally:
        readers.close()
