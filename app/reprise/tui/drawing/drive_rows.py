"""Drives under way: a few as cards of some rows each, many as one row each. Every column has a
fixed place, so that nothing moves while figures grow."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from reprise import wording
from reprise.domain.erasure.lifecycle import FINAL, DriveState
from reprise.domain.erasure.progress import Progress
from reprise.i18n import _
from reprise.sentences.drives import detail, model_of, name_of, serial_of, title_words
from reprise.sentences.working import phase_word
from reprise.tui.drawing import paint, texts
from reprise.tui.drawing.glyphs import bar
from reprise.workflow.session.drive_view import DriveView

_PERCENT, _RATE, _HEAT, _PHASE = 6, 10, 5, 12  # cells of a column
_SHORTEST_MODEL, _LONGEST_SERIAL, _LONGEST_BAR, _SHORTEST_BAR = 8, 15, 60, 6
_GAP = 2


def title(view: DriveView, width: int) -> paint.Text:
    """Which drive it is, on one row: the model gives way."""
    name, model, *facts = title_words(view.drive)
    rest = "   ".join(("", *facts))
    room = max(width - len(name) - _GAP - len(rest), _SHORTEST_MODEL)
    return paint.line((name, paint.STRONG), f"  {paint.shortened(model, room)}{rest}")


def told(view: DriveView, width: int) -> Iterator[paint.Text]:
    """The verdict beside the drive's name; on rows of their own where there is less room."""
    block = texts.verdict_block(view)
    room = width - len(block[0]) - _GAP
    facts = "   ".join(title_words(view.drive)[2:])
    if room >= len(name_of(view.drive)) + len(facts) + _SHORTEST_MODEL + 2 * _GAP:
        yield paint.line(block, "  ") + title(view, room)
        return
    model = paint.shortened(model_of(view.drive), width - len(name_of(view.drive)) - _GAP)
    yield paint.line((name_of(view.drive), paint.STRONG), f"  {model}")
    yield paint.indent(paint.line(facts), width)
    yield paint.line("  ", block)


def card(tick: Progress, drawn: str, width: int, phase: str) -> Iterator[paint.Text]:
    """The phase and the time left; the bar and its figures; the rate as it went, where `drawn`."""
    left = _left(tick)
    room = width - _GAP - len(left)
    yield paint.line(f"  {paint.shortened(phase, room - _GAP):<{room}}", (left, paint.STRONG))
    cells = min(width - 4 * _GAP - _PERCENT - _RATE - _HEAT, _LONGEST_BAR)
    if tick.total_bytes or tick.rate_bytes_s > 0:
        done = bar(tick.done_bytes / tick.total_bytes, cells) if tick.total_bytes else ""
        figures = (_percent(tick), _rate(tick), _heat(tick))
        yield paint.line(f"  {done}", *_columns(figures, (_PERCENT, _RATE, _HEAT)))
    if drawn:
        yield paint.line("  ", (_("rate ") + drawn, paint.FAINT))


def table(
    views: Sequence[DriveView],
    ticks: Mapping[str, Progress],
    draw: Callable[[Progress, int], str],
    width: int,
    *,
    height: int = 0,
) -> Iterator[paint.Text]:
    """One row a drive; a second one where it met bad sectors, and for why a drive ended where all
    that fits into `height` rows. `draw`: the rate as it went, in at most so many cells."""
    rows = paint.lines(_table(views, ticks, draw, width, whole=True))
    if rows.plain.count("\n") >= height:
        rows = paint.lines(_table(views, ticks, draw, width, whole=False))
    yield from rows.split()


def _table(
    views: Sequence[DriveView],
    ticks: Mapping[str, Progress],
    draw: Callable[[Progress, int], str],
    width: int,
    *,
    whole: bool,
) -> Iterator[paint.Text]:
    shape = _Shape.of(views, ticks, width)
    for view in views:
        tick = ticks.get(view.key)
        serial = _tail(serial_of(view.drive), shape.serial)
        who = (f"{name_of(view.drive):<{shape.name}}", paint.STRONG)
        start: list[paint.Part] = [who, f"  {serial:<{shape.serial}}  "]
        if view.state in FINAL:
            yield _ended(paint.line(*start), view, width, whole=whole)
        elif tick is None:
            first = view.state is DriveState.CONFIRMED
            word = _("waiting") if first else wording.state(view.state)
            yield paint.line(*start, (word, paint.FAINT))
        else:
            yield paint.line(*start, *shape.row(tick, draw(tick, shape.drawn)))
        if view.medium_errors:
            yield bad_sectors(view)


