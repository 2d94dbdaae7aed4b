"""What tells while it is drawn what it is: paragraphs, lists, pictures, tables."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from reportlab.pdfbase.pdfdoc import PDFArray, PDFDictionary, PDFName, PDFString
from reportlab.pdfgen.textobject import PDFTextObject
from reportlab.platypus import Flowable, Paragraph, Table
from reportlab.platypus.paragraph import _SplitWord, _SplitWordEnd

from reprise.documents.tagged import Element, TaggedCanvas


class _Lines(PDFTextObject):  # type: ignore[misc]
    """Text with what stands between its lines: who reads it aloud sees no line's end. `between`:
    " " where words end there, "" within one."""

    def __init__(self, canvas: TaggedCanvas, x: float, y: float, between: Iterable[str]) -> None:
        super().__init__(canvas, x, y)
        self._between = iter(between)

    def _textOut(self, text: str, TStar: int = 0) -> None:  # noqa: N802, N803 - reportlab's names
        super()._textOut(text + next(self._between) if TStar else text, TStar)


def _after(line: Any) -> str:
    """A word that is longer than a line goes on in the next one."""
    last = line[1][-1] if isinstance(line, tuple) and line[1] else ""
    return "" if isinstance(last, _SplitWord) and not isinstance(last, _SplitWordEnd) else " "


class Words(Paragraph):  # type: ignore[misc]
    """A paragraph, which is what its style's `tag` says. Torn over pages it is one."""

    within: tuple[Element, ...] = ()  # from outside in, the last for its words
    before_more = ""  # what stands between it and the rest of it on the next page

    def split(self, availWidth: float, availHeight: float) -> list[Flowable]:  # noqa: N803
        pieces: list[Flowable] = super().split(availWidth, availHeight)
        if len(pieces) > 1:
            self.within = self.within or (Element(self.style.tag),)
            for piece in pieces:
                piece.within = self.within
            pieces[0].before_more = _after(pieces[0].blPara.lines[-1])
        return pieces

    def beginText(self, x: float, y: float) -> _Lines:  # noqa: N802
        lines = self.blPara.lines
        return _Lines(self.canv, x, y, [*map(_after, lines[:-1]), self.before_more])

    def draw(self) -> None:
        elements = () if self.canv.bears_words else self.within or (Element(self.style.tag),)
        self.canv.enter(*elements[:-1])
        if elements and self.bulletText:
            self.canv.label()
        self.canv.enter(*elements[-1:])
        super().draw()
        self.canv.leave(len(elements))


def items(words: list[Words]) -> list[Words]:
    """These are one list."""
    whole = Element("L")
    for one in words:
        one.within = (whole, Element("LI"), Element("LBody"))
    return words


def figure(canvas: TaggedCanvas, words: str, width: float, height: float) -> Element:
    """What stands here from (0, 0), in points, and what it shows, in words."""
    corners = (*canvas.absolutePosition(0, 0), *canvas.absolutePosition(width, height))
    layout = PDFDictionary({"O": PDFName("Layout"), "BBox": PDFArray(corners)})
    return Element("Figure", {"Alt": PDFString(words), "A": layout})


def _tell(table: DataTable, event: str, *details: Any) -> None:
    """As reportlab's tables call it, before and after each of their parts."""
    if event == "startTable":
        table.canv.enter(table.element)
    elif event == "startRow":
        again = table.continued and details[0] < table.repeatRows
        table.canv.enter(None if again else table.lines[details[0]].element)
    elif event == "startCell":
        table.canv.enter(table.lines[details[0]].cells[details[1]])
    elif event in ("endCell", "endRow", "endTable"):
        table.canv.leave()


@dataclass(frozen=True, slots=True)
class _Line:
    element: Element
    cells: list[Element | None]  # None: of a column in which nothing stands


class DataTable(Table):  # type: ignore[misc]
    """A table whose rows and columns mean something; others only put things side by side.

    Torn over pages it is one table, and so is a row; heads that come again are told once.
    """

    labels: tuple[int, ...] = ()  # columns
    heads = 0  # rows
    continued = False

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{**kwargs, "renderCB": _tell})
        self.element = Element("Table")
        self._lines: list[_Line] = []

    @property
    def lines(self) -> list[_Line]:
        if not self._lines:
            rows, columns = range(self._nrows), range(self._ncols)
            bare = {at for at in columns if all(self._is_bare(row, at) for row in rows)}
            for row in rows:
                cells = [None if at in bare else self._cell(row, at) for at in columns]
                self._lines.append(_Line(Element("TR"), cells))
        return self._lines

    def _span(self, row: int, column: int) -> tuple[int, int, int, int] | None:
        """First column and row, last column and row; None is a part of another cell."""
        spans: dict[tuple[int, int], Any] = getattr(self, "_spanRanges", {})
        found: tuple[int, int, int, int] | None
        found = spans.get((column, row), (column, row, column, row))
        return found

    def _is_bare(self, row: int, column: int) -> bool:
        return self._cellvalues[row][column] == "" and self._span(row, column) is not None

    def _cell(self, row: int, column: int) -> Element:
        value, head, span = self._cellvalues[row][column], row < self.heads, self._span(row, column)
        attributes: dict[str, Any] = {}
        label = value != "" and (head or column in self.labels)
        if label:
            attributes["Scope"] = PDFName("Column" if head else "Row")
        if span and span[2] > span[0]:
            attributes["ColSpan"] = span[2] - span[0] + 1
        if attributes:
            attributes = {"A": PDFDictionary({"O": PDFName("Table"), **attributes})}
        held = value if isinstance(value, list | tuple) else (value,)
        lone = len(held) == 1 and isinstance(held[0], Paragraph)
        return Element("TH" if label else "TD", attributes, bears_words=lone)

    def split(self, availWidth: float, availHeight: float) -> list[Flowable]:  # noqa: N803
        pieces: list[Flowable] = super().split(availWidth, availHeight)
        if len(pieces) > 1:
            first, rest = pieces
            torn = first._nrows + rest._nrows - self.repeatRows - self._nrows  # 1: a row
            kept = self.lines[: first._nrows]
            left = self.lines[: self.repeatRows] + self.lines[first._nrows - torn :]
            for piece, lines in ((first, kept), (rest, left)):
                piece.element, piece._lines = self.element, lines
                piece.continued = self.continued
            rest.continued = True
        return pieces
