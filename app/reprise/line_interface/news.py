"""What is said while drives are erased: every change of state at once, progress seldom. A voice
that never stops is not listened to."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime

from reprise import wording
from reprise.domain.erasure.lifecycle import FINAL, DriveState
from reprise.domain.erasure.progress import Progress
from reprise.i18n import _
from reprise.line_interface.shown import labelled, outcome
from reprise.sentences.drives import name_of
from reprise.sentences.time_left import pc_left
from reprise.workflow.engine.port import EngineClient
from reprise.workflow.session.drive_view import DriveView
from reprise.workflow.session.state import SessionState

PAUSE_S = 30.0  # at least, between two words on progress
SILENCE_S = 600.0  # at most, while nothing else is said: is it still at work?
_STEPS = 10  # progress is news at each tenth


class News:
    """Remembers what was said. `local_time`: see sentences.time_left."""

    def __init__(self, local_time: Callable[[str], datetime | None]) -> None:
        self._local_time = local_time
        self._states: dict[str, DriveState] = {}
        self._errors: set[str] = set()
        self._steps: dict[tuple[str, str], int] = {}
        self._install: object = None
        self._sealing = False
        self._said_s: float | None = None

    def since(self, engine: EngineClient, now_s: float) -> Iterator[str]:
        """What is new, once."""
        state = engine.state
        yield from self.changes(state)
        yield from self._installing(state)
        if self._said_s is None:
            self._said_s = now_s
        crossed = self._crossed(engine)
        quiet_s = now_s - self._said_s
        if (crossed and quiet_s >= PAUSE_S) or quiet_s >= SILENCE_S:
            self._said_s = now_s
            self._steps.update(crossed)
            keys = {key for key, _phase in crossed}
            yield from self.where(engine, keys or None)

    def where(self, engine: EngineClient, keys: set[str] | None = None) -> Iterator[str]:
        """How far each drive is (None: all), and how long it still takes."""
        for view in engine.state.working:
            if keys is None or view.key in keys:
                yield _how_far(view, engine.progress.get(view.key))
        install = engine.state.install
        if install is None:
            yield pc_left(engine, self._local_time)
        elif install.ok is None:
            tick = engine.progress.get(install.drive)
            yield _installing(tick if tick is not None and tick.phase == "install" else None)

    def changes(self, state: SessionState) -> Iterator[str]:
        """Of the drives' states and bad sectors, once."""
        for view in state.working:
            if self._states.get(view.key) is not view.state:
                self._states[view.key] = view.state
                yield _how_far(view, None)
            if view.medium_errors and view.key not in self._errors:
                self._errors.add(view.key)
                count = wording.number(view.medium_errors)
                text = _("Unreadable or unwritable sectors: {count}").format(count=count)
                yield labelled(name_of(view.drive), text)

    def _installing(self, state: SessionState) -> Iterator[str]:
        if state.install != self._install:
            self._install = state.install
            if state.install is not None and state.install.ok is None:
                yield _installing(None)
        finished = state.install is None or state.install.ok is not None
        if state.install is not None and finished and not self._sealing:
            self._sealing = True
            yield _("Signing the report…")

    def _crossed(self, engine: EngineClient) -> dict[tuple[str, str], int]:
        """The drives that are a tenth further than when they were last announced."""
        crossed = {}
        for key, tick in engine.progress.items():
            step = _STEPS * tick.done_bytes // tick.total_bytes if tick.total_bytes else 0
            if step > self._steps.setdefault((key, tick.phase), step):
                crossed[key, tick.phase] = step
        return crossed


def _how_far(view: DriveView, tick: Progress | None) -> str:
    if view.state in FINAL:
        return outcome(view)
    name = name_of(view.drive)
    if tick is None or not tick.total_bytes:
        return labelled(name, wording.state(view.state))
    return labelled(name, wording.code(tick.phase), *_figures(tick))


def _installing(tick: Progress | None) -> str:
    figures = () if tick is None or not tick.total_bytes else tuple(_figures(tick))
    return ", ".join((_("Installing"), *figures))


def _figures(tick: Progress) -> Iterator[str]:
    yield wording.percent(tick.done_bytes, tick.total_bytes)
    if tick.left_s is not None:
        yield _("{time} left").format(time=wording.duration(tick.left_s))
    if tick.temperature_c is not None:
        yield f"{tick.temperature_c} °C"
