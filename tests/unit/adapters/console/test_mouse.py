"""The thread that reads pointing devices for the Linux console."""

from __future__ import annotations

import os
import pty
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from reprise.adapters.console.mouse.console import console_number
from reprise.adapters.console.mouse.motion import ABS_X, ABS_Y, BTN_LEFT, REL_X
from reprise.adapters.console.mouse.reader import ConsoleMouse
from reprise.domain.station.pointing import Button, Pointed, PointerAction
from reprise.tools.evdev import EV_ABS, EV_KEY, EV_REL
from unit.adapters.console.mouse_devices import CENTRE, KEYBOARD, MOUSE, SYNC, TABLET, acts, told
from unit.adapters.hardware.made_tree import MadeTree


def test_a_terminal_that_is_no_console_has_no_mouse(tmp_path: Path) -> None:
    master, slave = pty.openpty()
    try:
        assert console_number(slave) is None
    finally:
        os.close(master)
        os.close(slave)
    with (tmp_path / "file").open("wb") as file:
        assert console_number(file.fileno()) is None


# On a made /sys and /dev whose devices are named pipes


@dataclass
class Glass:
    """A console that remembers."""

    drawn: list[tuple[int, int]] = field(default_factory=list)
    front: bool = True
    broken: bool = False

    def size(self) -> tuple[int, int]:
        return 80, 25

    def in_front(self) -> bool:
        return self.front

    def draw(self, column: int, row: int) -> None:
        if self.broken:
            raise PermissionError("TIOCL_SETSEL")
        self.drawn.append((column, row))

    def hide(self) -> None:
        self.drawn.append((-1, -1))


@dataclass
class Bench:
    tree: MadeTree
    glass: Glass
    mouse: ConsoleMouse
    told: list[Pointed]
    logged: list[str]

    def plug(self, name: str, bits: dict[str, str]) -> int:
        """A descriptor to write its events to."""
        node = self.tree.root / "dev/input" / name
        node.parent.mkdir(exist_ok=True)
        os.mkfifo(node)
        writer = os.open(node, os.O_RDWR)
        for kind, text in bits.items():
            place = kind if kind == "properties" else f"capabilities/{kind}"
            self.tree.write(f"coming/{name}/device/{place}", text + "\n")
        # whole at once, as the kernel shows it: a half is none that points, and stays so
        (self.tree.root / "coming" / name).rename(self.tree.root / "sys/class/input" / name)
        return writer


def until(holds: Callable[[], bool]) -> None:
    end = time.monotonic() + 30
    while not holds():
        assert time.monotonic() < end
        time.sleep(0.01)


@pytest.fixture
def bench(tree: MadeTree) -> Iterator[Bench]:
    glass, logged = Glass(), list[str]()
    bench = Bench(tree, glass, ConsoleMouse(glass, tree.roots, logged.append), [], logged)
    (tree.root / "sys/class/input").mkdir(parents=True)
    yield bench
    bench.mouse.stop()


def test_a_click_is_told_where_the_pointer_is_seen(bench: Bench) -> None:
    writer = bench.plug("event7", MOUSE)
    bench.plug("event8", KEYBOARD)
    bench.mouse.start(bench.told.append)
    os.write(writer, told((EV_REL, REL_X, -80), SYNC))
    until(lambda: bench.glass.drawn[-1:] == [(30, 12)])
    assert bench.told == []  # motion alone is the kernel's
    os.write(writer, told((EV_KEY, BTN_LEFT, 1), SYNC, (EV_REL, REL_X, 8), SYNC))
    os.write(writer, told((EV_KEY, BTN_LEFT, 0), SYNC))
    until(lambda: len(bench.told) == 4)
    assert bench.told == [
        Pointed(PointerAction.MOVE, 30, 12),
        Pointed(PointerAction.DOWN, 30, 12, Button.LEFT),
        Pointed(PointerAction.MOVE, 31, 12),
        Pointed(PointerAction.UP, 31, 12, Button.LEFT),
    ]
    bench.mouse.stop()
    assert bench.glass.drawn[-1] == (-1, -1)
    assert bench.logged == []


def test_a_click_without_a_pointer_means_no_place(bench: Bench) -> None:
    writer = bench.plug("event7", MOUSE)
    bench.mouse.start(bench.told.append)
    os.write(writer, told((EV_KEY, BTN_LEFT, 1), SYNC, (EV_KEY, BTN_LEFT, 0), SYNC))
    until(lambda: bench.glass.drawn[-1:] == [CENTRE])  # and now there is one
    os.write(writer, told((EV_KEY, BTN_LEFT, 1), SYNC, (EV_KEY, BTN_LEFT, 0), SYNC))
    until(lambda: len(bench.told) == 4)
    assert acts(bench.told) == [
        PointerAction.WAKE,
        PointerAction.MOVE,
        PointerAction.DOWN,
        PointerAction.UP,
    ]


def test_a_device_comes_and_goes(bench: Bench) -> None:
    bench.mouse.start(bench.told.append)
    writer = bench.plug("event7", MOUSE)
    os.write(writer, told((EV_REL, REL_X, 8), SYNC, (EV_KEY, BTN_LEFT, 1), SYNC))
    until(lambda: acts(bench.told) == [PointerAction.MOVE, PointerAction.DOWN])
    (bench.tree.root / "dev/input/event7").unlink()
    (bench.tree.root / "sys/class/input/event7").rename(bench.tree.root / "gone")
    os.close(writer)
    until(lambda: acts(bench.told)[-1] is PointerAction.UP)  # nothing stays pressed
    again = bench.plug("event9", TABLET)
    os.write(again, told((EV_ABS, ABS_X, 1), (EV_ABS, ABS_Y, 1), SYNC))
    until(lambda: bench.glass.drawn[-1] == (79, 24))
    assert bench.logged == []


def test_what_is_done_on_another_console_is_not_told(bench: Bench) -> None:
    writer = bench.plug("event7", MOUSE)
    bench.glass.front = False
    bench.mouse.start(bench.told.append)
    os.write(writer, told((EV_REL, REL_X, 8), SYNC, (EV_KEY, BTN_LEFT, 1), SYNC))
    os.write(writer, told((EV_KEY, BTN_LEFT, 0), SYNC))
    time.sleep(0.3)
    assert bench.told == []
    assert bench.glass.drawn == []
    bench.glass.front = True
    os.write(writer, told((EV_REL, REL_X, 8), SYNC))
    until(lambda: bench.glass.drawn[-1:] == [(42, 12)])


def test_a_mouse_whose_pointer_cannot_be_drawn_is_left_alone(bench: Bench) -> None:
    writer = bench.plug("event7", MOUSE)
    bench.glass.broken = True
    bench.mouse.start(bench.told.append)
    os.write(writer, told((EV_REL, REL_X, 8), SYNC, (EV_KEY, BTN_LEFT, 1), SYNC))
    until(lambda: bool(bench.logged))
    assert "TIOCL_SETSEL" in bench.logged[0]
    assert bench.told == []
