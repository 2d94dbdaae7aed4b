"""Building blocks of the documents: verdict bands, fact tables, symbols, the QR code."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import segno
from reportlab.lib.units import mm
from reportlab.platypus import CondPageBreak, Flowable, Spacer, Table, TableStyle

from reprise.documents import style
from reprise.documents.tagged import TaggedCanvas
from reprise.documents.tagged_parts import DataTable, Words, figure, items
from reprise.documents.text import bold, escaped
from reprise.domain.report.outcome import Outcome

# (label, value, note): a value of None is "unknown", and the note says why.
Fact = tuple[str, str | None, str]


class Absent(str):
    """A value that says itself that it is not known, where "unknown" does not agree with it."""

    __slots__ = ()


# A point less, for what is rounded: a row that fits on no page and is not torn ends all.
_ONE_PAGE = style.HEIGHT - 1
_TITLE = 25 * mm  # a title and some lines


class Rows(DataTable):
    """A table that tears a row over pages only where no page holds it, and then not at the very
    foot of one: a verdict there and its reasons overleaf read as two rows."""

    _LEAST = style.HEIGHT / 4  # of a row that is torn

    def split(self, availWidth: float, availHeight: float) -> list[Flowable]:  # noqa: N803
        longer = self._start(availWidth) > _ONE_PAGE
        self.splitInRow = int(longer and availHeight >= self._LEAST)
        pieces: list[Flowable] = super().split(availWidth, availHeight)
        return pieces

    def least(self, width: float) -> float:
        """The height in points of what stands at least on the page on which it begins."""
        start = self._start(width)
        return self._LEAST if start > _ONE_PAGE else start

    def _start(self, width: float) -> float:
        self.wrap(width, style.HEIGHT)
        height: float = sum(self._rowHeights[: self.repeatRows + 1])
        return height


class _RoomFor(CondPageBreak):  # type: ignore[misc]
    """Goes to the next page unless a title and the beginning of `rows` have room on this one."""

    def __init__(self, rows: Rows) -> None:
        super().__init__(_TITLE)
        self._rows = rows

    def wrap(self, availWidth: float, availHeight: float) -> tuple[float, float]:  # noqa: N803
        kind = style.HEADING
        title = kind.spaceBefore + kind.leading + kind.spaceAfter
        self.height = min(max(title + self._rows.least(availWidth), _TITLE), _ONE_PAGE)
        size: tuple[float, float] = super().wrap(availWidth, availHeight)
        return size


class Symbol(Flowable):  # type: ignore[misc]
    """A tick, a cross, a warning sign or a dash: drawn, so that no font has to have it. No part of
    the text: its word stands beside it."""

    def __init__(self, outcome: Outcome, size: float = 4 * mm) -> None:
        super().__init__()
        self.outcome = outcome
        self.width = self.height = size

    def draw(self) -> None:
        with self.canv.artifact():
            self._draw(self.canv, self.width)

    def _draw(self, pen: TaggedCanvas, side: float) -> None:
        pen.saveState()
        ink, _paper = style.COLOURS[self.outcome]
        pen.setFillColor(ink)
        pen.setStrokeColor(ink)
        if self.outcome in (Outcome.UNVERIFIED, Outcome.INTERRUPTED, Outcome.INCOMPLETE):
            path = pen.beginPath()
            path.moveTo(side / 2, side)
            path.lineTo(side, 0.04 * side)
            path.lineTo(0, 0.04 * side)
            path.close()
            pen.drawPath(path, fill=1, stroke=0)
        else:
            pen.circle(side / 2, side / 2, side / 2, fill=1, stroke=0)
        pen.setStrokeColorRGB(1, 1, 1)
        pen.setLineWidth(side * 0.12)
        pen.setLineCap(1)
        for line in _STROKES[self.outcome]:
            pen.lines([tuple(c * side for c in segment) for segment in line])
        pen.restoreState()


_EXCLAMATION = [[(0.5, 0.66, 0.5, 0.37)], [(0.5, 0.2, 0.5, 0.201)]]
_STROKES = {
    Outcome.ERASED: [[(0.27, 0.5, 0.44, 0.33), (0.44, 0.33, 0.74, 0.67)]],
    Outcome.FAILED: [[(0.31, 0.31, 0.69, 0.69), (0.31, 0.69, 0.69, 0.31)]],
    Outcome.UNVERIFIED: _EXCLAMATION,
    Outcome.INTERRUPTED: _EXCLAMATION,
    Outcome.INCOMPLETE: _EXCLAMATION,
    Outcome.NO_DRIVE: [[(0.29, 0.5, 0.71, 0.5)]],
}


class QrCode(Flowable):  # type: ignore[misc]
    """A QR code (error correction M) with the quiet zone of four modules that readers need.
    `told`, with {text}, is for who does not see it."""

    def __init__(self, text: str, told: str, size: float = 27 * mm) -> None:
        super().__init__()
        self.told = told.format(text=text)
        self.rows = [bytes(row) for row in segno.make(text, error="m", micro=False).matrix]
        self.width = self.height = size

    def draw(self) -> None:
        self.canv.enter(figure(self.canv, self.told, self.width, self.height))
        with self.canv.marked():
            self._draw()
        self.canv.leave()

    def _draw(self) -> None:
        quiet = 4
        count = len(self.rows) + 2 * quiet
        side = self.width / count
        self.canv.setFillColorRGB(0, 0, 0)
        for down, row in enumerate(self.rows):
            start = None
            for right, dark in enumerate([*row, 0]):
                if dark and start is None:
                    start = right
                elif not dark and start is not None:
                    left, bottom = (start + quiet) * side, (count - 1 - down - quiet) * side
                    # A hair taller than a module: no white line between rows when printed.
                    self.canv.rect(left, bottom, (right - start) * side, side * 1.02, 0, 1)
                    start = None


def text(content: str, kind: Any = style.BODY) -> Words:
    """Plain text; never markup."""
    return Words(escaped(content), kind)


def heading(content: str) -> list[Flowable]:
    """A section's title, never left alone at the foot of a page."""
    return [CondPageBreak(_TITLE), text(content, style.HEADING)]


