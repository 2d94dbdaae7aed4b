"""Erasing and installing: what is going on, honestly, until it ends by itself."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Sequence
from typing import ClassVar

from textual.binding import Binding, BindingType

from reprise import wording
from reprise.domain.lifecycle import FINAL, DriveState
from reprise.domain.progress import Progress
from reprise.i18n import _
from reprise.sentences.drives import detail
from reprise.sentences.left import pc_left
from reprise.tui import paint, texts
from reprise.tui.base import StationScreen
from reprise.tui.glyphs import bar
from reprise.tui.screens.panel import Question
from reprise.tui.sparkline import Rates
from reprise.workflow.drive_view import DriveView

_REFRESH_S = 0.5


class WorkingScreen(StationScreen):
    """A screen that is written again twice a second and that F8 stops."""

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
        session = self.station.session
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
        ask = Question(self.question(), "f8", _("Stop now"), _("Go on"))
        self.app.push_screen(ask, self._answered)

    def _answered(self, yes: bool | None) -> None:
        if yes:
            self.station.stop_work()

    def progress(self, key: str) -> Progress | None:
        session = self.station.session
        return None if session is None else session.progress.get(key)

    def bar_line(self, tick: Progress, phase: str) -> paint.Text:
        narrow, crowded = self.app.size.width < 120, self._crowded()
        width = (14 if crowded else 24) if narrow else 60
        part = tick.done_bytes / tick.total_bytes if tick.total_bytes else 0.0
        rows: list[paint.Part] = [f"  {phase}  "]
        if tick.total_bytes:
            percent = wording.percent(tick.done_bytes, tick.total_bytes)
            rows.append(f"{bar(part, width)} {percent:>7}")
        if tick.rate_bytes_s > 0:
            rows.append(f"  {wording.throughput(tick.rate_bytes_s)}")
        if tick.left_s is not None:
            rows.append("  " + _("{time} left").format(time=wording.duration(tick.left_s)))
        heat = "" if tick.temperature_c is None else f"  {tick.temperature_c} °C"
        if crowded:
            return paint.line(*rows, heat)
        second = [part for part in (heat, *self._drawn_rate(tick)) if part]
        return paint.lines([paint.line(*rows), *([paint.line(*second)] if second else [])])

    def _crowded(self) -> bool:
        """Whether each drive gets as few lines as possible: all are to be on the screen."""
        return len(self.state.working) * 4 + 6 > self.app.size.height

    def _drawn_rate(self, tick: Progress) -> tuple[paint.Part, ...]:
        rates = self._rates.get((tick.drive, tick.phase))
        drawn = rates.row(min(self.room - 24, 120)) if rates is not None else ""
        return ("  ", (_("rate ") + drawn, paint.FAINT)) if drawn.strip() else ()


class ErasingScreen(WorkingScreen):
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
        return _(
            "Stop the erasure? The drives that are not finished will be INTERRUPTED, not erased."
        )

    def show(self) -> None:
        rows = [
            paint.line(
                (pc_left(self.station.session, self.station.tools.local_time), paint.STRONG)
            ),
            paint.line(""),
        ]
        for view in self.state.working:
            rows += [texts.drive_title(view), self._status(view)]
            if view.medium_errors:
                rows.append(self._errors(view))
            if not self._crowded():
                rows.append(paint.line(""))
        self.put(paint.lines(rows))

    def _errors(self, view: DriveView) -> paint.Text:
        count = wording.number(view.medium_errors)
        return paint.line(
            "  ", (_("Unreadable or unwritable sectors: {count}").format(count=count), paint.BAD)
        )

    def _status(self, view: DriveView) -> paint.Text:
        if view.state in FINAL:
            return paint.lines(
                (texts.verdict(view), paint.indent(paint.line(detail(view)), self.room))
            )
        tick = self.progress(view.key)
        if view.state is DriveState.CONFIRMED and tick is None:
            return paint.line("  ", (_("waiting"), paint.FAINT))
        if tick is None:
            return paint.line("  ", wording.state(view.state))
        return self.bar_line(tick, f"{wording.code(tick.phase):<10}")


class InstallingScreen(WorkingScreen):
    def title_text(self) -> str:
        return _("Installing")

    def help_text(self) -> str:
        return _(
            "The new system is being copied onto the erased drive. F8 asks whether to stop; the"
            " PC would not start by itself then. The report is signed and stored afterwards."
        )

    def question(self) -> str:
        return _("Stop the installation? The PC will not start by itself then.")

    def show(self) -> None:
        install = self.state.install
        if install is None:
            self.put(paint.line(_("One moment…")))
            return
        view = self.state.drive(install.drive)
        rows = [paint.line((f"{install.image} {install.image_version}", paint.STRONG))]
        if view is not None:
            rows.append(texts.drive_title(view))
        tick = self.progress(install.drive)
        if install.ok is not None:
            rows.append(paint.line("\n", _("Signing the report…")))
        elif tick is not None and tick.phase == "install":
            rows.append(self.bar_line(tick, f"{wording.code(tick.phase):<10}"))
        self.put(paint.lines(rows))
