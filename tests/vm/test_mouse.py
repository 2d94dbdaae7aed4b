"""A tablet and a mouse on the real console: the kernel's pointer is seen, and a click on the key
line presses the key. Nothing is erased, and no key is pressed."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image

from vm.qemu import Disk, Pc, Vm, running
from vm.screen import Console, Font, Reader
from vm.technician import MACHINE, SLOW, START, Technician

Place = tuple[int, int]  # column and row of the console


class Hand:
    """A hand on the mouse, and eyes on the screen."""

    def __init__(self, vm: Vm, font: Font) -> None:
        self.vm, self.font = vm, font
        self.console = Console(vm, Reader(font))
        self.technician = Technician(self.console)

    def cells(self) -> tuple[int, int]:
        with Image.open(self.vm.picture(self.vm.pc.folder / "screen.ppm")) as picture:
            return picture.width // self.font.width, picture.height // self.font.height

    def goes_to(self, place: Place) -> None:
        columns, rows = self.cells()
        self.vm.point((place[0] + 0.5) / columns, (place[1] + 0.5) / rows)

    def clicks(self, words: str) -> None:
        """In the middle of these words of the key line, once the pointer is there."""
        lines = self.console.wait_for(words, 15 * SLOW).split("\n")  # it is drawn last
        row, text = next(
            (row, one) for row, one in reversed(list(enumerate(lines))) if words in one
        )
        self.goes_to((text.index(words) + len(words) // 2, row))
        time.sleep(1 * SLOW)
        self.console.keep(f"on-{words}")
        self.vm.click()

    def inverted(self, row: int) -> list[int]:
        """Columns of a blank row that are not as blank as the others: there is the pointer."""
        with Image.open(self.vm.picture(self.vm.pc.folder / "screen.ppm")) as picture:
            width, height = self.font.width, self.font.height
            shown = [
                picture.crop((left, row * height, left + width, (row + 1) * height)).tobytes()
                for left in range(0, picture.width - width + 1, width)
            ]
        ground = max(set(shown), key=shown.count)
        return [column for column, cell in enumerate(shown) if cell != ground]

    def sees_pointer(self, row: int) -> int:
        """Its column. What is written to the screen takes it away for a moment."""
        end = time.monotonic() + 20 * SLOW
        while time.monotonic() < end:
            found = self.inverted(row)
            if len(found) == 1:
                return found[0]
            time.sleep(0.1)
        kept = self.console.keep("no-pointer")
        raise AssertionError(f"no pointer in row {row}; picture {kept}")


@pytest.fixture(scope="module")
def hand(iso: Path, font: Font, bench: Path) -> Iterator[Hand]:
    disks = [Disk(iso, "cdrom", boot_index=0)]
    with running(Pc(bench / "pc", disks, extra=("-device", "usb-tablet"))) as vm:
        hand = Hand(vm, font)
        hand.technician.sees_the_station()
        hand.console.wait_for("Le PC a été lu", 120 * SLOW)
        yield hand


def test_the_pointer_is_drawn_where_the_tablet_is(hand: Hand) -> None:
    columns, rows = hand.cells()
    blank = rows * 3 // 4
    assert hand.inverted(blank) == [], "the row is not blank"
    hand.goes_to((columns // 2, blank))
    assert abs(hand.sees_pointer(blank) - columns // 2) <= 1
    hand.console.keep("pointer")


def test_the_pcs_own_mouse_moves_the_same_pointer(hand: Hand) -> None:
    columns, rows = hand.cells()
    blank = rows * 3 // 4
    hand.goes_to((columns // 2, blank))
    before = hand.sees_pointer(blank)
    hand.vm.nudge(-80, 0)
    time.sleep(1 * SLOW)
    assert 0 < hand.sees_pointer(blank) < before


def test_a_click_on_the_key_line_presses_the_key(hand: Hand) -> None:
    hand.clicks("Continuer")
    hand.technician.sees(MACHINE, 15 * SLOW)
    hand.clicks("Retour")
    hand.technician.sees(START, 15 * SLOW)
    hand.clicks("English")
    hand.console.wait_for("Continue", 15 * SLOW)


def test_the_pointer_goes_away_when_it_is_left_alone(hand: Hand) -> None:
    _columns, rows = hand.cells()
    time.sleep(12)
    assert hand.inverted(rows * 3 // 4) == []
