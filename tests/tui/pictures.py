"""Pictures of the screens for the technician's guide in both languages, drawn cell by cell with
the font of the image's console: what a person sees on a PC, without a browser. `make screenshots`
renews them."""

from __future__ import annotations

import asyncio
import random
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from PIL import Image

from reprise import i18n
from tui.cells import Cell, Look, cells, text_rows
from tui.font import glyphs
from tui.snapshots import CHANGING
from tui.walk import go, walking
from tui.walks import WALKS

DOCS = Path(__file__).parents[2] / "docs"
FOLDERS = {language: DOCS / "images" / language for language in i18n.LANGUAGES}
SIZE = (80, 25)
WIDTH, HEIGHT = 8, 16  # of a cell, see tui.font
# The Linux console's default colours (drivers/tty/vt/vt.c: default_red, default_grn, default_blu).
PALETTE = (
    0x000000, 0xAA0000, 0x00AA00, 0xAA5500, 0x0000AA, 0xAA00AA, 0x00AAAA, 0xAAAAAA,
    0x555555, 0xFF5555, 0x55FF55, 0xFFFF55, 0x5555FF, 0xFF55FF, 0x55FFFF, 0xFFFFFF,
)  # fmt: skip
INK, GROUND, BRIGHT = 7, 0, 8
# Walk -> the scenes of it that the documentation shows.
SHOWN = {
    "laptop": (
        *("start", "network", "machine", "system", "start-help", "installing", "erasing-stop"),
        *("done", "checks-graded", "check-keyboard", "keyboard", "logs-copied"),
    ),
    "desktop": ("drives", "confirm", "overwriting", "done"),
    "server": ("erasing", "network-test", "done-lost", "reports"),
}


def picture(rows: list[list[Cell]]) -> Image.Image:
    """One pixel of the console a pixel, in its sixteen colours."""
    image = Image.new("P", (len(rows[0]) * WIDTH, len(rows) * HEIGHT), GROUND)
    image.putpalette([part for colour in PALETTE for part in colour.to_bytes(3, "big")])
    pixels = bytearray(image.width * image.height)
    for y, row in enumerate(rows):
        for x, cell in enumerate(row):
            _draw(pixels, image.width, x * WIDTH, y * HEIGHT, cell)
    image.frombytes(bytes(pixels))
    return image


def settled(rows: list[list[Cell]]) -> list[list[Cell]]:
    """With one number and one digest for all reports, so that a picture changes with its screen
    only."""
    found = []
    for row, text in zip(rows, text_rows(rows), strict=True):
        fixed = list(row)
        for match in (match for pattern in CHANGING for match in pattern.finditer(text)):
            dice = random.Random(SIZE[0])  # noqa: S311 - nothing secret
            for at in range(*match.span()):
                if text[at] != "-":
                    fixed[at] = Cell(dice.choice("0123456789abcdef"), row[at].look)
        found.append(fixed)
    return found


def _draw(pixels: bytearray, width: int, left: int, top: int, cell: Cell) -> None:
    ink, ground = _colours(cell.look)
    for down, bits in enumerate(glyphs()[cell.char.replace("\u00a0", " ")]):
        at = (top + down) * width + left
        pixels[at : at + WIDTH] = bytes(
            ink if bits >> (WIDTH - 1 - across) & 1 else ground for across in range(WIDTH)
        )


def _colours(look: Look) -> tuple[int, int]:
    """As the console shows them: bold is bright."""
    ink = INK if look.ink is None else look.ink
    ground = GROUND if look.ground is None else look.ground
    if look.reverse:
        ink, ground = ground, ink
    return (ink | BRIGHT if look.bold else ink), ground


async def draw_all(language: str, folder: Path) -> None:
    i18n.set_language(language)
    for name, wanted in SHOWN.items():
        with tempfile.TemporaryDirectory() as own:
            async with walking(WALKS[name], Path(own), SIZE) as walker:
                missing = set(wanted)

                async def look(scene: str, name: str = name, missing: set[str] = missing) -> None:
                    if scene in missing:
                        missing.discard(scene)
                        shown = picture(settled(cells(walker.app)))
                        shown.save(folder / f"{name}-{scene}.png", optimize=True)

                await go(WALKS[name], walker, look)
        assert not missing, f"{name} has no {missing}"


if __name__ == "__main__":
    for spoken, where in FOLDERS.items():
        where.mkdir(exist_ok=True, parents=True)
        for old in where.glob("*.png"):
            old.unlink()
        asyncio.run(draw_all(spoken, where))
        print(f"{where}: {sum(one.stat().st_size for one in where.glob('*.png')) // 1024} KiB")
