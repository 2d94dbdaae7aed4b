"""What time it is: what the host's clock says, but while a demonstration is made, whose year passes
in seconds. Receipts, the trail of changes and what has an end are dated by it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

_played: list[datetime] = []  # of a process that serves nobody yet


def now() -> datetime:
    """In UTC."""
    return _played[-1] if _played else datetime.now(UTC)


@contextmanager
def played_at(moment: datetime) -> Iterator[None]:
    """For server/demo alone."""
    _played.append(moment)
    try:
        yield
    finally:
        _played.pop()
