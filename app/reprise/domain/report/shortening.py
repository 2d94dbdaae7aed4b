"""A report within its bounds, whatever hardware and people have said: what is too long is cut
before it is signed, and the report says so.

What a drive came to was decided before (`DriveRecord.state`), and no reader's rule goes beyond that
word; that a PC does not look erased for what was left out is looked at here.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field, replace
from hashlib import sha256
from itertools import chain
from typing import Any

from reprise.domain.drives.unreached import Unreached, UnreachedKind
from reprise.domain.erasure.lifecycle import DriveState
from reprise.domain.pc.hardware import DriveIdentity
from reprise.domain.planning.techniques import Method
from reprise.domain.report.bounds import (
    KEY,
    LIST,
    LONG,
    MANY,
    TEXT,
    Many,
    Named,
    Plain,
    Record,
    Shape,
    Text,
    shape_of,
)
from reprise.domain.report.outcome import Outcome
from reprise.domain.report.report import Report, Shortened
from reprise.domain.report.report_outcome import proven, report_outcome
from reprise.domain.report.told import records

_LEAST_TEXT = 128  # characters: digests, moments and codes are shorter
_TOLD = 50  # places; how many there are in all is told behind them
_LARGEST = 2**63 - 1  # the largest whole number that a server takes
_THIS_REPORT = "report"
_LOOKS_GOOD = frozenset({Outcome.ERASED, Outcome.NO_DRIVE})


@dataclass(frozen=True, slots=True)
class Tightness:
    """The most that there may be, where no bound is below it: characters of a text, entries of a
    list, drives."""

    text: int
    entries: int
    drives: int


# What one report of many drives may need to have room in one document: first what is long gets
# shorter, and only then are drives left out. The last is small whatever it is made of.
_EVER_LESS = (
    *((LONG, MANY), (16_384, 5000), (4096, 1250), (1024, 300), (256, 75)),
    *((_LEAST_TEXT, 20), (_LEAST_TEXT, 5), (_LEAST_TEXT, 2)),
)
TIGHTER = (
    *(Tightness(text, entries, LIST) for text, entries in _EVER_LESS),
    *(Tightness(*_EVER_LESS[-1], drives) for drives in (256, 64, 16, 4)),
)
# Of these reports are judged as a whole (domain/drives/open_storage.py): a paper keeps them.
_JUDGED = frozenset({"stated", "vanished", "unreached", "warnings"})


def shortened(report: Report, how: Tightness = TIGHTER[0]) -> Report:
    """The report within its bounds and so tight: itself, where nothing is too long. A text that is
    cut ends with its length and its digest, so that no two texts become one."""
    cut = _Cut(how, _keys(report, how))
    found: Report = cut.whole(report, shape_of(Report), ())
    if found is report:
        return report
    kept = replace(found, shortened=cut.told())
    if report_outcome(kept) in _LOOKS_GOOD and report_outcome(report) not in _LOOKS_GOOD:
        kept = replace(kept, vanished=(Unreached(UnreachedKind.NOT_LISTED, _THIS_REPORT),))
    return kept


def brief(report: Report) -> Report:
    """With short texts, for a paper, whose cells end with their page. It comes to the same: where a
    text was made to look like another's short form, no text is shortened."""
    how = Tightness(_LEAST_TEXT, MANY, LIST)
    found: Report = _Cut(how, _keys(report, how), _JUDGED, texts_only=True).whole(
        report, shape_of(Report), ()
    )
    return found if _comes_to(found) == _comes_to(report) else report


def _comes_to(report: Report) -> tuple[Outcome, list[tuple[DriveState, Method]]]:
    results = (proven(record) for record in records(report))
    return report_outcome(report), [(result.state, result.achieved) for result in results]


def short_text(text: str, most: int) -> str:
    """At most that many characters; `most`: 64 or more."""
    if len(text) <= most:
        return text
    digest = sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:16]
    told = f"… ({len(text)}, SHA-256 {digest})"
    return text[: most - len(told)] + told