def headed(content: str, below: Flowable) -> list[Flowable]:
    """A section's title on the page on which `below` begins."""
    if not isinstance(below, Rows):
        return [*heading(content), below]
    return [_RoomFor(below), text(content, style.HEADING), below]


def bullets(lines: Sequence[str]) -> list[Flowable]:
    return [*items([Words(escaped(line), style.BULLET, bulletText="–") for line in lines])]


def band(outcome: Outcome, headline: str, detail: str) -> Flowable:
    """The full-width box that says what the document amounts to."""
    ink, paper = style.COLOURS[outcome]
    words = [
        Words(
            f'<font color="{hex_colour(outcome)}">{escaped(headline)}</font>',
            style.BAND,
        )
    ]
    if detail:
        words.append(text(detail, style.BAND_TEXT))
    table = Table([[Symbol(outcome, 8 * mm), words]], colWidths=[13 * mm, style.WIDTH - 13 * mm])
    table.setStyle(
        TableStyle(
            [
                ("BACKGROUND", (0, 0), (-1, -1), paper),
                ("LINEBEFORE", (0, 0), (0, -1), 3, ink),
                ("VALIGN", (0, 0), (-1, -1), "MIDDLE"),
                ("TOPPADDING", (0, 0), (-1, -1), 6),
                ("BOTTOMPADDING", (0, 0), (-1, -1), 7),
            ]
        )
    )
    return table


def hex_colour(outcome: Outcome) -> str:
    """The ink of an outcome as paragraph markup wants it."""
    hexval: str = style.COLOURS[outcome][0].hexval()
    return "#" + hexval.removeprefix("0x")


def _value(fact: Fact, unknown: str) -> Words:
    _label, value, note = fact
    if value is None:
        value = Absent(unknown)
    if isinstance(value, Absent):
        return text(f"{value} ({note})" if note else value, style.ABSENT)
    long_word = max((len(word) for word in value.split(" ")), default=0) > 30
    return text(f"{value} ({note})" if note else value, style.LONG if long_word else style.VALUE)


