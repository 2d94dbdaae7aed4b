"""One word of a report, told otherwise. A report is its JSON, as plain Python values."""

from __future__ import annotations

import copy
import importlib
import pkgutil
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cache
from random import Random
from typing import Any

import reprise.domain

Path = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Edit:
    """`how`: "set" to `value`, "drop" or "add" (an entry of a list, before the others or after)."""

    path: Path
    how: str
    value: Any = None

    @property
    def place(self) -> str:
        """Without the numbers: one word for all entries of a list."""
        return pattern(self.path)

    def __str__(self) -> str:
        where = ".".join(map(str, self.path))
        return f"{self.how} {where}" + ("" if self.how == "drop" else f" = {self.value!r:.200}")

    def apply(self, document: Any) -> Any:
        """Another document, which shares what is the same. Raises LookupError or TypeError where an
        earlier edit took its place away."""
        told = copy.copy(document)
        *way, last = self.path
        node = told
        for step in way:
            node[step] = copy.copy(node[step])
            node = node[step]
        if self.how == "set":
            node[last] = self.value
        elif self.how == "drop":
            del node[last]
        elif isinstance(node[last], list):
            node[last] = [*node[last], self.value]
        else:
            raise LookupError(last)
        return told


def pattern(path: Iterable[str | int]) -> str:
    return ".".join("*" if isinstance(step, int) else step for step in path)


def nodes(document: Any, path: Path = ()) -> Iterator[tuple[Path, Any]]:
    """Each value of a document and the way to it, the whole first."""
    yield path, document
    inner: Iterable[tuple[str | int, Any]] = ()
    if isinstance(document, dict):
        inner = document.items()
    elif isinstance(document, list):
        inner = enumerate(document)
    for step, value in inner:
        yield from nodes(value, (*path, step))


@cache
def _siblings() -> dict[str, tuple[str, ...]]:
    """For each word of the domain's enumerations, the others of those that know it."""
    found: defaultdict[str, set[str]] = defaultdict(set)
    for module in pkgutil.walk_packages(reprise.domain.__path__, "reprise.domain."):
        for thing in vars(importlib.import_module(module.name)).values():
            if isinstance(thing, type) and issubclass(thing, StrEnum) and thing is not StrEnum:
                words = {member.value for member in thing}
                for word in words:
                    found[word] |= words - {word}
    return {word: tuple(sorted(others)) for word, others in found.items()}


@dataclass(slots=True)
class Vocabulary:
    """What stands at each place of some reports: the values that another may take there."""

    most: int = 12
    _values: dict[str, list[Any]] = field(default_factory=lambda: defaultdict(list))
    _known: set[tuple[str, str]] = field(default_factory=set)

    def learn(self, document: Any) -> None:
        for path, value in nodes(document):
            place = pattern(path)
            word = repr(value)
            if path and (place, word) not in self._known:
                self._known.add((place, word))
                self._values[place].append(value)

    def at(self, place: str, dice: Random) -> list[Any]:
        """At most `most` of them."""
        known = self._values.get(place, [])
        return known if len(known) <= self.most else dice.sample(known, self.most)


def edits(document: Any, words: Vocabulary, dice: Random) -> Iterator[Edit]:
    """Every place of the document, each told otherwise in each way that there is a word for."""
    for path, value in nodes(document):
        if not path:
            continue
        if isinstance(path[-1], str) or isinstance(value, dict | list):
            yield Edit(path, "drop")
        told = [*_other(value), *words.at(pattern(path), dice)]
        for other in _distinct(told, value):
            yield Edit(path, "set", other)
        if isinstance(value, list):
            for entry in (*value, *words.at(pattern((*path, 0)), dice)):
                yield Edit(path, "add", entry)
                yield from (Edit(path, "add", one) for one in _other_entries(entry))


def _distinct(told: Iterable[Any], but: Any) -> Iterator[Any]:
    seen = {repr(but)}
    for value in told:
        if repr(value) not in seen:
            seen.add(repr(value))
            yield value


def _other(value: Any) -> list[Any]:
    if isinstance(value, bool):
        return [not value]
    if isinstance(value, int):
        other_kinds = [str(value), float(value), 1e18, True]
        return [0, 1, -1, value - 1, value + 1, value // 2, value * 2, value + 512, *other_kinds]
    if isinstance(value, float):
        return [0.0, -1.0, value * 2]
    if isinstance(value, str):
        numbers = [str(2 * int(value)), "+" + value, 25 * "9"] if value.isdecimal() else []
        name, bar, size = value.rpartition("|")  # of a drive's key
        numbers += [f"{name}|{2 * int(size)}", f"{name}|?"] if bar and size.isdecimal() else []
        return ["", value + "x", *numbers, *_siblings().get(value, ())]
    if isinstance(value, list) and len(value) > 1:
        return [[], value[::-1], [*value[1:], value[0]]]
    return [[] if isinstance(value, list) else {}] if value else []


def _other_entries(entry: Any) -> Iterator[Any]:
    """An entry (an observation, a place) with another word for each that it has."""
    if isinstance(entry, str):
        yield from _siblings().get(entry, ())
    elif isinstance(entry, dict):
        for name, value in entry.items():
            others = _siblings().get(value, ()) if isinstance(value, str) else ()
            yield from ({**entry, name: other} for other in others)