def _keys(report: Report, how: Tightness) -> Mapping[str, str]:
    """How a drive is called elsewhere in its report, where its identity is shortened."""
    cut = _Cut(how)
    shape = shape_of(DriveIdentity)
    every = {one.key: one for one in _identities(report)}
    told = {key: cut.whole(one, shape, ()).key for key, one in every.items()}
    return {key: new for key, new in told.items() if new != key}


def _identities(report: Report) -> Iterator[DriveIdentity]:
    planned = report.plan.drives if report.plan is not None else ()
    looked = chain(report.inventory.drives, (one.drive for one in report.gone))
    yield from (drive.identity for drive in looked)
    yield from (record.identity for record in report.drives)
    yield from (entry.drive for entry in planned)


@dataclass(slots=True)
class _Cut:
    how: Tightness
    keys: Mapping[str, str] = field(default_factory=dict)
    spared: Collection[str] = ()
    texts_only: bool = False
    places: list[Shortened] = field(default_factory=list)

    def told(self) -> tuple[Shortened, ...]:
        if len(self.places) <= _TOLD:
            return tuple(self.places)
        return (*self.places[:_TOLD], Shortened("shortened", _TOLD, len(self.places)))

    def whole(self, value: Any, shape: Shape, place: tuple[str, ...]) -> Any:
        """`value` itself, where all of it is within."""
        if isinstance(value, int | float):
            return self._number(value, place)
        if value is None or isinstance(shape, Plain):
            return value
        if isinstance(shape, Text):
            return self._text(value, shape.most, place)
        if isinstance(shape, Record):
            return self._record(value, shape, place)
        if isinstance(shape, Many):
            return self._list(value, shape, place)
        return self._mapping(value, shape, place)

    def _text(self, text: str, most: int, place: tuple[str, ...]) -> str:
        if most == KEY and text in self.keys:
            return self.keys[text]
        of_key = 3 * min(TEXT, self.how.text) + KEY - 3 * TEXT
        kept = short_text(text, of_key if most == KEY else min(most, self.how.text))
        if kept == text:
            return text
        self._tell(place, len(kept), len(text))
        return kept

    def _record(self, value: Any, shape: Record, place: tuple[str, ...]) -> Any:
        new = {}
        for name, each in shape.fields.items():
            before = getattr(value, name)
            after = before if name in self.spared else self.whole(before, each, (*place, name))
            if after is not before:
                new[name] = after
        return replace(value, **new) if new else value

    def _list(self, value: tuple[Any, ...], shape: Many, place: tuple[str, ...]) -> Any:
        most = min(shape.most, self.how.entries)
        if place[-1] in ("drives", "gone"):
            most = self.how.drives
        kept = value
        if (
            len(value) > most and not self.texts_only
        ):  # beginning and end: what came last counts most
            kept = (*value[: most // 2], *value[len(value) - most + most // 2 :])
            self._tell(place, most, len(value))
        if isinstance(shape.each, Plain):
            return kept
        new = tuple(self.whole(one, shape.each, (*place, str(at))) for at, one in enumerate(kept))
        same = len(new) == len(value) and all(map(_is, new, value))
        return value if same else new

    def _mapping(self, value: Mapping[str, Any], shape: Named, place: tuple[str, ...]) -> Any:
        most = len(value) if self.texts_only else min(shape.most, self.how.entries)
        if len(value) > most:
            self._tell(place, most, len(value))
        new = {
            self._text(name, TEXT, (*place, name)): self.whole(one, shape.each, (*place, name))
            for name, one in list(value.items())[:most]
        }
        return value if new == value else new

    def _number(self, value: float, place: tuple[str, ...]) -> int | float:
        """One on which all readers agree; what is no number becomes 0."""
        if isinstance(value, float):
            kept = value if math.isfinite(value) else 0.0
        else:
            kept = min(max(value, -_LARGEST), _LARGEST)
        if kept is not value and kept != value:
            self._tell(place, 0, 0)
        return kept

    def _tell(self, place: tuple[str, ...], kept: int, of: int) -> None:
        self.places.append(Shortened(short_text(".".join(place), _LEAST_TEXT), kept, of))


def _is(one: object, two: object) -> bool:
    return one is two