def lacking(fact: Fact, word: str) -> Fact:
    """`fact`, with `word` in place of "unknown" where nothing is known: one that agrees."""
    label, value, note = fact
    return (label, Absent(word) if value is None else value, note)


def given(label: str, value: str, otherwise: str) -> Fact:
    """A fact that a person gives; `otherwise` says that nobody did."""
    return (label, value or None, "" if value else otherwise)


def facts(rows: Sequence[Fact], unknown: str, columns: int = 2) -> Flowable:
    """Labels and values in one or two columns; rows split over pages."""
    label_width = 27 * mm if columns == 2 else 42 * mm
    width = style.WIDTH / columns
    cells: list[list[Any]] = []
    half = -(-len(rows) // columns)
    for index in range(half):
        line: list[Any] = []
        for column in range(columns):
            at = index + column * half
            if at < len(rows):
                line += [text(rows[at][0], style.LABEL), _value(rows[at], unknown)]
            else:
                line += ["", ""]
        cells.append(line)
    if not cells:
        return Spacer(0, 0)
    table = Rows(cells, colWidths=[label_width, width - label_width] * columns)
    table.labels = tuple(range(0, 2 * columns, 2))
    table.setStyle(
        TableStyle(
            [
                ("VALIGN", (0, 0), (-1, -1), "TOP"),
                ("LEFTPADDING", (0, 0), (-1, -1), 0),
                ("RIGHTPADDING", (0, 0), (-1, -1), 6),
                ("TOPPADDING", (0, 0), (-1, -1), 1.2),
                ("BOTTOMPADDING", (0, 0), (-1, -1), 1.8),
                ("LINEBELOW", (0, 0), (-1, -2), 0.3, style.RULE),
            ]
        )
    )
    return table


def stamp(outcome: Outcome, words: str) -> Flowable:
    """A symbol and a word side by side, for one cell or one heading."""
    label = Words(f'<font color="{hex_colour(outcome)}">{bold(words)}</font>', style.CELL)
    return side_by_side(Symbol(outcome, 3.4 * mm), label, (5.2 * mm, None))


def side_by_side(left: Any, right: Any, widths: Sequence[float | None]) -> Flowable:
    """Two flowables (or lists of them) at one height, without space around; None: what is left."""
    table = Table([[left, right]], colWidths=list(widths))
    table.setStyle(
        TableStyle(
            [
                ("VALIGN", (0, 0), (-1, -1), "TOP"),
                ("LEFTPADDING", (0, 0), (-1, -1), 0),
                ("RIGHTPADDING", (0, 0), (-1, -1), 0),
                ("TOPPADDING", (0, 0), (-1, -1), 0),
                ("BOTTOMPADDING", (0, 0), (-1, -1), 0),
            ]
        )
    )
    return table


def grid(header: Sequence[str], rows: Sequence[Sequence[Any]], widths: Sequence[float]) -> Rows:
    """A ruled table whose header comes back on every page. A row may be longer than a page: a drive
    is refused for each of the volumes that hold it."""
    cells = [[text(name, style.HEAD_CELL) for name in header], *rows]
    table = Rows(cells, colWidths=list(widths), repeatRows=1)
    table.heads = 1
    table.setStyle(
        TableStyle(
            [
                ("VALIGN", (0, 0), (-1, -1), "TOP"),
                ("BACKGROUND", (0, 0), (-1, 0), style.PAPER),
                ("LINEBELOW", (0, 0), (-1, -1), 0.4, style.RULE),
                ("LEFTPADDING", (0, 0), (-1, -1), 4),
                ("RIGHTPADDING", (0, 0), (-1, -1), 4),
                ("TOPPADDING", (0, 0), (-1, -1), 3),
                ("BOTTOMPADDING", (0, 0), (-1, -1), 3.5),
            ]
        )
    )
    return table
