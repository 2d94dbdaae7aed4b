"""Whether a report that came from anywhere is within its bounds, and what it holds that this
version does not know."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from reprise.domain.report.bounds import (
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
from reprise.domain.report.report import Report

# Of what only a newer version knows: values in all, and how deep one stands in another.
OTHER_VALUES = 20_000
OTHER_DEPTH = 32
_NAMED = 20  # fields that are told by name
_MOST_NAME = 100  # characters of a name or a place, for people


@dataclass(frozen=True, slots=True)
class Others:
    """Fields that this version does not know. `count`: of all; `names`: the first few, each with
    its place. What stands in lists is named once ("drives.*.colour")."""

    count: int = 0
    names: tuple[str, ...] = ()


class BeyondBoundsError(ValueError):
    """`where`: the place of what is too long ("drives.3.identity.serial"); `found` and `most`:
    characters of a text, entries of a list or mapping."""

    def __init__(self, found: int, most: int) -> None:
        super().__init__()
        self.found, self.most = found, most
        self._place: list[str] = []

    def within(self, name: object) -> BeyondBoundsError:
        self._place.append(str(name))
        return self

    @property
    def where(self) -> str:
        return short(".".join(name[:_MOST_NAME] for name in reversed(self._place)))


def short(text: str) -> str:
    return text if len(text) <= _MOST_NAME else f"{text[: _MOST_NAME - 1]}…"


@dataclass(slots=True)
class _Look:
    count: int = 0
    names: dict[str, None] = field(default_factory=dict)
    values: int = 0

    def at(self, plain: Any, shape: Shape, place: str) -> None:
        """`plain` fits the shape already, or the place is left out."""
        if isinstance(shape, Text):
            if isinstance(plain, str):
                _check(plain, shape.most)
        elif isinstance(shape, Record):
            self._record(plain, shape, place)
        elif isinstance(shape, Many):
            self._each(enumerate(plain), len(plain), shape, place)
        elif isinstance(shape, Named):
            self._each(plain.items(), len(plain), shape, place)

    def _record(self, plain: Mapping[str, Any], shape: Record, place: str) -> None:
        for name, value in plain.items():
            known = shape.fields.get(name)
            if isinstance(known, Plain) or value is None:
                continue
            try:
                if known is None:
                    self._other(f"{place}{name[:_MOST_NAME]}", value)
                else:
                    self.at(value, known, f"{place}{name}.")
            except BeyondBoundsError as error:
                raise error.within(name) from None

    def _each(
        self, entries: Iterable[tuple[Any, Any]], count: int, shape: Many | Named, place: str
    ) -> None:
        if count > shape.most:
            raise BeyondBoundsError(count, shape.most)
        each = f"{place}*."
        for name, value in entries:
            try:
                if isinstance(name, str):
                    _check(name, TEXT)
                self.at(value, shape.each, each)
            except BeyondBoundsError as error:
                raise error.within(name) from None

    def _other(self, name: str, value: Any) -> None:
        self.count += 1
        if len(self.names) < _NAMED:
            self.names[short(name)] = None
        self._unknown(value, OTHER_DEPTH)

    def _unknown(self, value: Any, depth: int) -> None:
        self.values += 1
        if self.values > OTHER_VALUES:
            raise BeyondBoundsError(self.values, OTHER_VALUES)
        if isinstance(value, str):
            _check(value, LONG)
        elif isinstance(value, dict | list):
            if not depth:
                raise BeyondBoundsError(OTHER_DEPTH + 1, OTHER_DEPTH)
            if len(value) > MANY:
                raise BeyondBoundsError(len(value), MANY)
            for name in value if isinstance(value, dict) else ():
                _check(name, TEXT)
            for inner in value.values() if isinstance(value, dict) else value:
                self._unknown(inner, depth - 1)


def _check(text: str, most: int) -> None:
    if len(text) > most:
        raise BeyondBoundsError(len(text), most)


def others_within(plain: Mapping[str, Any]) -> Others:
    """What this version does not know of a report, from its JSON as dicts and lists, of which a
    Report can be made. Raises BeyondBoundsError at the first thing that is too long."""
    look = _Look()
    look.at(plain, shape_of(Report), "")
    return Others(look.count, tuple(look.names))
