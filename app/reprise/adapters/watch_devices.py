"""Sees drives, sticks and network cards come and go, by the kernel's own announcements."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from typing import Protocol

import pyudev

from reprise.adapters.watch import network_state
from reprise.domain.changes import Changes
from reprise.ports import StopFlag

# A stick announces itself some times while it is read: one look after the last of them.
_QUIET_S = 0.7
_LONGEST_S = 3.0
_LOOK_S = 0.5
# Nothing that a person plugs in: these come from our own work and from the system's.
_OURS = ("loop", "ram", "zram", "dm-", "md", "nbd")


class Device(Protocol):
    @property
    def action(self) -> str | None: ...

    @property
    def subsystem(self) -> str: ...

    @property
    def sys_name(self) -> str: ...

    @property
    def properties(self) -> dict[str, str]: ...


class Monitor(Protocol):
    def poll(self, timeout: float) -> Device | None:
        """The next announcement; None where none came in time."""
        ...


class UdevMonitor:
    """pyudev's monitor. udev's word comes after its rules, when the drive can be read; where no
    udevd runs the kernel's own word is taken."""

    def __init__(self, source: str = "udev") -> None:
        self._monitor = pyudev.Monitor.from_netlink(pyudev.Context(), source)
        for subsystem in ("block", "net"):
            self._monitor.filter_by(subsystem)
        self._monitor.start()

    def poll(self, timeout: float) -> Device | None:
        found: Device | None = self._monitor.poll(timeout)
        return found


def changed(device: Device) -> Changes:
    """What one announcement means for the person before the screen."""
    if device.subsystem == "net":
        return Changes(network=device.action in ("add", "remove", "move"))
    if device.sys_name.startswith(_OURS):
        return Changes()
    # a card in its reader, a disc in its drive: the device stays, its medium is another one
    other_medium = device.properties.get("DISK_MEDIA_CHANGE") == "1"
    return Changes(drives=device.action in ("add", "remove") or other_medium)


class DeviceWatch:
    """workflow.side.DeviceWatch. `network` differs whenever a cable, an address or a route does:
    the kernel announces no cable to udev."""

    def __init__(
        self,
        open_monitor: Callable[[], Monitor] = UdevMonitor,
        network: Callable[[], tuple[str, ...]] = network_state,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._open, self._network, self._clock = open_monitor, network, clock

    def changes(self, stop: StopFlag) -> Iterator[Changes]:
        """Blocks; ends within half a second of `stop`. What comes in a row is one change. Without
        the kernel's announcements the network alone is seen: F5 looks for drives."""
        monitor, before = self._monitor(), self._network()
        so_far, first, last = Changes(), 0.0, 0.0
        while not stop.is_set():
            new = _next(monitor)
            now = self._clock()
            state = self._network()
            new, before = new.also(Changes(network=state != before)), state
            if new.any:
                first, last = (first if so_far.any else now), now
                so_far = so_far.also(new)
            if so_far.any and (now - last >= _QUIET_S or now - first >= _LONGEST_S):
                yield so_far
                so_far = Changes()

    def _monitor(self) -> Monitor:
        try:
            return self._open()
        except OSError:
            return _Deaf()


class _Deaf:
    """A monitor where the kernel does not let us listen."""

    def poll(self, timeout: float) -> Device | None:
        time.sleep(timeout)
        return None


def _next(monitor: Monitor) -> Changes:
    try:
        device = monitor.poll(_LOOK_S)
    except OSError:  # more was announced than we could take: something may have been missed
        return Changes(drives=True, network=True)
    return Changes() if device is None else changed(device)
