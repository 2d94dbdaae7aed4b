"""What happened to one drive, in order and short: attempts that failed, a drive that lied, what was
cut off and taken up again."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from reprise import wording
from reprise.domain.erasure.lifecycle import DriveState
from reprise.domain.report.events import Observation
from reprise.domain.report.outcome import lie
from reprise.domain.report.report import AttemptRecord
from reprise.i18n import _
from reprise.sentences.drives import detail, name_of, unproven
from reprise.workflow.session.drive_view import DriveView

_NOT_TRIED = (DriveState.REFUSED, DriveState.DETECTED, DriveState.PLANNED, DriveState.CONFIRMED)


def story(view: DriveView) -> str:
    """Of a drive that came to its end; one or two lines where nothing went wrong."""
    attempts = view.fold.attempts
    if view.state in _NOT_TRIED or not attempts:
        return detail(view)
    end = detail(view)
    if view.state is not DriveState.SANITIZED:
        end = _named(attempts[-1], wording.series((*_doubts(attempts[-1].observations), end)))
    told = (*_before(attempts), *(_step(attempt, _size(view)) for attempt in attempts[:-1]))
    return _then((*told, *_resumed(attempts[-1], _size(view)), end))


def steps(view: DriveView) -> Iterator[str]:
    """The same at length, an attempt a line, and what it came to."""
    size = _size(view)
    yield from _before(view.fold.attempts)
    told = ""
    for attempt in view.fold.attempts:
        told = wording.series((*_resumed(attempt, size), _step(attempt, size), _counted(attempt)))
        yield told
    if (end := detail(view)) not in told:
        yield end


def _counted(one: AttemptRecord) -> str:
    written, verified = (
        text.format(size=wording.size(count)) if count else ""
        for text, count in (
            (_("{size} written"), one.written_bytes),
            (_("{size} read back"), one.verified_bytes),
        )
    )
    return wording.join((written, verified))


def not_proven(views: Sequence[DriveView]) -> Iterator[tuple[str, str]]:
    """(names of the drives, "" for a PC of one; what stays unproven of each of them), one for all
    that are alike: it is long."""
    alike: dict[tuple[str, ...], list[str]] = {}
    for view in views:
        if view.limitations:
            alike.setdefault(view.limitations, []).append(name_of(view.drive))
    for limitations, names in alike.items():
        yield wording.join(names) if len(views) > 1 else "", unproven(limitations)


def _then(told: Sequence[str]) -> str:
    return _("; then ").join(told)


def _named(one: AttemptRecord, text: str) -> str:
    technique = wording.technique(one.attempt.technique)
    return _("{name}: {value}").format(name=technique, value=text)


def _before(attempts: Sequence[AttemptRecord]) -> Iterator[str]:
    """What earlier sessions saw of an erasure that goes on in this one."""
    for text in _doubts(attempts[0].earlier if attempts else ()):
        yield _("in an earlier session, {event}").format(event=text)


def _step(one: AttemptRecord, size_bytes: int) -> str:
    doubts = _doubts(one.observations)
    if doubts:
        return _named(one, doubts[0])
    if one.verdict is None or one.interrupted is not None:
        cause = wording.code(one.interrupted or "power-cut")
        at = wording.percent(one.written_bytes, size_bytes)
        return _named(one, _("cut off at {percent} ({cause})").format(percent=at, cause=cause))
    cause = wording.leading(one.reasons)
    return _named(one, wording.code(cause) if cause else wording.verdict(one.verdict))


def _doubts(seen: Sequence[Observation]) -> tuple[str, ...]:
    if not lie(seen):
        return ()
    return (_("the drive said that it was done, but data was still on it"),)


def _resumed(one: AttemptRecord, size_bytes: int) -> tuple[str, ...]:
    if not one.resumed_from_bytes:
        return ()
    at = wording.percent(one.resumed_from_bytes, size_bytes)
    return (_("taken up again at {percent}").format(percent=at),)


def _size(view: DriveView) -> int:
    return view.fold.record().found_bytes
