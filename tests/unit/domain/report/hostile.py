"""Reports as hostile hardware and careless people may make them: any text, list or number of a
sound one is something else."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import is_dataclass, replace
from random import Random
from typing import Any, TypeAlias

from reprise.domain.report.bounds import (
    KEY,
    LIST,
    LONG,
    MANY,
    TEXT,
    Many,
    Named,
    Record,
    Shape,
    Text,
    shape_of,
)
from reprise.domain.report.report import Report

Path: TypeAlias = tuple[str | int, ...]

LENGTHS = (0, 1, 127, 128, 129, TEXT - 1, TEXT, TEXT + 1, KEY + 1, LONG, LONG + 1, 100_000)
COUNTS = (0, 1, LIST - 1, LIST, LIST + 1, 3000, MANY + 1)
LETTERS = ("A", "é", "\x00", "\x01", "\ud800", "\udfff", "🖴", "\u202e", '"', "\n", "<", "\u2028")
NUMBERS = (0, -1, 2**31, 2**53 + 1, 2**63 - 1, 2**63, -(2**63) - 1, 2**127, 10**40)
_MOST_LETTERS = 1_500_000  # of one list: a journal has an end, too
FLOATS = (-0.0, 1e308, -1e308, float("inf"), float("-inf"), float("nan"), 5e-324)


def places(value: Any, shape: Shape, path: Path = ()) -> Iterator[tuple[Path, Shape]]:
    """Every part of a report, of a list the first two entries."""
    if value is None:
        return
    yield path, shape
    if isinstance(shape, Record):
        for name, each in shape.fields.items():
            yield from places(getattr(value, name), each, (*path, name))
    elif isinstance(shape, Many):
        for at, one in enumerate(value[:2]):
            yield from places(one, shape.each, (*path, at))
    elif isinstance(shape, Named):
        for name in list(value)[:2]:
            yield from places(value[name], shape.each, (*path, name))


def at(value: Any, path: Path) -> Any:
    for step in path:
        value = getattr(value, str(step)) if is_dataclass(value) else value[step]
    return value


def with_part(value: Any, path: Path, new: Any) -> Any:
    """Raises ValueError where the domain has no such value."""
    if not path:
        return new
    step, rest = path[0], path[1:]
    if isinstance(value, tuple):
        assert isinstance(step, int)
        return (*value[:step], with_part(value[step], rest, new), *value[step + 1 :])
    if isinstance(value, Mapping):
        return {**value, step: with_part(value[step], rest, new)}
    return replace(value, **{str(step): with_part(getattr(value, str(step)), rest, new)})


def text(random: Random) -> str:
    length, letters = random.choice(LENGTHS), random.choices(LETTERS, k=3)
    return ("".join(letters) * (length // 3 + 1))[:length]


def instead(random: Random, value: Any, shape: Shape) -> Any:
    """What may stand there of the same type."""
    if isinstance(shape, Text) and isinstance(value, str):
        return text(random)
    if isinstance(shape, Many):
        entries = value or ((text(random),) if isinstance(shape.each, Text) else ())
        most = _MOST_LETTERS // len(repr(entries))
        return entries * min(random.choice(COUNTS), most) if entries else value
    if isinstance(shape, Named):
        count = random.choice(COUNTS)
        return {
            f"{number}{text(random)[: random.choice((0, 40, TEXT + 9))]}": "x"
            for number in range(count)
        }
    if isinstance(value, bool):
        return value
    if isinstance(value, float):
        return random.choice(FLOATS)
    return random.choice(NUMBERS) if isinstance(value, int) else value


def changed(report: Report, random: Random, times: int) -> Report:
    """With so many of its parts changed, or fewer, where the domain knows no such value."""
    for _time in range(times):
        path, shape = random.choice(list(places(report, shape_of(Report))))
        if isinstance(shape, Record) or path[-1:] in (("schema",), ("report_id",)):
            continue
        try:
            report = with_part(report, path, instead(random, at(report, path), shape))
        except ValueError:
            continue
    return report
