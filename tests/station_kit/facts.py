"""`dataclasses.replace` for a test that names the facts to change as data."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

T = TypeVar("T", bound="DataclassInstance")


def with_facts(one: T, /, **facts: object) -> T:
    """Raises TypeError where it has no such fact."""
    return replace(one, **facts)
