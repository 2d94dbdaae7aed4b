"""The foot of every page: what the document is, and "page x of y"."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from reportlab.lib.units import mm

from reprise.documents import style
from reprise.documents.tagged import TaggedCanvas
from reprise.documents.text import BOLD, REGULAR, visible

_STAMP_SIZE, _STAMP_DEGREES, _STAMP_OPACITY = 46, 35, 0.22  # points, degrees, of 1
_STAMPS_A_ROW, _STAMP_ROWS = 5, 4  # rows on each side of the middle


class _NumberedCanvas(TaggedCanvas):
    """Keeps every page until the last is known, so that each can say how many there are."""

    footer = ""
    stamp = ""  # across the page, over all that is written
    numbering = "{page}/{pages}"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._kept: list[dict[str, Any]] = []

    def showPage(self) -> None:  # noqa: N802 - reportlab's name
        self._kept.append(dict(self.__dict__))
        self._startPage()

    def save(self) -> None:
        for number, page in enumerate(self._kept, start=1):
            self.__dict__.update(page)
            self.enter(None)
            self._draw_footer(number, len(self._kept))
            self._draw_stamp()
            self.leave()
            super().showPage()
        super().save()

    def _draw_footer(self, page: int, pages: int) -> None:
        self.saveState()
        self.setStrokeColor(style.RULE)
        self.setLineWidth(0.5)
        self.line(style.MARGIN, 14 * mm, style.PAGE[0] - style.MARGIN, 14 * mm)
        self.setFillColor(style.QUIET)
        self.setFont(REGULAR, 7)
        self.drawString(style.MARGIN, 10 * mm, visible(self.footer))
        numbering = self.numbering.format(page=page, pages=pages)
        self.drawRightString(style.PAGE[0] - style.MARGIN, 10 * mm, visible(numbering))
        self.restoreState()

    def _draw_stamp(self) -> None:
        """In rows over the whole page: no part of it can be cut out without."""
        if not self.stamp:
            return
        width, height = style.PAGE
        words = "   ".join([visible(self.stamp)] * _STAMPS_A_ROW)
        self.saveState()
        self.setFillColor(style.STAMP)
        self.setFillAlpha(_STAMP_OPACITY)
        self.setFont(BOLD, _STAMP_SIZE)
        self.translate(width / 2, height / 2)
        self.rotate(_STAMP_DEGREES)
        for row in range(-_STAMP_ROWS, _STAMP_ROWS + 1):
            shift = _STAMP_SIZE * 2 if row % 2 else 0
            self.drawCentredString(shift, row * _STAMP_SIZE * 2.6, words)
        self.restoreState()


def numbered_canvas(footer: str, numbering: str, stamp: str = "") -> Callable[..., TaggedCanvas]:
    """A canvas maker for reportlab. `numbering` has {page} and {pages}; `stamp` stands across each
    page."""
    words = {"footer": footer, "numbering": numbering, "stamp": stamp}
    return type("NumberedCanvas", (_NumberedCanvas,), words)
