"""Plugging and unplugging: one change for what comes in a row, and none for our own work."""

from __future__ import annotations

import os
import subprocess
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from reprise.adapters.watch_devices import Device, DeviceWatch, UdevMonitor, changed
from reprise.domain.changes import Changes


@dataclass
class Made:
    """One announcement."""

    action: str | None
    subsystem: str
    sys_name: str
    properties: dict[str, str] = field(default_factory=dict)


@dataclass
class Script:
    """A monitor and a clock: at each time (seconds) its announcement; then it stops."""

    at: list[tuple[float, Device | None]]
    stop: threading.Event = field(default_factory=threading.Event)
    now: float = 0.0
    network: tuple[str, ...] = ("down",)

    def poll(self, timeout: float) -> Device | None:
        if not self.at:
            self.stop.set()
            return None
        if self.at[0][0] > self.now + timeout:
            self.now += timeout
            return None
        self.now, device = self.at.pop(0)
        return device

    def changes(self) -> list[tuple[float, Changes]]:
        watch = DeviceWatch(lambda: self, lambda: self.network, lambda: self.now)
        return [(self.now, change) for change in watch.changes(self.stop)]


USB = Made("add", "block", "sdb")


@pytest.mark.parametrize(
    ("device", "change"),
    [
        (USB, Changes(drives=True)),
        (Made("remove", "block", "sdb1"), Changes(drives=True)),
        (Made("change", "block", "sdb"), Changes()),  # our own write to it
        (Made("change", "block", "sr0", {"DISK_MEDIA_CHANGE": "1"}), Changes(drives=True)),
        (Made("add", "block", "loop3"), Changes()),
        (Made("add", "block", "dm-0"), Changes()),
        (Made("add", "net", "usb0"), Changes(network=True)),
        (Made("change", "net", "usb0"), Changes()),
        (Made("bind", "block", "sdb"), Changes()),
    ],
)
def test_what_an_announcement_means(device: Made, change: Changes) -> None:
    assert changed(device) == change


def test_what_comes_in_a_row_is_one_change_told_when_it_is_quiet() -> None:
    row = [(1.0, USB), (1.2, Made("add", "block", "sdb1")), (1.6, Made("add", "net", "usb0"))]
    ((told, change),) = Script([*row, (9.0, None)]).changes()
    assert change == Changes(drives=True, network=True)
    assert 2.3 <= told < 3.0


def test_an_endless_row_is_told_in_the_middle() -> None:
    script = Script([(n / 2, USB) for n in range(1, 15)])
    assert [round(told, 1) for told, _change in script.changes()] == [3.5, 7.0]


def test_a_cable_is_seen_by_the_state_of_the_network() -> None:
    script = Script([(4.0, None), (9.0, None)])
    answers: Iterator[str] = iter(["down"] * 3 + ["up"] * 50)
    watch = DeviceWatch(lambda: script, lambda: (next(answers),), lambda: script.now)
    assert list(watch.changes(script.stop)) == [Changes(network=True)]


def test_nothing_is_told_where_nothing_happens() -> None:
    assert Script([(20.0, None)]).changes() == []


def test_missed_announcements_are_a_change() -> None:
    script = Script([(9.0, None)])
    heard = iter([OSError(105, "No buffer space available"), *[None] * 40])

    class Overrun:
        def poll(self, timeout: float) -> Device | None:
            error = next(heard)
            if error is not None:
                raise error
            return script.poll(timeout)

    watch = DeviceWatch(Overrun, lambda: script.network, lambda: script.now)
    assert list(watch.changes(script.stop)) == [Changes(drives=True, network=True)]


def test_a_cable_is_seen_where_the_kernel_cannot_be_heard() -> None:
    def refused() -> UdevMonitor:
        raise PermissionError(1, "Operation not permitted")

    stop = threading.Event()
    answers: Iterator[str] = iter(["down", *["up"] * 50])
    for change in DeviceWatch(refused, lambda: (next(answers),)).changes(stop):
        stop.set()
        assert change == Changes(network=True)
    assert stop.is_set()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root makes loop devices")
def test_the_kernels_own_announcement_arrives(tmp_path: Path) -> None:
    """A real monitor: attaching a file to a loop device is announced by the kernel."""
    monitor = UdevMonitor("kernel")
    image = tmp_path / "image"
    image.write_bytes(bytes(1 << 20))
    argv = ["losetup", "--find", "--show", str(image)]
    made = subprocess.run(argv, capture_output=True, text=True, check=False)
    if made.returncode != 0:
        pytest.skip(f"no loop device here: {made.stderr.strip()}")
    node = made.stdout.strip()
    seen: list[str] = []
    try:
        until = time.monotonic() + 3
        while time.monotonic() < until and node.removeprefix("/dev/") not in seen:
            device = monitor.poll(0.2)
            if device is not None:
                assert device.subsystem == "block"
                assert changed(device) == Changes()
                seen.append(device.sys_name)
    finally:
        subprocess.run(["losetup", "--detach", node], check=True)
    if not seen:
        pytest.skip("the kernel's announcements do not reach this container")
    assert node.removeprefix("/dev/") in seen