def bad_sectors(view: DriveView) -> paint.Text:
    count = wording.number(view.medium_errors)
    text = _("Unreadable or unwritable sectors: {count}").format(count=count)
    return paint.line("  ", (text, paint.BAD))


def _ended(start: paint.Text, view: DriveView, width: int, *, whole: bool) -> paint.Text:
    """`whole`: why, on as many rows as that takes."""
    block, why, by = texts.verdict_block(view), detail(view), start.cell_length
    if not whole:
        why = paint.shortened(why, max(width - by - len(block[0]) - _GAP, 0))
    return start + paint.hanging(paint.line(block, f"  {why}" if why else ""), width, by)


@dataclass(frozen=True, slots=True)
class _Shape:
    """The cells of each column. `rate`, `drawn` 0: there is no room for it. `left_word`: "left"
    stands beside the time, not only above all rows."""

    name: int
    serial: int
    bar: int
    left: int
    heat: int
    rate: int
    drawn: int
    left_word: bool

    @classmethod
    def of(cls, views: Sequence[DriveView], ticks: Mapping[str, Progress], width: int) -> _Shape:
        name = max(len(name_of(view.drive)) for view in views)
        serial = min(max(len(serial_of(view.drive)) for view in views), _LONGEST_SERIAL)
        heat = _HEAT if any(tick.temperature_c is not None for tick in ticks.values()) else 0

        def shape(*, word: bool) -> _Shape:
            left = max((len(_left(tick, word=word)) for tick in ticks.values()), default=0)
            columns = (name, serial, _PHASE, _PERCENT, left, heat)
            room = width - sum(columns) - _GAP * sum(bool(column) for column in columns)
            wide = room >= 2 * (_RATE + _GAP)
            room -= _RATE + _GAP if wide else 0
            drawn = room // 2 - _GAP if wide else 0
            cells = min(room - drawn - _GAP if drawn else room, _LONGEST_BAR)
            return cls(name, serial, cells, left, heat, _RATE if wide else 0, drawn, word)

        whole = shape(word=True)
        return whole if whole.bar >= _SHORTEST_BAR else shape(word=False)

    def row(self, tick: Progress, drawn: str) -> Iterator[paint.Part]:
        yield f"{paint.shortened(phase_word(tick.phase), _PHASE):<{_PHASE}}  "
        done = bar(tick.done_bytes / tick.total_bytes, self.bar) if tick.total_bytes else ""
        yield f"{done:<{self.bar}}"
        left = _left(tick, word=self.left_word)
        figures = (_percent(tick), _rate(tick), left, _heat(tick))
        yield from _columns(figures, (_PERCENT, self.rate, self.left, self.heat))
        if self.drawn:
            yield (f"  {drawn}", paint.FAINT)


def _columns(figures: Sequence[str], widths: Sequence[int]) -> list[paint.Part]:
    """To the right in each column."""
    pairs = zip(figures, widths, strict=True)
    return [f"  {text:>{width}}" for text, width in pairs if width]


def _tail(serial: str, width: int) -> str:
    """Drives of one lot begin alike."""
    return serial if len(serial) <= width else "…" + serial[1 - width :]


def _percent(tick: Progress) -> str:
    return wording.percent(tick.done_bytes, tick.total_bytes) if tick.total_bytes else ""


def _rate(tick: Progress) -> str:
    return wording.throughput(tick.rate_bytes_s) if tick.rate_bytes_s > 0 else ""


def _left(tick: Progress, *, word: bool = True) -> str:
    if tick.left_s is None:
        return ""
    time = wording.duration(tick.left_s)
    return _("{time} left").format(time=time) if word else time


def _heat(tick: Progress) -> str:
    return "" if tick.temperature_c is None else f"{tick.temperature_c} °C"
