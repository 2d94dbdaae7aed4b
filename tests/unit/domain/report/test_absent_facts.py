"""What is None is left out of every document: whoever reads it must be able to do without."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import MISSING, dataclass, fields, is_dataclass
from types import UnionType
from typing import Any, Union, get_args, get_origin, get_type_hints

import pytest

from reprise.domain.report.events import Event, Stamped
from reprise.domain.report.report import Report
from reprise.workflow.engine.port import Leave, Order, StationStatus
from reprise.workflow.engine.protocol import Answer, Ask, Hello, News, Refused

ROOTS = (
    Report,
    Stamped,
    *get_args(Event),
    StationStatus,
    Order,
    Leave,
    Hello,
    Ask,
    Answer,
    News,
    Refused,
)


def _dataclasses(root: Any, seen: set[type]) -> Iterator[type]:
    """All that a type is made of."""
    if is_dataclass(root) and isinstance(root, type) and root not in seen:
        seen.add(root)
        yield root
        for hint in get_type_hints(root).values():
            yield from _dataclasses(hint, seen)
    for part in get_args(root):
        yield from _dataclasses(part, seen)


def unreadable(root: Any) -> set[str]:
    """Fields that may be None, and so absent, but that a reader asks for."""
    return {
        f"{kind.__name__}.{one.name}"
        for kind in _dataclasses(root, set())
        for one in fields(kind)
        if get_origin(get_type_hints(kind)[one.name]) in (Union, UnionType)
        and type(None) in get_args(get_type_hints(kind)[one.name])
        and (one.default, one.default_factory) == (MISSING, MISSING)
    }


@pytest.mark.parametrize("root", ROOTS, ids=lambda kind: kind.__name__)
def test_whatever_may_be_absent_has_a_default(root: type) -> None:
    assert unreadable(root) == set()


def test_a_fact_without_a_default_is_found_however_deep() -> None:
    assert unreadable(_Outer) == {"_Inner.fact"}


@dataclass(frozen=True)
class _Inner:
    fact: int | None
    other: int | None = None


@dataclass(frozen=True)
class _Outer:
    parts: tuple[_Inner, ...]
