"""A hand on the mouse of a PC, and eyes on its screen."""

from __future__ import annotations

import time

from PIL import Image

from vm.qemu import Vm
from vm.screen import Console, Fonts, Reader
from vm.technician import SLOW, Technician

TABLET = ("-device", "usb-tablet")  # of Pc.extra
Place = tuple[int, int]  # column and row of the console


class Hand:
    def __init__(self, vm: Vm, fonts: Fonts) -> None:
        self.vm = vm
        self.console = Console(vm, Reader(fonts))
        self.technician = Technician(self.console)

    def cells(self) -> tuple[int, int]:
        with Image.open(self.vm.picture(self.vm.pc.folder / "screen.ppm")) as picture:
            font = self.console.reader.font
            return picture.width // font.width, picture.height // font.height

    def goes_to(self, place: Place) -> None:
        columns, rows = self.cells()
        self.vm.point((place[0] + 0.5) / columns, (place[1] + 0.5) / rows)

    def clicks(self, words: str) -> None:
        """In the middle of these words of the key line, once the pointer is there."""
        lines = self.console.wait_for(words, 15 * SLOW).split("\n")  # it is drawn last
        row, text = next(
            (row, line) for row, line in reversed(list(enumerate(lines))) if words in line
        )
        self.goes_to((text.index(words) + len(words) // 2, row))
        time.sleep(1 * SLOW)
        self.console.keep(f"on-{words}")
        self.vm.click()

    def inverted(self, row: int) -> list[int]:
        """Columns of a blank row that are not as blank as the others: there is the pointer."""
        with Image.open(self.vm.picture(self.vm.pc.folder / "screen.ppm")) as picture:
            font = self.console.reader.font
            width, height = font.width, font.height
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
            columns = self.inverted(row)
            if len(columns) == 1:
                return columns[0]
            time.sleep(0.1)
        kept = self.console.keep("no-pointer")
        raise AssertionError(f"no pointer in row {row}; picture {kept}")
