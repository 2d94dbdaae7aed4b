"""The foot of every page: what the document is, and "page x of y"."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas

from reprise.documents import style
from reprise.documents.text import REGULAR, visible


class _NumberedCanvas(Canvas):  # type: ignore[misc]
    """Keeps every page until the last is known, so that each can say how many there are."""

    footer = ""
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
            self._draw_footer(number, len(self._kept))
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


def numbered_canvas(footer: str, numbering: str) -> Callable[..., Canvas]:
    """A canvas maker for reportlab. `numbering` has {page} and {pages}."""
    return type("NumberedCanvas", (_NumberedCanvas,), {"footer": footer, "numbering": numbering})
