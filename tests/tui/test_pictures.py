"""The pictures of the documentation show what the screen shows, and the page shows all of them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

import pytest
from PIL import Image

from reprise.tui.drawing.glyphs import ALLOWED
from tui import font
from tui.cells import cells, text_rows
from tui.pictures import DOCS, FOLDERS, SHOWN, SIZE, picture
from tui.walk import walking
from tui.walks import WALKS, planned

PAGES = {"fr": DOCS / "technician.fr.md", "en": DOCS / "technician.md"}


@pytest.mark.skipif(not font.SOURCE.exists(), reason="console-setup-linux is not installed here")
async def test_a_picture_can_be_read_as_its_screen(tmp_path: Path) -> None:
    async with walking(WALKS["desktop"], tmp_path, SIZE) as walker:
        await walker.tech.come(lambda: planned(walker), "a plan")
        rows = cells(walker.app)
    drawn = picture(rows).convert("RGB")
    assert drawn.size == (640, 400)
    # of characters that look alike the font's plainest is read
    plain = sorted(ALLOWED - {"\u00a0"}, reverse=True)
    shapes = {font.glyphs()[char]: char for char in plain}
    assert read(drawn, shapes) == [row.replace("\u00a0", " ") for row in text_rows(rows)]


def read(image: Image.Image, shapes: dict[bytes, str]) -> list[str]:
    """Each cell's shape, whichever of its two colours is the ink."""
    rows = []
    for top in range(0, image.height, 16):
        row = ""
        for left in range(0, image.width, 8):
            cell = image.crop((left, top, left + 8, top + 16))
            pixels = [cell.getpixel((x, y)) for y in range(16) for x in range(8)]
            ground = max(set(pixels), key=pixels.count)
            row += next(c for c in _both(pixels, ground, shapes) if c)
        rows.append(row.rstrip())
    return rows


def _both(pixels: Sequence[object], ground: object, shapes: dict[bytes, str]) -> list[str]:
    bits = "".join("0" if pixel == ground else "1" for pixel in pixels)
    shape = int(bits, 2).to_bytes(16, "big")
    turned = bytes(byte ^ 0xFF for byte in shape)
    return [shapes.get(shape, ""), shapes.get(turned, ""), "?"]


@pytest.mark.parametrize("language", ["fr", "en"])
def test_the_page_shows_each_picture_once_and_no_other(language: str) -> None:
    text = PAGES[language].read_text("utf-8")
    shown = re.findall(rf"!\[[^\]]+\]\(images/{language}/([a-z-]+)\.png\)", text)
    assert sorted(shown) == sorted(f"{walk}-{scene}" for walk in SHOWN for scene in SHOWN[walk])
    assert sorted(path.stem for path in FOLDERS[language].iterdir()) == sorted(shown)


@pytest.mark.parametrize("language", ["fr", "en"])
def test_pictures_are_small_and_as_large_as_a_console(language: str) -> None:
    for path in FOLDERS[language].iterdir():
        with Image.open(path) as image:
            assert image.size == (640, 400)
    assert sum(path.stat().st_size for path in FOLDERS[language].iterdir()) < 300_000
