"""The most that a report holds of anything: stations keep to it, and a server takes no more.

A text or a list without an end may keep a server busy for minutes, whoever signed it. The figures
are generous: no report that a PC and its drives truly make comes near, and reports of versions that
knew no bounds are within them. Who lowers one refuses reports that stations hold already.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields, is_dataclass
from functools import cache
from types import NoneType, UnionType
from typing import Any, TypeAlias, Union, get_args, get_origin, get_type_hints

TEXT = 4096  # characters, where nothing else is said: as long as a path of Linux may be (PATH_MAX)
# What tools and drives have said, in the fields of these names: of our own 4 KiB at most.
LONG = 65_536
_LONG = frozenset({"capabilities", "commands", "detail", "tools", "unknown", "warnings"})
KEY = 3 * TEXT + 64  # a drive's key (DriveIdentity.key): three texts and a number
LIST = 1024  # entries: drives of one PC, partitions of one drive
# What comes for as long as a drive is at work: bad sectors, pauses of a hot drive, commands.
MANY = 20_000
_MANY = frozenset({"commands", "medium_errors", "observations"})


@dataclass(frozen=True, slots=True)
class Text:
    """`most`: characters."""

    most: int


@dataclass(frozen=True, slots=True)
class Many:
    """A list. `most`: entries."""

    most: int
    each: Shape


@dataclass(frozen=True, slots=True)
class Named:
    """A mapping; a name has at most TEXT characters. `most`: entries."""

    most: int
    each: Shape


@dataclass(frozen=True, slots=True)
class Record:
    """A dataclass of ours."""

    fields: Mapping[str, Shape]


@dataclass(frozen=True, slots=True)
class Plain:
    """Numbers, booleans, and words of a list of ours: nothing to bound."""


Shape: TypeAlias = Text | Many | Named | Record | Plain


@cache
def shape_of(kind: type) -> Record:
    """What a dataclass holds, with the most of each text and list."""
    hints = get_type_hints(kind)
    return Record({one.name: _shape(hints[one.name], one.name) for one in fields(kind)})


def _shape(hint: Any, name: str) -> Shape:
    kinds = [kind for kind in _alternatives(hint) if kind is not NoneType]
    kind = str if str in kinds else kinds[0]
    most = MANY if name in _MANY else LIST
    if kind is str:
        return Text(KEY if name == "drive" else LONG if name in _LONG else TEXT)
    if get_origin(kind) is tuple:
        return Many(most, _shape(get_args(kind)[0], name))
    if get_origin(kind) is Mapping:
        return Named(LIST, _shape(get_args(kind)[1], name))
    return shape_of(kind) if is_dataclass(kind) else Plain()


def _alternatives(hint: Any) -> tuple[Any, ...]:
    return get_args(hint) if get_origin(hint) in (Union, UnionType) else (hint,)
