"""The pointing devices of this PC, as they come and go. They are only read, never grabbed: the
function checks and another console may read them, too."""

from __future__ import annotations

import contextlib
import fcntl
import os
import select
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from reprise.adapters.console.mouse.motion import (
    ABS_X,
    ABS_Y,
    Pointer,
    PointingDevice,
    Range,
    hand_for,
    is_pointing,
)
from reprise.adapters.hardware.inputs import input_facts
from reprise.adapters.hardware.sysfs import Roots, names
from reprise.domain.station.pointing import Pointed
from reprise.tools.evdev import EVENT, InputFacts, parse_events

_EVIOCGABS = 0x80184540  # + axis; _IOR('E', 0x40, struct input_absinfo)
_ABSINFO = struct.Struct("=6i")  # value, minimum, maximum, fuzz, flat, resolution
_READ_BYTES = 64 * EVENT.size


@dataclass
class _Open:
    place: Path
    hand: PointingDevice


class Devices:
    """All that point, with one pointer among them. Not for more than one thread."""

    def __init__(self, pointer: Pointer, roots: Roots | None = None) -> None:
        self._pointer, self._roots = pointer, roots or Roots()
        self._open: dict[int, _Open] = {}
        self._poll = select.poll()
        self._others: set[Path] = set()  # what is there and does not point

    def look(self) -> None:
        """Open what is new. A device that is unplugged is noticed by reading it."""
        folder = self._roots.sys / "class/input"
        # the kernel gives …/input23/event5 to one device only, "event5" to one after the other
        there = {(folder / name).resolve() for name in names(folder) if name.startswith("event")}
        self._others &= there
        known = self._others | {device.place for device in self._open.values()}
        for place in sorted(there - known):
            facts = input_facts(place)
            if is_pointing(facts):
                self._add(place, facts)
            else:
                self._others.add(place)

    def _add(self, place: Path, facts: InputFacts) -> None:
        node = self._roots.dev / "input" / place.name
        try:
            descriptor = os.open(node, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
        except OSError:  # it comes, or goes, at this very moment; or this is not root
            return
        ranges = (_range(descriptor, ABS_X), _range(descriptor, ABS_Y))
        self._open[descriptor] = _Open(place, hand_for(facts, self._pointer, ranges))
        self._poll.register(descriptor, select.POLLIN)

    def wait(self, timeout_s: float) -> list[int]:
        """Descriptors with something to read, within the time."""
        return [descriptor for descriptor, _what in self._poll.poll(timeout_s * 1000)]

    def read(self, ready: list[int], now_s: float) -> Iterator[Pointed]:
        for descriptor in ready:
            hand = self._open[descriptor].hand
            try:
                data = os.read(descriptor, _READ_BYTES)
            except BlockingIOError:
                continue
            except OSError:  # unplugged
                data = b""
            if data:
                yield from hand.take(parse_events(data), now_s)
            else:
                yield from hand.release()
                self._drop(descriptor)

    def _drop(self, descriptor: int) -> None:
        self._poll.unregister(descriptor)
        del self._open[descriptor]
        with contextlib.suppress(OSError):
            os.close(descriptor)

    def close(self) -> None:
        for descriptor in tuple(self._open):
            self._drop(descriptor)


def _range(descriptor: int, axis: int) -> Range:
    try:
        told = fcntl.ioctl(descriptor, _EVIOCGABS + axis, bytes(_ABSINFO.size))
    except OSError:  # it has no such axis
        return Range(0, 1, 0)
    now, low, high, *_rest = _ABSINFO.unpack(told)
    return Range(low, high, now)
