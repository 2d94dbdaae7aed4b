"""Erasing and installing: what is going on, honestly, until it ends by itself."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterator, Sequence
from typing import ClassVar

from textual.binding import Binding, BindingType

from reprise import wording
from reprise.domain.erasure.lifecycle import FINAL, DriveState
from reprise.domain.erasure.progress import Progress
from reprise.i18n import _
from reprise.sentences.done import installed_name
from reprise.sentences.drives import detail
from reprise.sentences.time_left import pc_left
from reprise.sentences.working import stop_erasure, stop_installation, sum_text, worst_first
from reprise.tui import steps_column
from reprise.tui.base import StationScreen
from reprise.tui.drawing import drive_rows, paint, texts
from reprise.tui.drawing.sparkline import Rates
from reprise.tui.screens.panel import Question
from reprise.workflow.session.drive_view import DriveView

_REFRESH_S = 0.5
_FRAME_ROWS = 6  # head, padding, the stick's line (two where it warns), keys, a blank row
_TABLE = 120  # columns of a screen on which a table has all of its own
_CARD_ROWS, _AROUND = 5, 7  # with the rate and a blank row; head, time left, keys …


class WorkingScreen(StationScreen):
    """A screen that is written again twice a second and that F8 stops."""

    ASIDE = True
    BINDINGS: ClassVar[list[BindingType]] = [Binding("f8", "ask_stop", show=False)]

    def __init__(self) -> None:
        super().__init__()
        self._rates: dict[tuple[str, str], Rates] = {}  # of a drive in a phase

    def on_mount(self) -> None:
        super().on_mount()
        self.set_interval(_REFRESH_S, self._tick)

    def _tick(self) -> None:
        self._sample()
        if self.is_current:
            self.show()

    def _sample(self) -> None:
        session = self.station.engine
        for tick in () if session is None else session.progress.values():
            self._rates.setdefault((tick.drive, tick.phase), Rates()).add(tick.rate_bytes_s)

    def actions(self) -> Sequence[tuple[str, str]]:
        return (("F8", _("Stop")), ("F11", _("Large")))

    def action_forward(self) -> None:
        """Goes on by itself."""

    def action_back(self) -> None:
        """There is no way back from here."""

    @abstractmethod
    def question(self) -> str: ...

    def action_ask_stop(self) -> None:
        ask = Question(self.question(), _("Stop now"), _("Go on"))
        self.app.push_screen(ask, self._answered)

    def _answered(self, yes: bool | None) -> None:
        if yes:
            self.station.stop_work()

    def progress(self, key: str) -> Progress | None:
        session = self.station.engine
        return None if session is None else session.progress.get(key)

    def card(self, tick: Progress, *, roomy: bool = True) -> Iterator[paint.Text]:
        drawn = self.drawn(tick, min(self.room - 24, 120)) if roomy else ""
        return drive_rows.card(tick, drawn, self.room, wording.code(tick.phase))

    def drawn(self, tick: Progress, width: int) -> str:
        """The rate as it went; "" while there is nothing to see."""
        rates = self._rates.get((tick.drive, tick.phase))
        return rates.row(width).strip() if rates is not None and width > 0 else ""


class ErasingScreen(WorkingScreen):
    @property
    def beside(self) -> bool:
        """A table of many drives needs the width of its columns first."""
        many = len(self.state.working) > texts.MANY
        return super().beside and (not many or self.app.size.width >= _TABLE + steps_column.WIDTH)

    def title_text(self) -> str:
        return _("Erasing")

    def help_text(self) -> str:
        return _(
            "Use the time to check the PC's functions with F3, or go on to the next PC: this one"
            " erases, verifies, installs and signs its report by itself. F8 asks whether to stop; a"
            " drive that is stopped is INTERRUPTED, never erased. After a power cut, start again"
            " from the stick."
        )

    def question(self) -> str:
        return stop_erasure()

    def show(self) -> None:
        head = paint.lines((*self._head(), paint.line("")))
        height = self.app.size.height - _FRAME_ROWS - head.plain.count("\n") - 1
        self.put(paint.lines((head, *self._drives(height))))

    def _head(self) -> Iterator[paint.Text]:
        left = pc_left(self.station.engine, self.station.tools.local_time)
        yield paint.indent(paint.line((left, paint.STRONG)), self.room, 0)
        if len(self.state.working) > texts.MANY:
            yield paint.line(sum_text(self.state.working))

    def _drives(self, height: int) -> Iterator[paint.Text]:
        views = worst_first(self.state.working)
        if len(views) > texts.MANY:
            ticks = {view.key: tick for view in views if (tick := self.progress(view.key))}
            yield from drive_rows.table(views, ticks, self.drawn, self.room, height=height)
            return
        roomy = len(views) * _CARD_ROWS + _AROUND <= self.app.size.height
        for view in views:
            yield drive_rows.title(view, self.room)
            yield from self._status(view, roomy=roomy)
            if view.medium_errors:
                yield drive_rows.bad_sectors(view)
            if roomy:
                yield paint.line("")

    def _status(self, view: DriveView, *, roomy: bool) -> Iterator[paint.Text]:
        tick = self.progress(view.key)
        if view.state in FINAL:
            yield texts.verdict(view)
            yield paint.indent(paint.line(detail(view)), self.room)
        elif tick is None:
            waits = view.state is DriveState.CONFIRMED
            word = _("waiting") if waits else wording.state(view.state)
            yield paint.line("  ", (word, paint.FAINT))
        else:
            yield from self.card(tick, roomy=roomy)


class InstallingScreen(WorkingScreen):
    def title_text(self) -> str:
        return _("Installing")

    def help_text(self) -> str:
        return _(
            "The new system is being copied onto the erased drive. F8 asks whether to stop; the"
            " drive would not start the PC then. The report is signed and stored afterwards."
        )

    def question(self) -> str:
        return stop_installation()

    def show(self) -> None:
        install = self.state.install
        if install is None:
            self.put(paint.line(_("One moment…")))
            return
        view = self.state.drive(install.drive)
        rows = [paint.line((installed_name(self.station.status, install), paint.STRONG))]
        if view is not None:
            rows.append(drive_rows.title(view, self.room))
        tick = self.progress(install.drive)
        if install.ok is not None:
            rows.append(paint.line("\n", _("Signing the report…")))
        elif tick is not None and tick.phase == "install":
            rows += [paint.line(""), *self.card(tick)]
        self.put(paint.lines(rows))
